/** 现行规则. What is found every day, against which standard, what must be answered and within how many days. */
import { useQuery } from "@tanstack/react-query";
import { sentenceOf } from "../../api/problem.ts";
import { PROBLEM } from "../../texts/problem.ts";
import { T } from "../../texts.ts";
import { DetailPanel, Facts } from "../../ui/DetailPanel.tsx";
import { EmptyState, Failed, Loading } from "../../ui/States.tsx";
import { WorkTable } from "../../ui/WorkTable.tsx";
import { problemRulesQuery } from "./queries.ts";

const R = PROBLEM.rules;

export function ProblemRules() {
  const found = useQuery(problemRulesQuery);
  if (found.isPending) return <Loading what={T.loading} />;
  if (found.isError) return <Failed sentence={sentenceOf(found.error)} retry={() => void found.refetch()} />;
  if (found.data === null) return <EmptyState title={R.none} />;
  const { kinds, causes, from, source, findAt, answerDays } = found.data;
  return (
    <>
      <DetailPanel title={R.title} extra={<span className="quiet">{R.from(from)}</span>}>
        <Facts
          of={[
            [R.findAt, R.findAtOf(findAt)],
            [R.answer, R.answerOf(answerDays)],
            [R.causes, causes.map(({ zh }) => zh).join("、")],
            [R.source, source],
          ]}
        />
      </DetailPanel>
      <section className="card problem-rules">
        <WorkTable
          label={R.kinds}
          columns={[
            { key: "group", title: R.group, nowrap: true, cell: (row) => row.groupZh },
            { key: "zh", title: PROBLEM.kind, nowrap: true, cell: (row) => row.zh },
            { key: "standard", title: R.standard, cell: (row) => row.standard },
            { key: "must", title: R.must, nowrap: true, cell: (row) => (row.answer ? R.yes : R.no) },
          ]}
          rows={kinds}
          rowKey={(row) => row.code}
        />
      </section>
    </>
  );
}
