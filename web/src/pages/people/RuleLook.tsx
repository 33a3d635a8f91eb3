/** 草稿检查结果. What is wrong, what differs from the version before, and which running clocks, or counted tickets, would move. */
import { ADMIN } from "../../texts/admin.ts";
import { Notice } from "../../ui/States.tsx";
import { LadderLook } from "./LadderLook.tsx";
import { PeriodPreview } from "./PeriodPreview.tsx";
import { RulePreview } from "./RulePreview.tsx";
import type { Looked, RuleDraft } from "./useRuleDraft.ts";

/** `draft` is what was looked at. */
export function RuleLook({ looked, draft }: { looked: Looked; draft: RuleDraft }) {
  const { problems, differences, clocks, periods, ladder } = looked;
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
      {clocks && <RulePreview clocks={clocks} draft={draft} />}
      {periods && <PeriodPreview periods={periods} />}
      {ladder && <LadderLook ladder={ladder} />}
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
