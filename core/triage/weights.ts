/** 派单建议分值. How many points each kind of evidence is worth: dated data under rules/triage/, and its checked reader. */
import type { Version } from "../rules/effective.ts";
import { dayIn, fieldsOf, listOf, type Parsed, parsed, type Say, wordsOf } from "../rules/problem.ts";
import type { PlaceSettings } from "./gazetteer.ts";

/** Every kind of evidence, in whole points from 0 to 1000. Where a name can mean several streets they share the points. */
const EVIDENCE = [
  "categoryUnit", // 分类的默认承办单位
  "categoryStreet", // 该类一般由属地街镇办理: to streets that other evidence names
  "streetField", // 工单登记的街乡镇
  "communityField", // 工单登记的社区（村）
  "streetInAddress", // 地址中的街镇
  "streetInText", // 文中写明街镇: 四季青镇
  "streetBare", // 文中只有名字: 清河, 学院路 (it may be a river or a road)
  "firstNamed", // 最先提到的街镇
  "communityFull", // 翠微南里社区
  "communityBare", // 翠微南里
  "communityFamily", // 定慧北里, of 定慧北里第一社区
  "communityKin", // 翠微烟雨公园, beginning like several communities of one street
  "earlier", // 同一诉求人的历史工单, each
  "earlierSameCategory", // the same, of this category
  "earlierMost", // at most so many from earlier tickets
  "historyMost", // 同类工单历史去向: the unit's share of it
  "habitMost", // 地名惯例: the share of the tickets naming a landmark that belonged to the street
] as const;
export type EvidenceKind = (typeof EVIDENCE)[number];

export interface TriageWeights {
  readonly points: Readonly<Record<EvidenceKind, number>>;
  /** Fewer like tickets than this say nothing. */
  readonly historyLeast: number;
  /** Fewer tickets naming a landmark than this say nothing. */
  readonly habitLeast: number;
  /** A street with less than this share of them, in percent, gets nothing. */
  readonly habitShare: number;
  readonly place: PlaceSettings;
}

/** A version out of parsed JSON, or everything that is wrong with it. */
export function parseTriageWeights(input: unknown): Parsed<Version<TriageWeights>> {
  return parsed((say) => {
    const top = fieldsOf(
      input,
      "",
      ["name", "from", "source", "approvedBy", "points", "historyLeast", "habitLeast", "habitShare", "place"],
      say,
    );
    return {
      name: wordsOf(top.name, "name", say),
      from: dayIn(top.from, "from", say),
      source: wordsOf(top.source, "source", say),
      ...(top.approvedBy === undefined ? {} : { approvedBy: wordsOf(top.approvedBy, "approvedBy", say) }),
      body: {
        points: pointsIn(top.points, say),
        historyLeast: wholeIn(top.historyLeast, "historyLeast", 1, say),
        habitLeast: wholeIn(top.habitLeast, "habitLeast", 2, say),
        habitShare: wholeIn(top.habitShare, "habitShare", 0, say),
        place: placeIn(top.place, say),
      },
    };
  });
}

function pointsIn(input: unknown, say: Say): TriageWeights["points"] {
  const raw = fieldsOf(input, "points", EVIDENCE, say);
  const of = (kind: EvidenceKind): number => wholeIn(raw[kind], `points.${kind}`, 0, say);
  return {
    categoryUnit: of("categoryUnit"),
    categoryStreet: of("categoryStreet"),
    streetField: of("streetField"),
    communityField: of("communityField"),
    streetInAddress: of("streetInAddress"),
    streetInText: of("streetInText"),
    streetBare: of("streetBare"),
    firstNamed: of("firstNamed"),
    communityFull: of("communityFull"),
    communityBare: of("communityBare"),
    communityFamily: of("communityFamily"),
    communityKin: of("communityKin"),
    earlier: of("earlier"),
    earlierSameCategory: of("earlierSameCategory"),
    earlierMost: of("earlierMost"),
    historyMost: of("historyMost"),
    habitMost: of("habitMost"),
  };
}

function placeIn(input: unknown, say: Say): PlaceSettings {
  const raw = fieldsOf(input, "place", ["district", "otherDistricts", "commonWords"], say);
  const words = (key: "otherDistricts" | "commonWords"): readonly string[] =>
    listOf(raw[key], `place.${key}`, say).map((word, i) => wordsOf(word, `place.${key}[${i}]`, say));
  const district = wordsOf(raw.district, "place.district", say);
  if (district !== "" && !/.区$/u.test(district)) say("place.district", "应为本区全称，如 海淀区");
  return { district, otherDistricts: words("otherDistricts"), commonWords: words("commonWords") };
}

function wholeIn(input: unknown, path: string, least: number, say: Say): number {
  if (typeof input === "number" && Number.isInteger(input) && input >= least && input <= 1000) return input;
  say(path, `应为 ${least} 到 1000 的整数`);
  return least;
}
