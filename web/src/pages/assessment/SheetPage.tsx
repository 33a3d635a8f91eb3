/** 一份成绩单. Its figures, its text, how it stands to the ledger, and the step that is mine. */
import { DownloadOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Button } from "antd";
import { sentenceOf } from "../../api/problem.ts";
import { useSession } from "../../api/session.ts";
import type { ScoreSheet } from "../../api/types.ts";
import { SHEETS as W } from "../../texts/sheets.ts";
import { T } from "../../texts.ts";
import { Facts } from "../../ui/DetailPanel.tsx";
import { minuteText } from "../../ui/dates.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { Failed, Loading } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { AssessTabs } from "./AssessTabs.tsx";
import { SheetActs } from "./SheetActs.tsx";
import { SheetDifferences } from "./SheetDifferences.tsx";
import { SheetTable } from "./SheetTable.tsx";
import { SheetWords } from "./SheetWords.tsx";
import { sheetFile, sheetQuery } from "./sheetqueries.ts";
import "./assessment.css";

const STEPS: Readonly<Record<string, string>> = W.steps;

export default function SheetPage() {
  const { id } = useParams({ from: "/assessment/sheets/$id" });
  const session = useSession();
  const sheet = useQuery(sheetQuery(id));
  return (
    <PageShell
      title={sheet.data?.title ?? W.title}
      actions={
        <>
          {sheet.data?.mayDownload && <Downloads id={id} />}
          <Link to="/assessment/sheets">{W.back}</Link>
        </>
      }
    >
      <AssessTabs />
      {sheet.isPending ? (
        <Loading what={T.loading} />
      ) : sheet.isError ? (
        <Failed sentence={sentenceOf(sheet.error)} retry={() => void sheet.refetch()} />
      ) : (
        <>
          <Head sheet={sheet.data} />
          <SheetTable sheet={sheet.data} />
          <SheetWords key={sheet.data.edition} sheet={sheet.data} />
          {session.unit === null && <SheetDifferences sheet={sheet.data} />}
          {sheet.data.steps.length > 0 && <History sheet={sheet.data} />}
        </>
      )}
    </PageShell>
  );
}

function Downloads({ id }: { id: string }) {
  const icon = <DownloadOutlined aria-hidden="true" />;
  return (
    <>
      <Button icon={icon} href={sheetFile(id, "docx")}>
        {W.word}
      </Button>
      <Button icon={icon} href={sheetFile(id, "xlsx")}>
        {W.excel}
      </Button>
    </>
  );
}

function Head({ sheet }: { sheet: ScoreSheet }) {
  return (
    <section className="card ledger-card" aria-label={W.facts}>
      <header className="card-head">
        <h2>
          {sheet.period} {sheet.levelZh}
          {sheet.version > 1 && ` ${W.version(sheet.version)}`}
        </h2>
        <Tag tone={sheet.state === "published" ? "mine" : "strong"}>{sheet.stateZh}</Tag>
        {sheet.provisional && <Tag tone="near">{W.provisional}</Tag>}
        <SheetActs sheet={sheet} />
      </header>
      <div className="ledger-inner">
        <Facts
          of={[
            [W.period, W.span(sheet.from, sheet.to)],
            [W.scope, sheet.scopeZh],
            [W.rules, sheet.rules.title],
            [W.basis, `${W.bases[sheet.basis]} · ${W.takenAt(minuteText(sheet.takenAt))}`],
            [W.number, sheet.number],
            [W.reason, sheet.reason],
            [W.published, sheet.publishedAt && `${sheet.publishedBy} ${minuteText(sheet.publishedAt)}`],
          ]}
        />
        {sheet.files.length > 0 && (
          <details className="rank-notes">
            <summary>{W.digest}</summary>
            <p className="quiet">{W.digestAbout}</p>
            <ul>
              {sheet.files.map((file) => (
                <li key={file.kind}>
                  {file.name} <span className="ledger-digest">SHA-256 {file.sha256}</span>
                </li>
              ))}
            </ul>
          </details>
        )}
      </div>
    </section>
  );
}

function History({ sheet }: { sheet: ScoreSheet }) {
  return (
    <section className="card ledger-card" aria-label={W.history}>
      <header className="card-head">
        <h2>{W.history}</h2>
      </header>
      <ol className="ledger-inner sheet-history">
        {sheet.steps.map((step) => (
          <li key={`${step.at} ${step.step} ${step.by}`}>
            <span className="quiet">{minuteText(step.at)}</span> {step.by} {STEPS[step.step] ?? step.step}
            {step.note && `：${step.note}`}
          </li>
        ))}
      </ol>
    </section>
  );
}
