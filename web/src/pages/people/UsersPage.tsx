/** 账号. Accounts with their roles and unit; a new password is shown once, to be handed over. */
import { ALL_ROLES, ROLES, type Role, sideOf } from "@jiesu/core/ticket/role.ts";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Checkbox, Input, Select } from "antd";
import { type FormEvent, useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { unitsQuery } from "../../api/queries.ts";
import { hasRole, useSession } from "../../api/session.ts";
import type { User } from "../../api/types.ts";
import { ADMIN } from "../../texts/admin.ts";
import { PEOPLE } from "../../texts/people.ts";
import { T } from "../../texts.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { minuteText } from "../../ui/dates.ts";
import { Field } from "../../ui/Field.tsx";
import { PageShell } from "../../ui/PageShell.tsx";
import { EmptyState, Failed, Loading, Notice } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { say, sayWrong } from "../../ui/toasts.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { rolesQuery, usersQuery } from "./queries.ts";
import "./people.css";

interface Handed {
  readonly login: string;
  readonly name: string;
  readonly password: string;
}

export default function UsersPage() {
  const session = useSession();
  const queries = useQueryClient();
  const users = useQuery(usersQuery);
  const [words, setWords] = useState("");
  const [editing, setEditing] = useState<User | "new" | null>(null);
  const [resetting, setResetting] = useState<User | null>(null);
  const [handed, setHanded] = useState<Handed | null>(null);
  const edits = hasRole(session, "sysadmin");
  const shown = (users.data ?? []).filter((user) =>
    [user.login, user.name, user.unit?.name ?? "", ...user.roles.map((r) => r.zh)].some((t) =>
      t.includes(words.trim()),
    ),
  );
  const done = (password: Handed | null) => {
    setEditing(null);
    setResetting(null);
    setHanded(password);
    void queries.invalidateQueries({ queryKey: usersQuery.queryKey });
  };
  const act = async (work: () => Promise<string>) => {
    try {
      say(await work());
    } catch (thrown) {
      sayWrong(sentenceOf(thrown));
    }
    void queries.invalidateQueries({ queryKey: usersQuery.queryKey });
  };
  const turn = (user: User) =>
    act(async () => {
      const body = { active: !user.active, version: user.version };
      await bodyOf(http.PATCH("/api/users/{id}", { params: { path: { id: user.id } }, body }));
      return PEOPLE.saved(user.name);
    });
  const signOut = (user: User) =>
    act(async () => {
      const { ended } = await bodyOf(
        http.POST("/api/users/{id}/sign-out", { params: { path: { id: user.id } } }),
      );
      return ADMIN.signedOut(user.name, ended);
    });
  const columns: Column<User>[] = [
    { key: "login", title: T.session.login, nowrap: true, cell: (user) => user.login },
    { key: "name", title: PEOPLE.name, nowrap: true, cell: (user) => user.name },
    { key: "roles", title: PEOPLE.roles, cell: (user) => user.roles.map((r) => r.zh).join("、") },
    { key: "unit", title: PEOPLE.unit, nowrap: true, cell: (user) => user.unit?.name ?? PEOPLE.centre },
    {
      key: "state",
      title: PEOPLE.state,
      nowrap: true,
      cell: (user) =>
        !user.active ? (
          <Tag>{PEOPLE.off}</Tag>
        ) : user.lockedUntil ? (
          <Tag tone="strong">{PEOPLE.locked}</Tag>
        ) : (
          PEOPLE.on
        ),
    },
    {
      key: "last",
      title: ADMIN.lastSignIn,
      nowrap: true,
      cell: (user) => (user.lastSignInAt ? minuteText(user.lastSignInAt) : ADMIN.never),
    },
    {
      key: "online",
      title: ADMIN.online,
      nowrap: true,
      cell: (user) => (user.sessions > 0 ? ADMIN.onlineAt(user.sessions) : ""),
    },
    {
      key: "do",
      title: PEOPLE.actions,
      nowrap: true,
      cell: (user) => (
        <span className="row-actions">
          {edits && (
            <Button type="link" onClick={() => setEditing(user)}>
              {PEOPLE.edit}
            </Button>
          )}
          <Button type="link" onClick={() => setResetting(user)}>
            {PEOPLE.reset}
          </Button>
          <Button type="link" onClick={() => void turn(user)}>
            {user.active ? ADMIN.turnOff : ADMIN.turnOn}
          </Button>
          {user.sessions > 0 && (
            <Button type="link" onClick={() => void signOut(user)}>
              {ADMIN.signOutAll}
            </Button>
          )}
        </span>
      ),
    },
  ];
  return (
    <PageShell
      title={T.nav.users}
      about={PEOPLE.usersAbout}
      actions={
        <>
          <Input
            className="page-search"
            type="search"
            aria-label={PEOPLE.findUser}
            placeholder={PEOPLE.findUser}
            allowClear
            value={words}
            onChange={(e) => setWords(e.target.value)}
          />
          {edits && (
            <Button type="primary" onClick={() => setEditing("new")}>
              {PEOPLE.addUser}
            </Button>
          )}
        </>
      }
    >
      {users.isPending ? (
        <Loading what={T.loading} />
      ) : users.isError ? (
        <Failed sentence={sentenceOf(users.error)} retry={() => void users.refetch()} />
      ) : shown.length === 0 ? (
        <EmptyState title={PEOPLE.noUser} />
      ) : (
        <div className="card">
          <WorkTable label={T.nav.users} columns={columns} rows={shown} rowKey={(user) => user.id} />
        </div>
      )}
      {editing && (
        <UserDialog
          user={editing === "new" ? null : editing}
          onClose={() => setEditing(null)}
          onDone={done}
        />
      )}
      {resetting && <ResetDialog user={resetting} onClose={() => setResetting(null)} onDone={done} />}
      {handed && <PasswordDialog handed={handed} onClose={() => setHanded(null)} />}
    </PageShell>
  );
}

function UserDialog(props: {
  user: User | null;
  onClose: () => void;
  onDone: (handed: Handed | null) => void;
}) {
  const { user } = props;
  const units = useQuery(unitsQuery);
  const [login, setLogin] = useState(user?.login ?? "");
  const [name, setName] = useState(user?.name ?? "");
  const [roles, setRoles] = useState<readonly Role[]>(() =>
    ALL_ROLES.filter((r) => user?.roles.some((held) => held.role === r)),
  );
  const [unitId, setUnitId] = useState<string | null>(user?.unit?.id ?? null);
  const [active, setActive] = useState(user?.active ?? true);
  const [refused, setRefused] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const ofUnit = roles.some((role) => sideOf(role) === "unit");
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setRefused(null);
    const post = {
      name: name.trim(),
      roles: roles.filter((r) => r !== "importer"),
      unitId: ofUnit ? unitId : null,
    };
    try {
      if (user === null) {
        const made = await bodyOf(http.POST("/api/users", { body: { login: login.trim(), ...post } }));
        props.onDone({ login: made.user.login, name: made.user.name, password: made.password });
      } else {
        await bodyOf(
          http.PATCH("/api/users/{id}", {
            params: { path: { id: user.id } },
            body: { ...post, active, version: user.version },
          }),
        );
        say(PEOPLE.saved(user.name));
        props.onDone(null);
      }
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
      setBusy(false);
    }
  };
  return (
    <Dialog title={user ? PEOPLE.editUser(user.name) : PEOPLE.addUser} onClose={props.onClose} width={560}>
      <form onSubmit={save}>
        {user === null && (
          <Field label={T.session.login} required hint={PEOPLE.loginRule}>
            {(control) => (
              <Input {...control} autoFocus value={login} onChange={(e) => setLogin(e.target.value)} />
            )}
          </Field>
        )}
        <Field label={PEOPLE.name} required>
          {(control) => <Input {...control} value={name} onChange={(e) => setName(e.target.value)} />}
        </Field>
        {(["centre", "unit", "admin"] as const).map((side) => (
          <fieldset key={side} className="choices field-gap">
            <legend className="field-label">{PEOPLE.sides[side]}</legend>
            {ALL_ROLES.filter((role) => sideOf(role) === side).map((role) => (
              <Checkbox
                key={role}
                checked={roles.includes(role)}
                onChange={(e) =>
                  setRoles(e.target.checked ? [...roles, role] : roles.filter((r) => r !== role))
                }
              >
                {ROLES[role].zh}
              </Checkbox>
            ))}
          </fieldset>
        ))}
        {ofUnit && (
          <div className="field-gap">
            <Field label={PEOPLE.unit} required>
              {(control) => (
                <Select
                  {...control}
                  style={{ width: "100%" }}
                  showSearch={{ optionFilterProp: "label" }}
                  value={unitId}
                  options={(units.data ?? []).map((u) => ({ value: u.id, label: u.name }))}
                  onChange={setUnitId}
                />
              )}
            </Field>
          </div>
        )}
        {user && (
          <div className="field-gap">
            <Checkbox checked={active} onChange={(e) => setActive(e.target.checked)}>
              {PEOPLE.mayEnter}
            </Checkbox>
          </div>
        )}
        <MayDo roles={roles} />
        <p className="quiet field-gap">{PEOPLE.exclusive}</p>
        {refused && <Notice tone="wrong">{refused}</Notice>}
        <div className="dialog-foot">
          <Button onClick={props.onClose}>{T.cancel}</Button>
          <Button type="primary" htmlType="submit" loading={busy}>
            {T.save}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** What the chosen roles may do, in words of the house. */
function MayDo({ roles }: { roles: readonly Role[] }) {
  const matrix = useQuery(rolesQuery);
  const may = (matrix.data?.areas ?? [])
    .map((area) => ({
      zh: area.zh,
      acts: [
        ...new Set(
          area.rows.filter((r) => r.writes && roles.some((role) => r.roles.includes(role))).map((r) => r.zh),
        ),
      ],
    }))
    .filter((area) => area.acts.length > 0 && area.zh !== "个人");
  if (roles.length === 0 || may.length === 0) return null;
  return (
    <details className="field-gap may-do">
      <summary>{ADMIN.may}</summary>
      <dl className="facts">
        {may.map((area) => (
          <div key={area.zh} style={{ display: "contents" }}>
            <dt>{area.zh}</dt>
            <dd>{area.acts.join("、")}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

function ResetDialog(props: { user: User; onClose: () => void; onDone: (handed: Handed) => void }) {
  const [busy, setBusy] = useState(false);
  const reset = async () => {
    setBusy(true);
    try {
      const made = await bodyOf(
        http.POST("/api/users/{id}/password", { params: { path: { id: props.user.id } } }),
      );
      props.onDone({ login: made.user.login, name: made.user.name, password: made.password });
    } catch (thrown) {
      sayWrong(sentenceOf(thrown));
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={PEOPLE.resetOf(props.user.name)}
      onClose={props.onClose}
      width={440}
      footer={
        <>
          <Button onClick={props.onClose}>{T.cancel}</Button>
          <Button type="primary" loading={busy} onClick={() => void reset()}>
            {PEOPLE.reset}
          </Button>
        </>
      }
    >
      {PEOPLE.resetAbout}
    </Dialog>
  );
}

function PasswordDialog({ handed, onClose }: { handed: Handed; onClose: () => void }) {
  return (
    <Dialog
      title={PEOPLE.newPasswordOf(handed.name)}
      onClose={onClose}
      width={440}
      footer={
        <Button type="primary" onClick={onClose}>
          {PEOPLE.noted}
        </Button>
      }
    >
      <p>{PEOPLE.shownOnce}</p>
      <dl className="facts field-gap">
        <dt>{T.session.login}</dt>
        <dd>{handed.login}</dd>
        <dt>{T.session.password}</dt>
        <dd>
          <code className="password">{handed.password}</code>
        </dd>
      </dl>
    </Dialog>
  );
}
