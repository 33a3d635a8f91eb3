/** 单位更名. A new name from a day, with its paper. */
import { dayOf } from "@jiesu/core/time/day.ts";
import { useQueryClient } from "@tanstack/react-query";
import { Button, Input } from "antd";
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
      say(ADMIN.renamed(value.name));
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
    <Dialog title={ADMIN.renameOf(unit.name)} onClose={onClose} width={520}>
      <form onSubmit={save}>
        {text("name", ADMIN.newName)}
        {text("shortName", PEOPLE.shortName, PEOPLE.shortNameHint)}
        <Field label={ADMIN.from} required>
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
        {text("source", ADMIN.source)}
        <p className="quiet field-gap">{ADMIN.renameAbout}</p>
        {refused && <Notice tone="wrong">{refused}</Notice>}
        <div className="dialog-foot">
          <Button onClick={onClose}>{T.cancel}</Button>
          <Button type="primary" htmlType="submit">
            {ADMIN.rename}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
