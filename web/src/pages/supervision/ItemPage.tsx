/** 一件督办. What is asked and of whom, its clocks, its steps with their files, and the steps that are mine now. */
import { standingWords } from "@jiesu/core/deadline/words.ts";
import { SUPERVISION_STATES } from "@jiesu/core/supervision/lifecycle.ts";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { sentenceOf } from "../../api/problem.ts";
import { SUPERVISION } from "../../texts/supervision.ts";
import { T } from "../../texts.ts";
import { DetailPanel, Facts } from "../../ui/DetailPanel.tsx";
import { minuteText } from "../../ui/dates.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { Failed, Loading, Notice } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { LevelTag } from "./ItemsPage.tsx";
import { type Item, itemQuery } from "./queries.ts";
import { StepPanel } from "./StepPanel.tsx";
import "../exemption/exemption.css";
import "./supervision.css";

const S = SUPERVISION;

export default function ItemPage() {
  const { id } = useParams({ from: "/supervision/$id" });
  const found = useQuery(itemQuery(id));
  const one = found.data;
  return (
    <PageShell
      title={one ? one.title : S.title}
      about={
        one && `${one.originZh} · ${one.stateZh}${one.units[0] ? ` · ${S.lead} ${one.units[0].name}` : ""}`
      }
      actions={
        <Link to="/supervision" search={{}}>
          {S.toList}
        </Link>
      }
    >
      {found.isPending ? (
        <Loading what={T.loading} />
      ) : found.isError ? (
        <Failed sentence={sentenceOf(found.error)} retry={() => void found.refetch()} />
      ) : (
        <div className="case">
          <div>
            <StepPanel key={found.data.id} item={found.data} />
            <History of={found.data} />
          </div>
          <div>
            <About of={found.data} />
            <Clocks of={found.data} />
          </div>
        </div>
      )}
    </PageShell>
  );
}

function About({ of: one }: { of: Item }) {
  const F = S.facts;
  const at = (iso: string | null) => (iso === null ? null : minuteText(iso));
  return (
    <DetailPanel
      title={F.title}
      extra={
        <>
          <LevelTag row={one} /> <Tag tone="strong">{one.stateZh}</Tag>
        </>
      }
    >
      {one.asked !== null && <Notice tone="near">{S.askedDays(one.asked)}</Notice>}
      <Facts
        of={[
          [
            F.matter,
            <span key="matter" className="case-words">
              {one.matter}
            </span>,
          ],
          [S.units, one.units.map((unit, i) => `${unit.name}${i === 0 ? `（${S.lead}）` : ""}`).join("、")],
          [F.leader, one.leader],
          [F.notedOn, one.notedOn],
          [F.given, at(one.givenDueAt)],
          [F.arrived, at(one.arrivedAt)],
          [
            F.forwarded,
            one.forwardedAt === null ? null : (
              <span key="forwarded">
                {minuteText(one.forwardedAt)}{" "}
                {one.forwardedLate === true && <Tag tone="overdue">{S.lateMark}</Tag>}
              </span>
            ),
          ],
          [F.answered, at(one.answeredAt)],
          [F.ended, at(one.endedAt)],
          [F.period, one.period],
          [F.created, one.createdBy],
          [
            F.tickets,
            one.tickets.length === 0 ? null : (
              <ul key="tickets" className="supervision-tickets">
                {one.tickets.map((ticket) => (
                  <li key={ticket.id}>
                    <Link to="/tickets/$id" params={{ id: ticket.id }}>
                      {ticket.number}
                    </Link>{" "}
                    <span className="quiet">
                      {ticket.title} {ticket.stateZh}
                    </span>
                  </li>
                ))}
              </ul>
            ),
          ],
        ]}
      />
    </DetailPanel>
  );
}

function Clocks({ of: one }: { of: Item }) {
  return (
    <DetailPanel title={S.clocks}>
      <ol className="step-list">
        {one.clocks.map((clock) => (
          <li key={`${clock.kind} ${clock.startedAt}`}>
            <time dateTime={clock.dueAt}>{minuteText(clock.dueAt)}</time>
            <span>
              <strong>{clock.zh}</strong>{" "}
              {clock.state === "running" ? (
                <Tag
                  tone={one.standing === "overdue" ? "overdue" : one.standing === "near" ? "near" : "plain"}
                >
                  {one.leftMs === null
                    ? S.clockRuns
                    : standingWords({
                        ...{ state: "running", near: one.standing === "near" },
                        ...{ overdue: one.standing === "overdue", leftMs: one.leftMs },
                      })}
                </Tag>
              ) : (
                <Tag tone={clock.late ? "overdue" : "plain"}>{clock.late ? S.clockLate : S.clockOnTime}</Tag>
              )}
            </span>
          </li>
        ))}
      </ol>
      <p className="quiet">{S.rules(one.rules.name, one.rules.source)}</p>
    </DetailPanel>
  );
}

function History({ of: one }: { of: Item }) {
  const files = new Map(one.files.map((file) => [file.id, file]));
  const named = new Set(one.steps.flatMap((step) => step.fileIds));
  const loose = one.files.filter((file) => !named.has(file.id));
  return (
    <>
      <DetailPanel title={S.steps}>
        <ol className="step-list">
          {one.steps.map((step) => (
            <li key={step.id}>
              <time dateTime={step.at}>{minuteText(step.at)}</time>
              <span>
                <strong>{step.zh}</strong>{" "}
                <span className="quiet">
                  {[step.by, step.roleZh, step.unit]
                    .filter((word) => word !== null && word !== "")
                    .join(" · ")}
                </span>
                {step.told.map(({ zh, text }) => (
                  <span key={zh} className="supervision-told">
                    {zh}：{text}
                  </span>
                ))}
                {step.text !== "" && <span className="case-words supervision-said">{step.text}</span>}
                {step.fileIds.length > 0 && (
                  <FileLinks
                    item={one.id}
                    files={step.fileIds.flatMap((fileId) => {
                      const file = files.get(fileId);
                      return file ? [file] : [];
                    })}
                  />
                )}
              </span>
            </li>
          ))}
        </ol>
      </DetailPanel>
      {loose.length > 0 && (
        <DetailPanel title={S.files}>
          <FileLinks item={one.id} files={loose} />
        </DetailPanel>
      )}
      {one.moves.length === 0 && <p className="quiet">{S.waitsFor[SUPERVISION_STATES[one.state].held]}</p>}
    </>
  );
}

function FileLinks({ item, files }: { item: string; files: readonly Item["files"][number][] }) {
  return (
    <ul className="supervision-files">
      {files.map((file) => {
        const href = `/api/supervision/${item}/files/${file.id}?show=1`;
        return (
          <li key={file.id}>
            <a href={href} target="_blank" rel="noreferrer">
              {file.mime.startsWith("image/") && file.mime !== "image/heic" && <img src={href} alt="" />}
              <span>{file.name}</span>
            </a>
          </li>
        );
      })}
    </ul>
  );
}
