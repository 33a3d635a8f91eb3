/** 新增、修改单位. What is typed stays as a draft until it is saved; who was quicker is told. */
import { useQueryClient } from "@tanstack/react-query";
import { Button, Input, Select } from "antd";
import { type FormEvent, useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { useSession } from "../../api/session.ts";
import type { Unit } from "../../api/types.ts";
import { ADMIN } from "../../texts/admin.ts";
import { PEOPLE } from "../../texts/people.ts";
import { T } from "../../texts.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { Field } from "../../ui/Field.tsx";
import { Notice } from "../../ui/States.tsx";
import { say } from "../../ui/toasts.tsx";
import { useDraft } from "../../ui/useDraft.ts";
import { refreshUnits } from "./queries.ts";
import { UNIT_KINDS } from "./unittree.ts";

export function UnitDialog(props: {
  unit: Unit | null;
  units: readonly Unit[];
  onClose: () => void;
  onDone: (id: string) => void;
}) {
  const { unit } = props;
  const session = useSession();
  const queries = useQueryClient();
  const draft = useDraft(`${session.login}.unit.${unit ? `${unit.id}.${unit.version}` : "new"}`, {
    name: unit?.name ?? "",
    shortName: unit?.shortName ?? "",
    kind: unit?.kind ?? ("street" as Unit["kind"]),
    code: unit?.code ?? "",
    parentId: unit?.parentId ?? null,
    contact: unit?.contact ?? "",
    phone: unit?.phone ?? "",
    validTo: unit?.validTo ?? "",
  });
  const { value, set } = draft;
  const [refused, setRefused] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setRefused(null);
    const { name, validTo, ...rest } = value;
    const fields = {
      ...rest,
      shortName: value.shortName.trim() || name.trim(),
      code: value.code.trim() || null,
    };
    try {
      const saved = unit
        ? await bodyOf(
            http.PATCH("/api/units/{id}", {
              params: { path: { id: unit.id } },
              body: { ...fields, version: unit.version, validTo: validTo || null },
            }),
          )
        : await bodyOf(http.POST("/api/units", { body: { ...fields, name } }));
      draft.drop();
      say(PEOPLE.saved(saved.name));
      refreshUnits(queries);
      props.onDone(saved.id);
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
      setBusy(false);
    }
  };
  const text = (key: "name" | "shortName" | "code" | "contact" | "phone", label: string, hint?: string) => (
    <Field label={label} hint={hint} required={key === "name"}>
      {(control) => (
        <Input
          {...control}
          maxLength={60}
          value={value[key]}
          onChange={(e) => set({ [key]: e.target.value })}
        />
      )}
    </Field>
  );
  return (
    <Dialog title={unit ? PEOPLE.editUnit(unit.name) : PEOPLE.addUnit} onClose={props.onClose} width={600}>
      <form onSubmit={save} className="two-columns">
        {unit === null && text("name", PEOPLE.unitName)}
        {text("shortName", PEOPLE.shortName, PEOPLE.shortNameHint)}
        <Field label={PEOPLE.kind} required>
          {(control) => (
            <Select
              {...control}
              style={{ width: "100%" }}
              value={value.kind}
              options={UNIT_KINDS.map((kind) => ({ value: kind, label: PEOPLE.kinds[kind] }))}
              onChange={(kind) => set({ kind })}
            />
          )}
        </Field>
        {text("code", PEOPLE.code)}
        <Field label={ADMIN.parent}>
          {(control) => (
            <Select
              {...control}
              style={{ width: "100%" }}
              allowClear
              placeholder={ADMIN.none}
              showSearch={{ optionFilterProp: "label" }}
              value={value.parentId}
              options={props.units
                .filter((u) => u.id !== unit?.id)
                .map((u) => ({ value: u.id, label: u.name }))}
              onChange={(parentId: string | undefined) => set({ parentId: parentId ?? null })}
            />
          )}
        </Field>
        {text("contact", ADMIN.contact)}
        {text("phone", ADMIN.phone)}
        {unit && unit.mergedInto === null && (
          <Field label={PEOPLE.validTo} hint={PEOPLE.validToHint}>
            {(control) => (
              <input
                {...control}
                className="native"
                type="date"
                value={value.validTo}
                onChange={(e) => set({ validTo: e.target.value })}
              />
            )}
          </Field>
        )}
        {refused && (
          <div className="whole">
            <Notice tone="wrong">{refused}</Notice>
          </div>
        )}
        <div className="dialog-foot whole">
          <Button onClick={props.onClose}>{T.cancel}</Button>
          <Button type="primary" htmlType="submit" loading={busy}>
            {T.save}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
