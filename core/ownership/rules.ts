/** 确权规则. Dated data: windows of claims and appeals, whose claims a unit sees, how long a precedent holds, how precedents are found. */
import type { Version } from "../rules/effective.ts";
import { dayIn, fieldsOf, type Parsed, parsed, type Say, wordsOf } from "../rules/problem.ts";
import { addDays, dayOf, endOfDay, HOUR_MS } from "../time/day.ts";

/** What can speak for a precedent, in whole points; beside a place or a category that contradicts it, it is not offered at all. */
const EVIDENCE = [
  "category1", // 一级分类相同
  "category2", // 二级也相同
  "category3", // 三级也相同
  "community", // 同一社区（村）
  "street", // 同一街镇
  "spot", // 文中提到该点位
  "words", // 事项词, all of them; a part of them the same part of the points
] as const;
export type MatchEvidence = (typeof EVIDENCE)[number];

export interface MatchRules {
  readonly points: Readonly<Record<MatchEvidence, number>>;
  /** Fewer points than this are no match. */
  readonly least: number;
  /** So many are offered. */
  readonly shown: number;
}

/** Others' claims are seen by a unit: never before the ruling, once its own is in, or always. */
export const OTHERS_CLAIMS = ["never", "afterOwn", "always"] as const;
export type OthersClaims = (typeof OTHERS_CLAIMS)[number];

export interface OwnershipRules {
  /** Hours from the opening within which units state their claims, by 紧急 (levels 1 and 2) and others. */
  readonly claimHours: { readonly urgent: number; readonly normal: number };
  readonly othersClaims: OthersClaims;
  /** Natural days after the ruling in which a party may appeal, once; until the end of the last. */
  readonly appealDays: number;
  /** Natural days that a precedent holds unless its draft says otherwise. */
  readonly validDays: number;
  readonly match: MatchRules;
}

export function claimUntil(rules: OwnershipRules, openedAt: number, level: number): number {
  return openedAt + (level <= 2 ? rules.claimHours.urgent : rules.claimHours.normal) * HOUR_MS;
}

export function appealUntil(rules: Pick<OwnershipRules, "appealDays">, ruledAt: number): number {
  return endOfDay(addDays(dayOf(ruledAt), rules.appealDays));
}

/** Whether a unit reads what the others claimed. After the ruling everybody who was party does. */
export function seesOthers(
  setting: OthersClaims,
  own: { readonly claimed: boolean; readonly ruled: boolean },
): boolean {
  if (own.ruled || setting === "always") return true;
  return setting === "afterOwn" && own.claimed;
}

export function parseOwnershipRules(input: unknown): Parsed<Version<OwnershipRules>> {
  return parsed((say) => {
    const top = fieldsOf(input, "", ["name", "from", "source", "body"], say);
    const body = fieldsOf(
      top.body,
      "body",
      ["claimHours", "othersClaims", "appealDays", "validDays", "match"],
      say,
    );
    const hours = fieldsOf(body.claimHours, "body.claimHours", ["urgent", "normal"], say);
    const othersClaims = OTHERS_CLAIMS.find((each) => each === body.othersClaims);
    if (othersClaims === undefined) say("body.othersClaims", `应为 ${OTHERS_CLAIMS.join("、")} 之一`);
    return {
      name: wordsOf(top.name, "name", say),
      from: dayIn(top.from, "from", say),
      source: wordsOf(top.source, "source", say),
      body: {
        claimHours: {
          urgent: whole(hours.urgent, "body.claimHours.urgent", 1, say),
          normal: whole(hours.normal, "body.claimHours.normal", 1, say),
        },
        othersClaims: othersClaims ?? "never",
        appealDays: whole(body.appealDays, "body.appealDays", 1, say),
        validDays: whole(body.validDays, "body.validDays", 1, say),
        match: matchIn(body.match, say),
      },
    };
  });
}

function matchIn(input: unknown, say: Say): MatchRules {
  const raw = fieldsOf(input, "body.match", ["points", "least", "shown"], say);
  const points = fieldsOf(raw.points, "body.match.points", EVIDENCE, say);
  const of = (kind: MatchEvidence): number => whole(points[kind], `body.match.points.${kind}`, 0, say);
  return {
    points: {
      category1: of("category1"),
      category2: of("category2"),
      category3: of("category3"),
      community: of("community"),
      street: of("street"),
      spot: of("spot"),
      words: of("words"),
    },
    least: whole(raw.least, "body.match.least", 1, say),
    shown: whole(raw.shown, "body.match.shown", 1, say),
  };
}

function whole(input: unknown, path: string, least: number, say: Say): number {
  if (typeof input === "number" && Number.isInteger(input) && input >= least && input <= 10_000) return input;
  say(path, `应为 ${least} 到 10000 的整数`);
  return least;
}
