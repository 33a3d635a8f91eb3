/** 工单纸面. A ticket as an office prints it: a headed table on A4, black on white, one row a fact, signatures below. */
import { isLevel, LEVELS } from "@jiesu/core/deadline/level.ts";
import type { ReactNode } from "react";
import type { Clear, TicketDetail } from "../../../api/types.ts";
import { T } from "../../../texts.ts";
import { minuteText } from "../../../ui/dates.ts";
import { talksOf } from "./Talks.tsx";
import { whoOf, wordsOf } from "./Timeline.tsx";

const P = T.ticket.print;
const N = T.tickets.names;

export type Part = keyof typeof P.part;

export interface SheetData {
  readonly ticket: TicketDetail;
  /** In clear for this printing, else null. */
  readonly requester: Clear | null;
  readonly printedAt: string;
  readonly printedBy: string;
}

export function Sheet({ of: data, parts }: { of: SheetData; parts: readonly Part[] }) {
  const { ticket, requester } = data;
  const person = requester ?? ticket.requester;
  const has = (part: Part) => parts.includes(part);
  const talks = talksOf(ticket);
  const files = ticket.attachments.filter((file) => file.hidden === null);
  return (
    <div className="sheet">
      <p className="sheet-centre">{P.centre}</p>
      <p className="sheet-title">{P.sheet}</p>
      <p className="sheet-line">
        <span>
          {P.number}：{ticket.number}
        </span>
        <span>
          {P.status}：{ticket.stateZh}
        </span>
      </p>
      <table>
        <tbody>
          <Pair a={[N.channel, ticket.channel]} b={[N.received, minuteText(ticket.receivedAt)]} />
          <Pair a={[N.kind, ticket.kind]} b={[P.level, levelZh(ticket.level)]} />
          <Pair
            a={[N.category, ticket.category]}
            b={[N.street, [ticket.street, ticket.community].filter(Boolean).join(" ")]}
          />
          <Wide zh={N.address}>{ticket.address}</Wide>
          <Pair
            a={[T.tickets.requester.title, person?.name]}
            b={[T.tickets.requester.phone, person?.phone]}
          />
          <Pair
            a={[N.leadUnit, ticket.leadUnit?.name]}
            b={[N.cityDue, ticket.cityDueAt && minuteText(ticket.cityDueAt)]}
          />
          <Wide zh={P.content} tall>
            {requester?.content || ticket.content}
          </Wide>
          {has("reply") && (
            <Wide zh={P.part.reply} tall>
              {ticket.reply}
            </Wide>
          )}
          {has("assignments") && (
            <Wide zh={P.part.assignments}>
              {ticket.assignments.map((a) => (
                <p key={a.id}>
                  {sentences([
                    `${T.tickets.round(a.round)} ${a.part === "lead" ? T.tickets.assignment.lead : T.tickets.assignment.co}：${a.unit.name}`,
                    stepsOf(a),
                    a.part === "lead" && a.opinion && `${T.tickets.assignment.opinion}：${a.opinion}`,
                    a.report &&
                      !(has("reply") && a.report === ticket.reply) &&
                      `${T.tickets.assignment.report}：${a.report}`,
                  ])}
                </p>
              ))}
            </Wide>
          )}
          {has("callbacks") && (
            <Wide zh={P.part.callbacks}>
              {ticket.callbacks.map((c) => (
                <p key={`${c.at} ${c.source}`}>
                  {sentences([
                    `${minuteText(c.at)} ${c.source === "city" ? T.tickets.city : T.tickets.own}回访：${word(T.tickets.callOutcomes, c.outcome)}`,
                    c.outcome === "answered" &&
                      [
                        `${T.moves.fields.contacted} ${word(T.tickets.answers, c.contacted)}`,
                        `${T.moves.fields.solved} ${word(T.tickets.answers, solvedKey(c.solved))}`,
                        `${T.moves.fields.satisfied} ${word(T.tickets.answers, c.satisfied)}`,
                      ].join("，"),
                    c.reason && T.tickets.because(c.reason),
                  ])}
                </p>
              ))}
            </Wide>
          )}
          {has("talks") && (
            <Wide zh={P.part.talks}>
              {talks.map((talk) => (
                <p key={talk.id}>
                  {minuteText(talk.talkedAt)} {talk.way} {talk.person}：{talk.said}
                  {talk.outcome && `（${T.ticket.talks.outcome}：${talk.outcome}）`}
                </p>
              ))}
            </Wide>
          )}
          {has("attachments") && (
            <Wide zh={P.part.attachments}>
              {files.map((file, i) => (
                <p key={file.id}>
                  {i + 1}. {file.name}（{file.userName}，{minuteText(file.at)}）
                </p>
              ))}
            </Wide>
          )}
          {has("history") && (
            <Wide zh={P.part.history}>
              {[...ticket.events]
                .reverse()
                .filter((event) => event.kind !== "cityTalk" || has("talks"))
                .map((event) => (
                  <p key={event.id}>
                    {minuteText(event.at)} {event.zh}（{whoOf(event)}）
                    {[
                      ...event.changes.map(
                        ({ zh, before, after }) => `${zh}${before === null ? "" : ` ${before} →`} ${after}`,
                      ),
                      ...wordsOf(event),
                    ].join("；")}
                  </p>
                ))}
            </Wide>
          )}
        </tbody>
      </table>
      <p className="sheet-signatures">
        {P.signatures.map((zh) => (
          <span key={zh}>{zh}：</span>
        ))}
      </p>
      <p className="sheet-line sheet-foot">
        <span>{P.printed(data.printedBy, minuteText(data.printedAt))}</span>
        <span>{ticket.requester === null ? "" : requester ? P.clearNote : P.masked}</span>
      </p>
    </div>
  );
}

type Fact = readonly [zh: string, value: string | null | undefined];

function Pair({ a, b }: { a: Fact; b: Fact }) {
  return (
    <tr>
      <th scope="row">{a[0]}</th>
      <td>{a[1] || P.none}</td>
      <th scope="row">{b[0]}</th>
      <td>{b[1] || P.none}</td>
    </tr>
  );
}

function Wide({ zh, tall, children }: { zh: string; tall?: boolean; children: ReactNode }) {
  const empty = children === "" || children === null || (Array.isArray(children) && children.length === 0);
  return (
    <tr data-tall={tall || undefined}>
      <th scope="row">{zh}</th>
      <td colSpan={3}>{empty ? P.none : children}</td>
    </tr>
  );
}

function stepsOf(a: TicketDetail["assignments"][number]): string {
  const A = T.tickets.assignment;
  const steps: readonly (readonly [string, string | null])[] = [
    [A.dispatched, a.dispatchedAt],
    [A.accepted, a.acceptedAt],
    [A.contacted, a.contactedAt],
    [A.reported, a.reportedAt],
  ];
  return steps.flatMap(([zh, at]) => (at ? [`${zh} ${minuteText(at)}`] : [])).join("，");
}

/** Sentences one after the other, each with one full stop. */
function sentences(of: readonly (string | false | null)[]): string {
  return of.flatMap((one) => (one ? [`${one.trim().replace(/[。；]+$/u, "")}。`] : [])).join("");
}

function levelZh(level: number): string {
  return isLevel(level) ? `${LEVELS[level].short}（${LEVELS[level].zh}）` : "";
}

const solvedKey = (solved: string | null): string | null =>
  solved === "yes" ? "solved" : solved === "no" ? "unsolved" : solved;

function word(words: Readonly<Record<string, string>>, key: string | null): string {
  return key === null ? T.tickets.blank : (words[key] ?? key);
}
