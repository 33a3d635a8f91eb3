/** 登记加减分. One item for one unit, with its reason and evidence; what is typed is kept until it is handed in. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { type FormEvent, useRef, useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { useSession } from "../../api/session.ts";
import type { AdjustmentList } from "../../api/types.ts";
import { ADJUSTMENT } from "../../texts/adjustment.ts";
import { T } from "../../texts.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { Field } from "../../ui/Field.tsx";
import { Notice } from "../../ui/States.tsx";
import { say } from "../../ui/toasts.tsx";
import { useDraft } from "../../ui/useDraft.ts";
import { refreshFigures, unitFactsQuery } from "./adjustmentqueries.ts";

const W = ADJUSTMENT;

export function AdjustmentForm(props: {
  list: AdjustmentList;
  unit: string | undefined;
  onClose: () => void;
}) {
  const { list } = props;
  const session = useSession();
  const queries = useQueryClient();
  const units = useQuery(unitFactsQuery);
  const draft = useDraft(`${session.login}.adjustment.${list.level}.${list.period.name}`, {
    ...{ unit: props.unit ?? "", item: "", points: "", reason: "", evidence: "", link: "" },
    late: false,
  });
  const { value, set } = draft;
  // Sent again because an answer was lost, it is the same one.
  const key = useRef(crypto.randomUUID());
  const [refused, setRefused] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const items = list.rule?.items ?? [];
  const item = items.find((each) => each.key === value.item);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setRefused(null);
    try {
      const body = { ...value, level: list.level, period: list.period.name, key: key.current };
      const made = await bodyOf(http.POST("/api/assessment/adjustments", { body }));
      draft.drop();
      say(W.drafted(made.unit.name));
      await refreshFigures(queries);
      props.onClose();
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
    }
    setBusy(false);
  };
  return (
    <Dialog title={`${W.add}　${list.period.name}`} onClose={props.onClose} width={640}>
      <form onSubmit={save} aria-label={W.add}>
        <Field label={W.unit} required>
          {(control) => (
            <select
              {...control}
              data-first
              className="native"
              required
              value={value.unit}
              onChange={(e) => set({ unit: e.target.value })}
            >
              <option value="">{W.choose}</option>
              {(units.data?.units ?? []).map(({ unit }) => (
                <option key={unit.id} value={unit.id}>
                  {unit.name}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field
          label={W.item}
          required
          hint={item && `${W.itemHint(item.mostEach, item.mostPerUnit)}；${W.needed(item.evidence)}`}
        >
          {(control) => (
            <select
              {...control}
              className="native"
              required
              value={value.item}
              onChange={(e) => set({ item: e.target.value })}
            >
              <option value="">{W.choose}</option>
              {(["bonus", "penalty"] as const).map((kind) => (
                <optgroup key={kind} label={KINDS[kind]}>
                  {items
                    .filter((each) => each.kind === kind)
                    .map((each) => (
                      <option key={each.key} value={each.key}>
                        {each.name}
                      </option>
                    ))}
                </optgroup>
              ))}
            </select>
          )}
        </Field>
        <Field label={W.points} required hint={W.pointsHint}>
          {(control) => (
            <Input
              {...control}
              inputMode="decimal"
              required
              maxLength={12}
              style={{ width: 140 }}
              value={value.points}
              onChange={(e) => set({ points: e.target.value })}
            />
          )}
        </Field>
        <Long label={W.reason} value={value.reason} set={(reason) => set({ reason })} />
        <Long label={W.evidence} value={value.evidence} set={(evidence) => set({ evidence })} />
        <Field label={W.link} hint={W.linkHint}>
          {(control) => (
            <Input
              {...control}
              type="url"
              maxLength={500}
              value={value.link}
              onChange={(e) => set({ link: e.target.value })}
            />
          )}
        </Field>
        {list.closed && <Late on={value.late} set={(late) => set({ late })} />}
        {refused && <Notice tone="wrong">{refused}</Notice>}
        <div className="dialog-foot">
          <Button onClick={props.onClose}>{T.cancel}</Button>
          <Button type="primary" htmlType="submit" loading={busy}>
            {W.draftIt}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

const KINDS = { bonus: "加分", penalty: "减分" } as const;

function Long(props: { label: string; value: string; set: (text: string) => void }) {
  return (
    <Field label={props.label} required>
      {(control) => (
        <Input.TextArea
          {...control}
          required
          maxLength={2000}
          autoSize={{ minRows: 2, maxRows: 6 }}
          value={props.value}
          onChange={(e) => props.set(e.target.value)}
        />
      )}
    </Field>
  );
}

/** Said by the person: the period is closed, it stands as a difference. */
export function Late({ on, set }: { on: boolean; set: (on: boolean) => void }) {
  return (
    <label className="choice">
      <input type="checkbox" checked={on} onChange={(e) => set(e.target.checked)} />
      {W.late}
      <span className="quiet">（{W.lateHint}）</span>
    </label>
  );
}
