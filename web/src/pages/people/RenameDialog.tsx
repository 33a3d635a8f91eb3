/** 单位更名. A new name from a day, with its paper. */
import { dayOf } from "@jiesu/core/time/day.ts";
import { useQueryClient } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { type FormEvent, useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { useSession } from "../../api/session.ts";
import type { Unit } from "../../api/types.ts";
import { T } from "../../texts.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { Field } from "../../ui/Field.tsx";
import { Notice } from "../../ui/States.tsx";
import { say } from "../../ui/toasts.tsx";
import { useDraft } from "../../ui/useDraft.ts";
import { refreshUnits } from "./queries.ts";

export function RenameDialog({ unit, onClose }: { unit: Unit; onClose: () => void }) {
  const session = useSession();
  const queries = useQueryClient();
  const draft = useDraft(`${session.login}.rename.${unit.id}`, {
    ...{ name: "", shortName: "", source: "" },
    from: dayOf(Date.now()) as string,
  });
  const { value, set } = draft;
  const [refused, setRefused] = useState<string | null>(null);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    try {
      await bodyOf(
        http.POST("/api/units/{id}/rename", {
          params: { path: { id: unit.id } },
          body: { ...value, shortName: value.shortName.trim() || value.name.trim(), version: unit.version },
        }),
      );
      draft.drop();
      say(T.admin.renamed(value.name));
      refreshUnits(queries);
      onClose();
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
    }
  };
  const text = (key: "name" | "shortName" | "source", label: string, hint?: string) => (
    <Field label={label} required={key !== "shortName"} hint={hint}>
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
    <Dialog title={T.admin.renameOf(unit.name)} onClose={onClose} width={520}>
      <form onSubmit={save}>
        {text("name", T.admin.newName)}
        {text("shortName", T.people.shortName, T.people.shortNameHint)}
        <Field label={T.admin.from} required>
          {(control) => (
            <input
              {...control}
              className="native"
              type="date"
              value={value.from}
              onChange={(e) => set({ from: e.target.value })}
            />
          )}
        </Field>
        {text("source", T.admin.source)}
        <p className="quiet field-gap">{T.admin.renameAbout}</p>
        {refused && <Notice tone="wrong">{refused}</Notice>}
        <div className="dialog-foot">
          <Button onClick={onClose}>{T.cancel}</Button>
          <Button type="primary" htmlType="submit">
            {T.admin.rename}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
