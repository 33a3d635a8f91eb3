/** 现行退单规则. The window, what the clocks do, how often, and each ground with the evidence that it asks for. */
import { useQuery } from "@tanstack/react-query";
import { RETURNS } from "../../texts/returns.ts";
import { DetailPanel, Facts } from "../../ui/DetailPanel.tsx";
import { WorkTable } from "../../ui/WorkTable.tsx";
import { returnRulesQuery } from "./queries.ts";

const R = RETURNS.rules;

export function ReturnRules() {
  const { data: rules } = useQuery(returnRulesQuery);
  if (!rules) return null;
  return (
    <DetailPanel title={R.title} extra={<span className="quiet">{R.from(rules.from)}</span>}>
      <Facts
        of={[
          [R.window, rules.window],
          [R.clocks, rules.clocks],
          [R.max, R.maxOf(rules.maxReturns)],
          [R.source, rules.source],
        ]}
      />
      <WorkTable
        label={R.grounds}
        columns={[
          { key: "zh", title: R.ground, nowrap: true, cell: (row) => row.zh },
          { key: "evidence", title: R.evidence, cell: (row) => row.evidence },
        ]}
        rows={rules.grounds}
        rowKey={(row) => row.code}
      />
    </DetailPanel>
  );
}
