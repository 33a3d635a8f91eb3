/** 抽访方案. Its call list with the talk, its results, and how it was drawn. */
import { DownloadOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Button, Segmented } from "antd";
import { sentenceOf } from "../../api/problem.ts";
import type { SamplingPlan } from "../../api/types.ts";
import { SAMPLING } from "../../texts/sampling.ts";
import { T } from "../../texts.ts";
import { minuteText } from "../../ui/dates.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { Failed, Loading, Notice } from "../../ui/States.tsx";
import { WorkTable } from "../../ui/WorkTable.tsx";
import { planQuery } from "./queries.ts";
import { SampleCalls } from "./SampleCalls.tsx";
import { SampleResults } from "./SampleResults.tsx";
import "../exemption/exemption.css";
import "./sampling.css";

const S = SAMPLING;
const TABS = ["calls", "results", "parts"] as const;

export default function PlanPage() {
  const { id } = useParams({ from: "/sampling/$id" });
  const search = useSearch({ from: "/sampling/$id" });
  const navigate = useNavigate({ from: "/sampling/$id" });
  const plan = useQuery(planQuery(id));
  if (plan.isPending) return <Loading what={T.loading} />;
  if (plan.isError) return <Failed sentence={sentenceOf(plan.error)} retry={() => void plan.refetch()} />;
  const { data } = plan;
  const done = data.answered + data.refused + data.unreached;
  const tab = search.tab ?? "calls";
  return (
    <PageShell
      title={data.name}
      about={`${data.from} ${S.to} ${data.to} · ${data.channels.join("、")} · ${S.sample} ${data.drawn} / ${data.frame} · ${S.progress} ${done} · ${data.counted ? S.counted : S.notCounted}`}
      actions={
        <Button icon={<DownloadOutlined aria-hidden="true" />} href={`/api/sampling/plans/${id}/book.xlsx`}>
          {S.excel}
        </Button>
      }
    >
      <div className="list-tabs">
        <Segmented
          aria-label={S.views}
          options={TABS.map((each) => ({ value: each, label: S.tabs[each] }))}
          value={tab}
          onChange={(to) =>
            void navigate({ search: to === "results" || to === "parts" ? { tab: to } : {}, replace: true })
          }
        />
      </div>
      {tab === "calls" ? (
        <SampleCalls id={id} />
      ) : tab === "results" ? (
        <SampleResults id={id} />
      ) : (
        <Parts of={data} />
      )}
    </PageShell>
  );
}

function Parts({ of: plan }: { of: SamplingPlan }) {
  return (
    <section className="card">
      <div className="sampling-form">
        <p>
          {S.by(plan.drawnBy, minuteText(plan.drawnAt))} · {S.strataNames[plan.strata]} ·{" "}
          {S.seedOf(plan.seed)}
        </p>
        <Notice tone={plan.repeated ? "plain" : "wrong"}>{plan.repeated ? S.repeated : S.notRepeated}</Notice>
      </div>
      <WorkTable
        label={S.tabs.parts}
        columns={[
          {
            key: "part",
            title: S.part,
            cell: (row) => [row.channel, row.unitName].filter((each) => each !== null).join(" · "),
          },
          {
            key: "share",
            title: S.share,
            align: "right",
            nowrap: true,
            cell: (row) => `${row.drawn} / ${row.of}`,
          },
        ]}
        rows={plan.parts}
        rowKey={(row) => `${row.channel ?? ""} ${row.unitId ?? ""}`}
      />
    </section>
  );
}
