/** 承办单位. The district's units by kind, with every other name they are written by. */
import { CloseOutlined } from "@ant-design/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Input, Select } from "antd";
import { type FormEvent, useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { unitsQuery } from "../../api/queries.ts";
import { hasRole, useSession } from "../../api/session.ts";
import type { Unit } from "../../api/types.ts";
import { T } from "../../texts.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { Field } from "../../ui/Field.tsx";
import { PageShell } from "../../ui/PageShell.tsx";
import { EmptyState, Failed, Loading, Notice } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { say, sayWrong } from "../../ui/toasts.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import "./people.css";

const KINDS = ["street", "town", "bureau", "company", "other"] as const;

export default function UnitsPage() {
  const session = useSession();
  const queries = useQueryClient();
  const units = useQuery(unitsQuery);
  const [words, setWords] = useState("");
  const [kind, setKind] = useState<string | null>(null);
  const [editing, setEditing] = useState<Unit | "new" | null>(null);
  const edits = hasRole(session, "sysadmin");
  const names = hasRole(session, "sysadmin", "triager", "shiftLead");
  const found = (units.data ?? []).filter(
    (unit) =>
      (kind === null || unit.kind === kind) &&
      [unit.name, unit.shortName, ...unit.aliases].some((name) => name.includes(words.trim())),
  );
  const refresh = () => void queries.invalidateQueries({ queryKey: unitsQuery.queryKey });
  const columns: Column<Unit>[] = [
    {
      key: "name",
      title: T.people.unitName,
      cell: (unit) => (
        <>
          {unit.name} {unit.validTo && <Tag>{T.people.endedOn(unit.validTo)}</Tag>}
        </>
      ),
    },
    { key: "short", title: T.people.shortName, nowrap: true, cell: (unit) => unit.shortName },
    { key: "kind", title: T.people.kind, nowrap: true, cell: (unit) => unit.kindZh },
    { key: "code", title: T.people.code, nowrap: true, cell: (unit) => unit.code ?? "" },
    {
      key: "aliases",
      title: T.people.aliases,
      definition: T.people.aliasesAbout,
      cell: (unit) => <Aliases unit={unit} adds={names} removes={edits} onChanged={refresh} />,
    },
    ...(edits
      ? [
          {
            key: "do",
            title: T.people.actions,
            nowrap: true,
            cell: (unit: Unit) => (
              <Button type="link" onClick={() => setEditing(unit)}>
                {T.people.edit}
              </Button>
            ),
          },
        ]
      : []),
  ];
  return (
    <PageShell
      title={T.people.units}
      about={units.data && T.people.unitsAbout(units.data.length)}
      actions={
        <>
          <Select
            aria-label={T.people.kind}
            placeholder={T.people.allKinds}
            allowClear
            style={{ width: 120 }}
            value={kind}
            options={KINDS.map((k) => ({ value: k, label: T.people.kinds[k] }))}
            onChange={(next) => setKind(next ?? null)}
          />
          <Input
            className="page-search"
            type="search"
            aria-label={T.people.findUnit}
            placeholder={T.people.findUnit}
            allowClear
            value={words}
            onChange={(e) => setWords(e.target.value)}
          />
          {edits && (
            <Button type="primary" onClick={() => setEditing("new")}>
              {T.people.addUnit}
            </Button>
          )}
        </>
      }
    >
      {units.isPending ? (
        <Loading what={T.loading} />
      ) : units.isError ? (
        <Failed sentence={sentenceOf(units.error)} retry={() => void units.refetch()} />
      ) : found.length === 0 ? (
        <EmptyState title={T.people.noUnit}>{T.people.noUnitAbout}</EmptyState>
      ) : (
        <div className="card">
          <WorkTable label={T.people.units} columns={columns} rows={found} rowKey={(unit) => unit.id} />
        </div>
      )}
      {editing && (
        <UnitDialog
          unit={editing === "new" ? null : editing}
          onClose={() => setEditing(null)}
          onDone={() => {
            setEditing(null);
            refresh();
          }}
        />
      )}
    </PageShell>
  );
}

function Aliases(props: { unit: Unit; adds: boolean; removes: boolean; onChanged: () => void }) {
  const { unit } = props;
  const [adding, setAdding] = useState(false);
  const [typed, setTyped] = useState("");
  const add = async (event: FormEvent) => {
    event.preventDefault();
    if (typed.trim() === "") return;
    try {
      await bodyOf(
        http.POST("/api/units/{id}/aliases", {
          params: { path: { id: unit.id } },
          body: { alias: typed.trim() },
        }),
      );
      say(T.people.aliasAdded(typed.trim()));
      setTyped("");
      setAdding(false);
      props.onChanged();
    } catch (thrown) {
      sayWrong(sentenceOf(thrown));
    }
  };
  const remove = async (alias: string) => {
    try {
      await bodyOf(
        http.DELETE("/api/units/{id}/aliases/{alias}", { params: { path: { id: unit.id, alias } } }),
      );
      say(T.people.aliasRemoved(alias));
      props.onChanged();
    } catch (thrown) {
      sayWrong(sentenceOf(thrown));
    }
  };
  return (
    <span className="aliases">
      {unit.aliases.map((alias) => (
        <span key={alias} className="query-chip">
          {alias}
          {props.removes && (
            <button type="button" aria-label={T.people.removeAlias(alias)} onClick={() => void remove(alias)}>
              <CloseOutlined aria-hidden="true" style={{ fontSize: 10 }} />
            </button>
          )}
        </span>
      ))}
      {adding ? (
        <form onSubmit={add} className="alias-form">
          <Input
            autoFocus
            aria-label={T.people.newAlias(unit.shortName)}
            value={typed}
            maxLength={60}
            onChange={(e) => setTyped(e.target.value)}
            onKeyDown={(e) => e.key === "Escape" && setAdding(false)}
          />
          <Button htmlType="submit">{T.people.add}</Button>
        </form>
      ) : (
        props.adds && (
          <Button type="link" aria-label={T.people.newAlias(unit.shortName)} onClick={() => setAdding(true)}>
            {T.people.addAlias}
          </Button>
        )
      )}
    </span>
  );
}

function UnitDialog(props: { unit: Unit | null; onClose: () => void; onDone: () => void }) {
  const { unit } = props;
  const [name, setName] = useState(unit?.name ?? "");
  const [shortName, setShortName] = useState(unit?.shortName ?? "");
  const [kind, setKind] = useState<(typeof KINDS)[number]>(unit?.kind ?? "bureau");
  const [validTo, setValidTo] = useState(unit?.validTo ?? "");
  const [refused, setRefused] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setRefused(null);
    const facts = { name: name.trim(), shortName: shortName.trim() || name.trim(), kind };
    try {
      if (unit === null) await bodyOf(http.POST("/api/units", { body: facts }));
      else
        await bodyOf(
          http.PATCH("/api/units/{id}", {
            params: { path: { id: unit.id } },
            body: { ...facts, validTo: validTo === "" ? null : validTo },
          }),
        );
      say(T.people.saved(facts.name));
      props.onDone();
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={unit ? T.people.editUnit(unit.shortName) : T.people.addUnit}
      onClose={props.onClose}
      width={460}
    >
      <form onSubmit={save}>
        <Field label={T.people.unitName} required hint={unit ? T.people.renameHint : undefined}>
          {(control) => (
            <Input {...control} autoFocus value={name} onChange={(e) => setName(e.target.value)} />
          )}
        </Field>
        <Field label={T.people.shortName} hint={T.people.shortNameHint}>
          {(control) => (
            <Input {...control} value={shortName} onChange={(e) => setShortName(e.target.value)} />
          )}
        </Field>
        <Field label={T.people.kind}>
          {(control) => (
            <Select
              {...control}
              style={{ width: "100%" }}
              value={kind}
              options={KINDS.map((k) => ({ value: k, label: T.people.kinds[k] }))}
              onChange={setKind}
            />
          )}
        </Field>
        {unit && (
          <Field label={T.people.validTo} hint={T.people.validToHint}>
            {(control) => (
              <input
                {...control}
                className="native"
                type="date"
                value={validTo}
                onChange={(e) => setValidTo(e.target.value)}
              />
            )}
          </Field>
        )}
        {refused && (
          <div className="field-gap">
            <Notice tone="wrong">{refused}</Notice>
          </div>
        )}
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
