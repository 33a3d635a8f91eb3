/** 一项加减分. Why, on which evidence, what became of it; approved, refused, withdrawn or revoked by who may. */
import { ADJUSTMENT_STEPS, type AdjustmentStep, stepTo } from "@jiesu/core/assessment/adjusting.ts";
import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Input } from "antd";
import { useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { rolesOf, useSession } from "../../api/session.ts";
import type { Adjustment } from "../../api/types.ts";
import { ADJUSTMENT } from "../../texts/adjustment.ts";
import { Facts } from "../../ui/DetailPanel.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { minuteText } from "../../ui/dates.ts";
import { Field } from "../../ui/Field.tsx";
import { Notice } from "../../ui/States.tsx";
import { say } from "../../ui/toasts.tsx";
import { useDraft } from "../../ui/useDraft.ts";
import { Late } from "./AdjustmentForm.tsx";
import { refreshFigures } from "./adjustmentqueries.ts";

const W = ADJUSTMENT;

export function AdjustmentCase(props: { of: Adjustment; closed: boolean; onClose: () => void }) {
  const { of: one } = props;
  const session = useSession();
  const roles = rolesOf(session);
  const open = ADJUSTMENT_STEPS.map(({ step }) => step).filter(
    (step) => stepTo(step, one.state, { roles, isDrafter: one.mine }).ok,
  );
  return (
    <Dialog title={`${one.unit.name}　${one.itemName}　${one.points}`} onClose={props.onClose} width={640}>
      <Facts
        of={[
          [W.state, one.difference ? `${one.stateZh}（${W.difference[one.difference]}）` : one.stateZh],
          [W.reason, one.reason],
          [W.evidence, one.evidence],
          [
            W.link,
            one.link && (
              <a key="link" href={one.link} target="_blank" rel="noreferrer">
                {one.link}
              </a>
            ),
          ],
          [
            W.history,
            <ol key="history" className="adjust-steps">
              <li>{W.step(one.by, W.draftedBy, minuteText(one.at))}</li>
              {one.steps.map((step) => (
                <li key={step.state}>
                  {W.step(step.by, step.stateZh, minuteText(step.at))}
                  {step.late && `（${W.late}）`}
                  {step.reason && `：${step.reason}`}
                </li>
              ))}
            </ol>,
          ],
        ]}
      />
      <p className="fact-gap">
        <Link to="/assessment/explain" search={{ unit: one.unit.id, period: one.period, level: one.level }}>
          {W.toExplain}
        </Link>
      </p>
      {one.state === "proposed" && one.mine && <Notice>{W.own}</Notice>}
      {one.state === "proposed" && !one.mine && open.length === 0 && <Notice>{W.waitsLeader}</Notice>}
      {open.length > 0 && <Steps {...props} open={open} />}
    </Dialog>
  );
}

function Steps(props: {
  of: Adjustment;
  closed: boolean;
  open: readonly AdjustmentStep[];
  onClose: () => void;
}) {
  const { of: one, open } = props;
  const session = useSession();
  const queries = useQueryClient();
  const { value, set, drop } = useDraft(`${session.login}.adjustment-${one.id}`, { note: "", late: false });
  const [refused, setRefused] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const take = async (step: AdjustmentStep) => {
    setBusy(true);
    setRefused(null);
    try {
      const params = { path: { id: one.id } };
      const body = { reason: value.note, late: value.late };
      await bodyOf(http.POST(`/api/assessment/adjustments/{id}/${step}`, { params, body }));
      drop();
      say(W.done[step]);
      await refreshFigures(queries);
      props.onClose();
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
    }
    setBusy(false);
  };
  return (
    <div className="fact-gap">
      <Field label={W.note} hint={open.includes("withdraw") ? undefined : W.noteHint}>
        {(control) => (
          <Input.TextArea
            {...control}
            maxLength={2000}
            autoSize={{ minRows: 2, maxRows: 6 }}
            value={value.note}
            onChange={(e) => set({ note: e.target.value })}
          />
        )}
      </Field>
      {props.closed && !open.includes("withdraw") && <Late on={value.late} set={(late) => set({ late })} />}
      {refused && <Notice tone="wrong">{refused}</Notice>}
      <div className="dialog-foot">
        {open.map((step) => (
          <Button
            key={step}
            type={step === "approve" ? "primary" : "default"}
            disabled={busy}
            onClick={() => void take(step)}
          >
            {W[step]}
          </Button>
        ))}
      </div>
    </div>
  );
}
