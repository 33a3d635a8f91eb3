/** 未接通. Why nobody answered, how the attempts stand by the rule, and when to call again. */
import { spanWords } from "@jiesu/core/deadline/words.ts";
import { instant, parseDay } from "@jiesu/core/time/day.ts";
import { Button } from "antd";
import type { DeskRules } from "../../api/types.ts";
import { T } from "../../texts.ts";
import { minuteText } from "../../ui/dates.ts";
import { Field } from "../../ui/Field.tsx";
import { Notice } from "../../ui/States.tsx";
import { Numbered } from "./Numbered.tsx";
import type { Ask, Standing, Talk } from "./talk.ts";

export function MissedPlan(props: {
  readonly talk: Talk;
  readonly rules: DeskRules;
  readonly standing: Standing;
  readonly enough: string;
  readonly ask: Ask;
  readonly change: (next: Partial<Talk>) => void;
  readonly reason: (of: "missed", code: string) => void;
}) {
  const { talk, rules, standing, ask, change } = props;
  const { max, minDayparts, gapMs } = rules.attempts;
  const first = standing.plans[0];
  const chosen = talk.nextAt ?? first?.at ?? null;
  return (
    <>
      <Numbered
        label={T.callback.reasons.missed}
        options={rules.reasons.missed.map(({ code, zh }) => ({ value: code, label: zh }))}
        value={talk.reasons.missed}
        numbered={ask.kind === "reason"}
        onChange={(code) => props.reason("missed", code)}
      />
      <p className="quiet field-gap">
        {T.callback.tried(standing.counted, standing.dayparts.join("、"))}。
        {T.callback.planAbout(max, minDayparts, spanWords(gapMs))}
      </p>
      {standing.enough && !talk.again ? (
        <div className="field-gap talk-enough">
          <Notice>{props.enough}</Notice>
          <Button onClick={() => change({ again: true })}>{T.callback.planAgain}</Button>
        </div>
      ) : (
        <>
          <Numbered
            label={T.callback.plan}
            options={standing.plans.map(({ at, label }, i) => ({ value: String(i), label, at }))}
            value={String(
              standing.plans.findIndex((plan, i) =>
                talk.nextAt === null ? i === 0 : plan.at === talk.nextAt,
              ),
            )}
            numbered={ask.kind === "plan"}
            onChange={(i) => change({ nextAt: standing.plans[Number(i)]?.at ?? null })}
          />
          <div className="field-gap">
            <Field label={T.callback.planOther}>
              {(control) => (
                <input
                  {...control}
                  className="native"
                  type="datetime-local"
                  value={chosen === null ? "" : minuteText(new Date(chosen).toISOString()).replace(" ", "T")}
                  onChange={(e) => change({ nextAt: typedTime(e.target.value) })}
                />
              )}
            </Field>
          </div>
        </>
      )}
    </>
  );
}

/** What was typed is Beijing time wherever the browser stands; null while it is no time. */
function typedTime(text: string): number | null {
  const [day = "", time = ""] = text.split("T");
  const parsed = parseDay(day);
  return parsed === null || !/^\d\d:\d\d$/.test(time) ? null : instant(parsed, time);
}
