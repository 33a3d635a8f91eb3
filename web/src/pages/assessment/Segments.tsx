/** 适用区段. Which days of a period fall under which version of the rules; nothing where one has all of them. */
import { daysText, segmentsText } from "@jiesu/core/assessment/segments.ts";
import type { RankReport } from "../../api/types.ts";
import { ASSESSMENT } from "../../texts/assessment.ts";
import { Tag } from "../../ui/Tag.tsx";

export type RuleSegments = RankReport["rules"]["segments"];

/** The quiet line over figures that several versions made. */
export function Segments({ of }: { of: RuleSegments }) {
  const text = segmentsText(of);
  return (
    text && (
      <p className="quiet rank-about">
        {text}。{ASSESSMENT.segmentsAbout}
      </p>
    )
  );
}

/** The version that reads one ticket. */
export function VersionTag({ of, at }: { of: RuleSegments; at: number }) {
  const segment = of[at];
  return (
    segment && (
      <span title={daysText(segment, of)}>
        <Tag>{segment.title}</Tag>
      </span>
    )
  );
}
