/** 视图的保存与修改. A name, whom it is for, and what it holds; the owner changes, orders and removes it here. */
import { ALL_ROLES, isRole, ROLES, type Role } from "@jiesu/core/ticket/role.ts";
import { useQueryClient } from "@tanstack/react-query";
import { Button, Checkbox, Input } from "antd";
import { type FormEvent, useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { hasRole, useSession } from "../../api/session.ts";
import type { ListQuery, View } from "../../api/types.ts";
import { T } from "../../texts.ts";
import { Choice } from "../../ui/Choice.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { Field } from "../../ui/Field.tsx";
import { Notice } from "../../ui/States.tsx";
import { say } from "../../ui/toasts.tsx";
import type { ListColumn } from "./columns.tsx";
import { viewsQuery } from "./views.ts";

const WORKERS = ALL_ROLES.filter((role) => ROLES[role].side !== "admin");
type Sharing = "mine" | "shared" | "role";

export function ViewDialog(props: {
  /** Absent for a new one. */
  readonly view?: View | undefined;
  /** What the list shows now. */
  readonly query: ListQuery;
  readonly columns: readonly ListColumn[];
  readonly onSaved: (id: string) => void;
  readonly onRemoved: () => void;
  readonly onShift: (by: 1 | -1) => void;
  readonly onClose: () => void;
}) {
  const { view } = props;
  const queries = useQueryClient();
  const session = useSession();
  const mayShare = hasRole(session, "shiftLead", "leader", "supervisor");
  const mine = view === undefined || view.mine;
  const [name, setName] = useState(view?.name ?? "");
  const [sharing, setSharing] = useState<Sharing>(sharingOf(view));
  const [roles, setRoles] = useState<readonly Role[]>(view?.roles.filter(isRole) ?? []);
  const [missing, setMissing] = useState(false);
  const [busy, setBusy] = useState(false);
  const [sure, setSure] = useState(false);
  const [fault, setFault] = useState<unknown>(null);
  const q = T.queue;

  const run = async (work: () => Promise<void>) => {
    setBusy(true);
    setFault(null);
    try {
      await work();
      await queries.invalidateQueries({ queryKey: viewsQuery.queryKey });
      props.onClose();
    } catch (thrown) {
      setFault(thrown);
    } finally {
      setBusy(false);
    }
  };
  const save = (holdsNow: boolean) => {
    if (name.trim() === "") return setMissing(true);
    void run(async () => {
      const { sort, ...filter } = props.query;
      const about = { name: name.trim(), sharing, roles: sharing === "role" ? [...roles] : [] };
      if (view && !holdsNow) {
        const body = {
          ...about,
          filter: view.filter,
          columns: view.columns,
          sort: view.sort,
          position: view.position,
        };
        await bodyOf(http.PUT("/api/views/{id}", { params: { path: { id: view.id } }, body: Object(body) }));
        return say(q.saved(name.trim()));
      }
      const columns = props.columns
        .filter((column) => column.shown)
        .map(({ key, width, pinned }) => ({ key, width, ...(pinned ? { pinned: "left" as const } : {}) }));
      const body = { ...about, filter, columns, sort: sort ?? null };
      if (view) {
        await bodyOf(http.PUT("/api/views/{id}", { params: { path: { id: view.id } }, body }));
        props.onSaved(view.id);
      } else props.onSaved((await bodyOf(http.POST("/api/views", { body }))).id);
      say(q.saved(name.trim()));
    });
  };
  const remove = () =>
    run(async () => {
      if (!view) return;
      await bodyOf(http.DELETE("/api/views/{id}", { params: { path: { id: view.id } } }));
      say(q.removed(view.name));
      props.onRemoved();
    });

  return (
    <Dialog title={view ? q.editView : q.newView} onClose={props.onClose} width={480}>
      <form
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          save(view === undefined);
        }}
      >
        {mine && (
          <Field label={q.viewName} required error={missing ? q.needName : null}>
            {(control) => (
              <Input
                {...control}
                data-first
                value={name}
                maxLength={40}
                onChange={(e) => {
                  setName(e.target.value);
                  setMissing(false);
                }}
              />
            )}
          </Field>
        )}
        {mine && mayShare && (
          <Choice<Sharing>
            label={q.sharing}
            options={[
              { value: "mine", label: q.sharings.mine },
              { value: "shared", label: q.sharings.shared },
              { value: "role", label: q.sharings.role },
            ]}
            value={sharing}
            onChange={(next) => setSharing(next ?? "mine")}
          />
        )}
        {mine && sharing === "role" && (
          <fieldset className="choices field-gap">
            <legend className="field-label">{q.roles}</legend>
            {WORKERS.map((role) => (
              <Checkbox
                key={role}
                checked={roles.includes(role)}
                onChange={(e) =>
                  setRoles(e.target.checked ? [...roles, role] : roles.filter((each) => each !== role))
                }
              >
                {ROLES[role].zh}
              </Checkbox>
            ))}
          </fieldset>
        )}
        {view === undefined && <p className="quiet field-gap">{q.viewHolds}</p>}
        {view && !mine && <p className="quiet">{q.by(view.ownerName)}</p>}
        {fault !== null && (
          <div className="field-gap">
            <Notice tone="wrong">{sentenceOf(fault)}</Notice>
          </div>
        )}
        {sure && view && (
          <div className="field-gap">
            <Notice tone="near">{q.removeSure(view.name)}</Notice>
          </div>
        )}
        <div className="bulk-foot">
          {view && (
            <span className="view-foot">
              <Button onClick={() => props.onShift(-1)}>{q.up}</Button>
              <Button onClick={() => props.onShift(1)}>{q.down}</Button>
              {(mine || mayShare) && (
                <Button disabled={busy} onClick={() => (sure ? void remove() : setSure(true))}>
                  {q.remove}
                </Button>
              )}
              {mine && (
                <Button disabled={busy} onClick={() => save(true)}>
                  {q.update}
                </Button>
              )}
            </span>
          )}
          {mine && (
            <Button type="primary" htmlType="submit" loading={busy}>
              {T.save}
            </Button>
          )}
        </div>
      </form>
    </Dialog>
  );
}

function sharingOf(view: View | undefined): Sharing {
  return view?.sharing === "shared" || view?.sharing === "role" ? view.sharing : "mine";
}
