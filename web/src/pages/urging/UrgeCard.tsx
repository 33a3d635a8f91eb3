/** 一条催办. What was urged, of whom, by which step or hand, what left the house, and what was answered. */
import { DAY_MS, HOUR_MS, MINUTE_MS } from "@jiesu/core/time/day.ts";
import { URGING } from "../../texts/urging.ts";
import { minuteText, shortText } from "../../ui/dates.ts";
import { useNow } from "../../ui/now.ts";
import { Tag } from "../../ui/Tag.tsx";
import type { Urge } from "./queries.ts";
import "./urging.css";

const U = URGING;
/** So many people are named; the others are counted. */
const NAMED = 4;

export function UrgeWords({ urge }: { urge: Urge }) {
  const now = useNow();
  return (
    <div className="urge-words">
      <p>
        <strong>{urge.step === "hand" ? U.by(urge.byName) : urge.stepZh}</strong>{" "}
        <time className="quiet" dateTime={urge.at}>
          {minuteText(urge.at)}
        </time>
        {urge.clockZh !== null && urge.dueAt !== null && (
          <span className="quiet"> · {U.due(urge.clockZh, shortText(urge.dueAt, now))}</span>
        )}
      </p>
      <p className="urge-text">{urge.words}</p>
      <p className="quiet">
        {U.people}：{peopleText(urge)} · {urge.meansZh.join("、")}
        <Outward of={urge.outward} />
      </p>
    </div>
  );
}

export function UrgeAnswer({ urge }: { urge: Urge }) {
  const now = useNow();
  if (urge.answer !== null)
    return (
      <div className="urge-answer">
        <p className="urge-text">{urge.answer.text}</p>
        <p className="quiet">
          {urge.answer.by} {minuteText(urge.answer.at)}
        </p>
      </div>
    );
  if (urge.settledAt !== null) return <span className="quiet">{U.settled}</span>;
  const age = now - Date.parse(urge.at);
  return <Tag tone={age > DAY_MS ? "overdue" : "near"}>{U.waitsFor(ageText(age))}</Tag>;
}

function Outward({ of }: { of: Urge["outward"] }) {
  const parts = [
    of.sent > 0 ? U.sent(of.sent) : "",
    of.waiting > 0 ? U.waiting(of.waiting) : "",
    of.failed > 0 ? U.failed(of.failed) : "",
  ].filter((words) => words !== "");
  if (parts.length === 0) return null;
  return (
    <>
      {" "}
      · {U.outward} {parts.join("，")}
    </>
  );
}

function peopleText(urge: Urge): string {
  const named = urge.people.slice(0, NAMED).map((p) => `${p.name}（${p.as}）`);
  const rest = urge.people.length - named.length;
  return named.join("、") + (rest > 0 ? ` 等 ${urge.people.length} 人` : "");
}

function ageText(ms: number): string {
  if (ms < HOUR_MS) return `${Math.max(1, Math.round(ms / MINUTE_MS))} 分钟`;
  if (ms < DAY_MS) return `${Math.floor(ms / HOUR_MS)} 小时`;
  return `${Math.floor(ms / DAY_MS)} 天`;
}
