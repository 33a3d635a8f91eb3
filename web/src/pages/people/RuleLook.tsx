/** 草稿检查结果. What is wrong, what differs from the version before, and which running clocks would move. */
import { ADMIN } from "../../texts/admin.ts";
import { minuteText } from "../../ui/dates.ts";
import { Notice } from "../../ui/States.tsx";
import type { Looked } from "./useRuleDraft.ts";

export function RuleLook({ looked }: { looked: Looked }) {
  const { problems, differences, clocks } = looked;
  return (
    <div className="field-gap rule-look">
      {problems.length > 0 ? (
        <Notice tone="wrong">
          {ADMIN.problems(problems.length)}
          <ul>
            {problems.map((p) => (
              <li key={p.path + p.text}>
                {p.path && <code>{p.path}</code>} {p.text}
              </li>
            ))}
          </ul>
        </Notice>
      ) : (
        <Notice>{ADMIN.noProblem}</Notice>
      )}
      {clocks && (
        <Notice tone={clocks.moved > 0 ? "near" : "plain"}>
          {ADMIN.clocksMove(clocks.moved, clocks.open)}
          {clocks.first.length > 0 && (
            <ul>
              {clocks.first.slice(0, 5).map((c) => (
                <li key={c.number + c.kindZh}>
                  {c.number} {c.kindZh}：{minuteText(c.before)} → {minuteText(c.after)}
                </li>
              ))}
            </ul>
          )}
        </Notice>
      )}
      <p className="quiet">{ADMIN.changes(differences.length)}</p>
      <ul className="rule-differences">
        {differences.slice(0, 40).map((d) => (
          <li key={d.path}>
            <code>{d.path}</code>：{d.before ?? ADMIN.none} → {d.after ?? ADMIN.none}
          </li>
        ))}
      </ul>
    </div>
  );
}
