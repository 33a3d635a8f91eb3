/** 一次导入. From what was seen in the file to what came of it; each step shows what will happen before it happens. */
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { sentenceOf } from "../../api/problem.ts";
import type { Batch } from "../../api/types.ts";
import { INTAKE } from "../../texts/intake.ts";
import { T } from "../../texts.ts";
import { Facts } from "../../ui/DetailPanel.tsx";
import { minuteText } from "../../ui/dates.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { Failed, Loading } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { ImportChoices } from "./ImportChoices.tsx";
import { ImportResult } from "./ImportResult.tsx";
import { importQuery } from "./queries.ts";
import "./intake.css";

export default function ImportPage() {
  const { id } = useParams({ from: "/intake/$id" });
  const batch = useQuery(importQuery(id));
  return (
    <PageShell
      title={batch.data?.fileName ?? INTAKE.title}
      about={batch.data && <Tag tone="strong">{statusOf(batch.data)}</Tag>}
      actions={<Link to="/intake">{INTAKE.backToList}</Link>}
    >
      {batch.isPending ? (
        <Loading what={T.loading} />
      ) : batch.isError ? (
        <Failed sentence={sentenceOf(batch.error)} retry={() => void batch.refetch()} />
      ) : (
        <>
          <Steps status={batch.data.status} />
          {batch.data.status !== "uploaded" && <FileFacts batch={batch.data} />}
          {batch.data.status === "uploaded" ? (
            <ImportChoices
              key={`${id}.${batch.data.sheetIndex}.${batch.data.headerRow}`}
              batch={batch.data}
            />
          ) : (
            <ImportResult batch={batch.data} />
          )}
        </>
      )}
    </PageShell>
  );
}

/** Where in the way from the file to its result this import stands. */
function Steps({ status }: { status: Batch["status"] }) {
  const at = status === "uploaded" ? 1 : status === "running" ? 2 : 3;
  return (
    <ol className="import-way" aria-label={INTAKE.way}>
      {INTAKE.steps.map((step, i) => (
        <li key={step} data-now={i === at || undefined} aria-current={i === at ? "step" : undefined}>
          {step}
        </li>
      ))}
    </ol>
  );
}

function statusOf({ undo, statusZh }: Batch): string {
  return undo ? INTAKE.undo.mark(undo.finishedAt !== null, undo.kept) : statusZh;
}

function FileFacts({ batch }: { batch: Batch }) {
  return (
    <div className="card import-facts">
      <Facts
        of={[
          [INTAKE.sheet, batch.sheet],
          [INTAKE.headerRow, INTAKE.rowNo(batch.headerRow)],
          [INTAKE.rows, batch.rows],
          [INTAKE.who, batch.userName],
          [INTAKE.at, minuteText(batch.createdAt)],
        ]}
      />
    </div>
  );
}
