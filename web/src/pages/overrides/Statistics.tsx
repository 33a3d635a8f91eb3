/** 放行统计. How often a step was let pass, by check, by who asked and by who was the second person. */
import { useQuery } from "@tanstack/react-query";
import { Segmented } from "antd";
import { sentenceOf } from "../../api/problem.ts";
import { GUARDS } from "../../texts/guards.ts";
import { T } from "../../texts.ts";
import { EmptyState, Failed, Loading } from "../../ui/States.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { statisticsQuery } from "./queries.ts";
import type { StatBy } from "./search.ts";

const P = GUARDS.page;
const BY: readonly StatBy[] = ["check", "asker", "second"];

type Line = Awaited<ReturnType<NonNullable<ReturnType<typeof statisticsQuery>["queryFn"]>>>[number];

export function Statistics({ by, onBy }: { by: StatBy; onBy: (by: StatBy) => void }) {
  const lines = useQuery(statisticsQuery(by));
  const columns: readonly Column<Line>[] = [
    { key: "name", title: P.columns[by], cell: (line) => line.name },
    { key: "asked", title: P.columns.asked, nowrap: true, cell: (line) => line.asked },
    { key: "confirmed", title: P.columns.confirmed, nowrap: true, cell: (line) => line.confirmed },
    { key: "refused", title: P.columns.refused, nowrap: true, cell: (line) => line.refused },
    { key: "used", title: P.columns.used, nowrap: true, cell: (line) => line.used },
  ];
  return (
    <>
      <div className="list-tabs">
        <Segmented
          aria-label={P.statBy}
          options={BY.map((each) => ({ value: each, label: P.by[each] }))}
          value={by}
          onChange={onBy}
        />
      </div>
      {lines.isPending ? (
        <Loading what={T.loading} />
      ) : lines.isError ? (
        <Failed sentence={sentenceOf(lines.error)} retry={() => void lines.refetch()} />
      ) : lines.data.length === 0 ? (
        <EmptyState title={P.statNone} />
      ) : (
        <div className="card">
          <WorkTable
            label={P.tabs.statistics}
            columns={columns}
            rows={lines.data}
            rowKey={(line) => line.key}
          />
        </div>
      )}
    </>
  );
}
