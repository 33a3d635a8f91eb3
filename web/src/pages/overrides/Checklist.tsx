/** 检查清单. The checks in force, where each is asked and how gravely, with the paper they come from. */
import { GUARDED } from "@jiesu/core/guard/checklist.ts";
import { useQuery } from "@tanstack/react-query";
import { sentenceOf } from "../../api/problem.ts";
import { GUARDS } from "../../texts/guards.ts";
import { T } from "../../texts.ts";
import { Facts } from "../../ui/DetailPanel.tsx";
import { EmptyState, Failed, Loading } from "../../ui/States.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { checklistQuery } from "./queries.ts";

const R = GUARDS.page.rules;

type Check = NonNullable<Awaited<ReturnType<NonNullable<typeof checklistQuery.queryFn>>>>["checks"][number];

const COLUMNS: readonly Column<Check>[] = [
  { key: "name", title: R.name, nowrap: true, cell: (check) => check.name },
  { key: "reads", title: R.reads, cell: (check) => check.reads },
  ...Object.entries(GUARDED).map(([step, zh]) => ({
    key: step,
    title: zh,
    nowrap: true,
    cell: (check: Check) => {
      const severity = check.steps.find((each) => each.step === step)?.severity;
      return severity === undefined ? "—" : R.severity[severity];
    },
  })),
  { key: "remedy", title: R.remedy, cell: (check) => check.remedy },
];

export function Checklist() {
  const list = useQuery(checklistQuery);
  if (list.isPending) return <Loading what={T.loading} />;
  if (list.isError) return <Failed sentence={sentenceOf(list.error)} retry={() => void list.refetch()} />;
  if (list.data === null) return <EmptyState title={R.none}>{R.noneAbout}</EmptyState>;
  const { name, from, source, checks, overrideHours, windowHours, grounds } = list.data;
  return (
    <>
      <div className="card">
        <WorkTable
          label={GUARDS.page.tabs.rules}
          columns={COLUMNS}
          rows={checks}
          rowKey={(check) => check.key}
        />
      </div>
      <div className="card urge-rule">
        <Facts
          of={[
            [R.window, R.windowLine(windowHours)],
            [R.grounds, grounds.map((each) => R.ground(each.name, each.evidence, each.required)).join("；")],
            [R.override, R.overrideLine(overrideHours)],
            [R.rule, `${source}（${name}，${R.from(from)}）`],
          ]}
        />
        <p className="quiet">{R.edit}</p>
      </div>
    </>
  );
}
