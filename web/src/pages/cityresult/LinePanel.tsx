/** 一行. The city's reading and ours side by side, the round it means, and what was decided on it. */
import { ENTRY_SCOPE_NAMES } from "@jiesu/core/assessment/measures.ts";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import type { CityLine, CityLineFull } from "../../api/types.ts";
import { CITY } from "../../texts/cityresult.ts";
import { T } from "../../texts.ts";
import { Choice } from "../../ui/Choice.tsx";
import { DetailPanel } from "../../ui/DetailPanel.tsx";
import { dayText, minuteText } from "../../ui/dates.ts";
import { Failed, Loading } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { say } from "../../ui/toasts.tsx";
import { answerText } from "../assessment/answers.ts";
import { AdoptDialog, DisputeDialog } from "./BulkActs.tsx";
import { MatchForm } from "./MatchForm.tsx";
import { lineQuery, refreshCity } from "./queries.ts";
import { ReasonDialog } from "./ReasonDialog.tsx";

const W = CITY.reconcile;
const FIELDS = ["unit", "scope", "valid", "contacted", "solved", "satisfied"] as const;
type Field = (typeof FIELDS)[number];

export function LinePanel(props: { period: string; lineKey: string; settles: boolean; onClose: () => void }) {
  const { period, lineKey, settles } = props;
  const found = useQuery(lineQuery(period, lineKey));
  if (found.isPending) return <Loading what={T.loading} />;
  if (found.isError) return <Failed sentence={sentenceOf(found.error)} retry={() => void found.refetch()} />;
  const { line, todo } = found.data;
  return (
    <DetailPanel
      title={line.number}
      extra={
        <Button size="small" onClick={props.onClose}>
          {W.close}
        </Button>
      }
    >
      <p>
        <Tag tone={line.state === "open" ? "near" : "plain"}>{W.states[line.state]}</Tag> {line.causeZh}
        {todo && <span className="quiet"> · {todo}</span>}
      </p>
      <Readings line={line} />
      {settles && <Acts key={line.state} period={period} line={line} />}
      {settles && line.row !== null && <MatchForm period={period} full={found.data} />}
      <Told full={found.data} />
    </DetailPanel>
  );
}

function Readings({ line }: { line: CityLine }) {
  const differs = (field: Field) => line.fields.some((each) => each === field);
  return (
    <table className="work-table city-readings">
      <thead>
        <tr>
          <th scope="col">{W.field}</th>
          <th scope="col">{W.city}</th>
          <th scope="col">{W.ours}</th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">{W.ticket}</th>
          <td>{line.row === null ? W.notCounted : `${W.row} ${line.row}`}</td>
          <td>
            {line.ticket === null ? (
              W.notHere
            ) : (
              <>
                <Link to="/tickets/$id" params={{ id: line.ticket.id }}>
                  {line.ticket.number}
                </Link>{" "}
                {W.round(line.ticket.round)} {line.ticket.void && <Tag>{W.voidRound}</Tag>}{" "}
                {line.byHand && <Tag tone="strong">{W.byHand}</Tag>}
              </>
            )}
          </td>
        </tr>
        {FIELDS.map((field) => (
          <tr key={field} data-marked={differs(field) || undefined}>
            <th scope="row">{W.fields[field]}</th>
            <td>{readingText(line.city, field, line.unitSaid)}</td>
            <td>
              {readingText(line.ours, field, "")} {differs(field) && <Tag tone="near">{W.unlike}</Tag>}
            </td>
          </tr>
        ))}
        {line.ground !== "" && (
          <tr>
            <th scope="row">{W.ground}</th>
            <td colSpan={2}>{line.ground}</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

function readingText(reading: CityLine["city"], field: Field, said: string): string {
  if (reading === null) return "—";
  if (field === "unit") return reading.unit?.name ?? said;
  if (field === "scope") return ENTRY_SCOPE_NAMES[reading.scope];
  if (field === "valid") return reading.valid ? W.valid.yes : W.valid.no;
  return answerText(field, reading[field]);
}

function Acts({ period, line }: { period: string; line: CityLine }) {
  const queries = useQueryClient();
  const [asking, setAsking] = useState<"adopt" | "dispute" | "answer" | null>(null);
  const [answer, setAnswer] = useState<"corrected" | "kept" | "dropped" | undefined>("kept");
  const close = () => setAsking(null);
  const answered = async (note: string) => {
    if (answer === undefined) return;
    await bodyOf(
      http.POST("/api/assessment/city-results/{period}/disputes/answer", {
        params: { path: { period } },
        body: { keys: [line.key], answer, note },
      }),
    );
    say(W.answered);
    close();
    await refreshCity(queries);
  };
  return (
    <div className="city-acts">
      {line.adoptable && <Button onClick={() => setAsking("adopt")}>{W.adopt}</Button>}
      {line.state === "disputed" ? (
        <Button onClick={() => setAsking("answer")}>{W.answer}</Button>
      ) : (
        line.state !== "equal" && <Button onClick={() => setAsking("dispute")}>{W.dispute}</Button>
      )}
      {asking === "adopt" && (
        <AdoptDialog period={period} count={1} keys={[line.key]} onClose={close} onDone={close} />
      )}
      {asking === "dispute" && (
        <DisputeDialog period={period} keys={[line.key]} onClose={close} onDone={close} />
      )}
      {asking === "answer" && (
        <ReasonDialog
          title={W.answer}
          label={W.answerNote}
          draft={`city-answer.${period}.${line.key}`}
          mayBeBlank
          onClose={close}
          onSend={answered}
        >
          <Choice
            label={W.answer}
            options={(["corrected", "kept", "dropped"] as const).map((value) => ({
              value,
              label: W.answers[value],
            }))}
            value={answer}
            onChange={setAnswer}
          />
        </ReasonDialog>
      )}
    </div>
  );
}

/** What was decided and matched, in order of time; and the rounds that the number has. */
function Told({ full }: { full: CityLineFull }) {
  const told = [
    ...full.acts.map(({ act, note, at, by }) => ({ what: W.actNames[act], note, at, by })),
    ...full.matchings.map(({ number, round, reason, at, by }) => ({
      what: W.matching(number, round),
      note: reason,
      at,
      by,
    })),
  ].toSorted((a, b) => (a.at < b.at ? -1 : 1));
  return (
    <>
      {full.candidates.length > 0 && (
        <>
          <h4>{W.candidates}</h4>
          <ul className="city-told">
            {full.candidates.map(({ ticketId, number, round, unit, countedAt, void: isVoid }) => (
              <li key={`${ticketId} ${round}`}>
                <Link to="/tickets/$id" params={{ id: ticketId }}>
                  {number}
                </Link>{" "}
                {W.round(round)} · {unit} · {dayText(countedAt)} {isVoid && <Tag>{W.voidRound}</Tag>}
              </li>
            ))}
          </ul>
        </>
      )}
      {told.length > 0 && (
        <>
          <h4>{W.acts}</h4>
          <ul className="city-told">
            {told.map(({ what, note, at, by }) => (
              <li key={`${at} ${what}`}>
                {minuteText(at)} {by}：{what}
                {note !== "" && <span className="quiet"> · {note}</span>}
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
