/** 对单位本期的影响. The unit's figures with the ticket counted and without it, in both statistical scopes. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { sentenceOf } from "../../api/problem.ts";
import { EXEMPTION } from "../../texts/exemption.ts";
import { T } from "../../texts.ts";
import { DetailPanel } from "../../ui/DetailPanel.tsx";
import { Failed, Loading, Notice } from "../../ui/States.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { effectQuery } from "./queries.ts";

const X = EXEMPTION;

interface Line {
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

const COLUMNS: readonly Column<Line>[] = [
  { key: "name", title: X.measure, cell: (line) => line.name },
  { key: "before", title: X.before, align: "right", nowrap: true, cell: (line) => line.before },
  {
    key: "after",
    title: X.after,
    align: "right",
    nowrap: true,
    cell: (line) => (line.after === line.before ? line.after : <strong>{line.after}</strong>),
  },
];

export function Effect(props: { ticketId: string; round: number; to: "responseOnly" | "exempt" }) {
  const effect = useQuery(effectQuery(props.ticketId, props.round, props.to));
  return (
    <DetailPanel
      title={X.effect}
      extra={
        effect.data && (
          <Link to="/assessment" search={{ period: effect.data.period }}>
            {X.openRank}
          </Link>
        )
      }
    >
      {effect.isPending && <Loading what={T.loading} />}
      {effect.isError && <Failed sentence={sentenceOf(effect.error)} />}
      {effect.data && (
        <>
          <p className="quiet">{X.effectAbout(effect.data.period, effect.data.rules)}</p>
          {effect.data.closed && <Notice>{X.closed}</Notice>}
          {effect.data.scopes.toReversed().map(({ scope, scopeZh, before, after }) => (
            <div key={scope} className="effect-scope">
              <h4>{scopeZh}</h4>
              <WorkTable
                label={`${X.effect}：${scopeZh}`}
                columns={COLUMNS}
                rows={linesOf(before, after)}
                rowKey={(line) => line.name}
              />
            </div>
          ))}
        </>
      )}
    </DetailPanel>
  );
}

interface Standing {
  readonly tickets: number;
  readonly rank: number | null;
  readonly text: { response: string; solution: string; satisfaction: string; score: string };
}

function linesOf(before: Standing, after: Standing): readonly Line[] {
  const rank = (of: Standing) => (of.rank === null ? X.noRank : String(of.rank));
  return [
    { name: X.counted, before: String(before.tickets), after: String(after.tickets) },
    { name: X.response, before: before.text.response, after: after.text.response },
    { name: X.solution, before: before.text.solution, after: after.text.solution },
    { name: X.satisfaction, before: before.text.satisfaction, after: after.text.satisfaction },
    { name: X.score, before: before.text.score, after: after.text.score },
    { name: X.rank, before: rank(before), after: rank(after) },
  ];
}
