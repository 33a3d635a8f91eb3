/**
 * 梳理. What is found of one closed ticket: what the checks before a closing (core/guard) find, asked again when it is over,
 * and what only the whole course shows. The rules say which finding is a problem of which kind.
 */
import { MINUTE_MS } from "../time/day.ts";

/** What can be looked for; `near` and `overdue` are told by the clocks themselves. */
export const FINDINGS = [
  "near",
  "overdue",
  "contact",
  "empty",
  "short",
  "answers",
  "copied",
  "result",
  "callback",
  "beforeHandled",
  "unapproved",
] as const;
export type Finding = (typeof FINDINGS)[number];

/** One thing found, in words that the unit can check. */
export interface Found {
  readonly finding: Finding;
  readonly said: string;
}

/** The course of the round that was closed. Instants are epoch milliseconds. */
export interface Course {
  /** 直接回复 or 直办: nobody else handled it. */
  readonly byCentre: boolean;
  readonly acceptedAt: number | null;
  readonly contactedAt: number | null;
  readonly reportedAt: number | null;
  readonly outcome: string | null;
  /** Who wrote the centre's own reply, and who approved the closing; null for a machine. */
  readonly repliedBy: string | null;
  readonly approvedBy: string | null;
  /** Whether anybody approved it at all. */
  readonly approved: boolean;
}

/** What the course alone shows. */
export function ofCourse(course: Course, handledMinutes: number): readonly Found[] {
  const found: Found[] = [];
  const { acceptedAt, contactedAt, reportedAt } = course;
  if (acceptedAt !== null && reportedAt !== null && reportedAt - acceptedAt < handledMinutes * MINUTE_MS) {
    const inBetween = contactedAt !== null && contactedAt >= acceptedAt && contactedAt <= reportedAt;
    if (!inBetween || course.outcome === "solved")
      found.push({
        finding: "beforeHandled",
        said: `接收后 ${Math.max(0, Math.floor((reportedAt - acceptedAt) / MINUTE_MS))} 分钟即反馈${course.outcome === "solved" ? "已解决" : "，其间没有联系诉求人"}`,
      });
  }
  if (course.byCentre && !course.approved)
    found.push({ finding: "unapproved", said: "直接回复或直办后结案，没有结案审批记录" });
  else if (course.byCentre && course.repliedBy !== null && course.repliedBy === course.approvedBy)
    found.push({ finding: "unapproved", said: "回复人和结案审批人是同一人" });
  return found;
}
