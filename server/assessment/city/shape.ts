/** 对账的样子: how differences, both readings of a line and the comparison of the levels leave the house. */
import { ALL_CAUSES, CAUSES, type Cause } from "@jiesu/core/assessment/causes.ts";
import { ENTRY_SCOPES } from "@jiesu/core/assessment/entry.ts";
import { atLevel } from "@jiesu/core/assessment/level.ts";
import { DIFFERING, type Side } from "@jiesu/core/assessment/reconcile.ts";
import { z } from "zod";
import { ResultOut, resultOut } from "../shape.ts";
import type { UnitName } from "../store.ts";
import { type ComparedUnit, type Comparison, PUBLISHED } from "./compare.ts";
import type { Reckoned, Reconciliation } from "./reckon.ts";
import { ACTS, type Act } from "./reckonstore.ts";
import { isDisputed } from "./settle.ts";

const count = z.number().int();

/** Where the settling of a line stands. */
export const STATES = ["equal", "open", "disputed", "answered"] as const;
type State = (typeof STATES)[number];

export function stateOf(line: Reckoned): State {
  if (line.fields.length === 0) return "equal";
  if (isDisputed(line)) return "disputed";
  return line.acts.some(({ act }) => act === "kept" || act === "corrected") ? "answered" : "open";
}

export const CauseKey = z.enum(ALL_CAUSES as [Cause, ...Cause[]]);

const RulesOut = z.object({ name: z.string(), title: z.string(), standIn: z.boolean() });

export const SummaryOut = z.object({
  period: z.object({ name: z.string(), from: z.string(), to: z.string() }),
  rules: RulesOut,
  file: z.object({ id: z.string(), version: count, fileName: z.string(), rows: count, at: z.string() }),
  /** Lines of the file, those equal to ours, and those that differ or have no round of ours. */
  lines: count,
  equal: count,
  differing: count,
  unnamed: count,
  /** Counted here, but neither called about by the city nor named in its file. */
  unheard: count,
  adopted: count,
  states: z.object({ open: count, disputed: count, answered: count }),
  causes: z.array(
    z.object({
      cause: CauseKey,
      zh: z.string(),
      todo: z.string(),
      lines: count,
      open: count,
      adoptable: count,
    }),
  ),
  /** Names of units in the file that nobody knows, with how many lines. */
  unknownUnits: z.array(z.object({ name: z.string(), lines: count })),
});

export function summaryOut(found: Reconciliation): z.infer<typeof SummaryOut> {
  const { file, lines, period, ruleSet, standIn, unheard } = found;
  const differing = lines.filter(({ fields }) => fields.length > 0);
  const states = Map.groupBy(differing, stateOf);
  const byCause = Map.groupBy(differing, ({ cause }) => cause);
  const unknown = Map.groupBy(
    lines.filter(({ unitKnown }) => !unitKnown),
    ({ line }) => line?.unit ?? "",
  );
  return {
    period,
    rules: { name: ruleSet.name, title: ruleSet.title, standIn },
    file: {
      ...{ id: file.id, version: file.version ?? 0, fileName: file.fileName, rows: file.rows },
      at: (file.confirmedAt ?? file.createdAt).toISOString(),
    },
    lines: lines.filter(({ line }) => line !== null).length,
    equal: lines.length - differing.length,
    differing: differing.filter(({ line }) => line !== null).length,
    unnamed: differing.filter(({ line }) => line === null).length,
    unheard,
    adopted: lines.filter(({ acts }) => acts.some(({ act }) => act === "adopted")).length,
    states: {
      open: states.get("open")?.length ?? 0,
      disputed: states.get("disputed")?.length ?? 0,
      answered: states.get("answered")?.length ?? 0,
    },
    causes: CAUSES.flatMap(({ cause, zh, todo }) => {
      const its = byCause.get(cause) ?? [];
      if (its.length === 0) return [];
      const open = its.filter((line) => stateOf(line) === "open").length;
      return [
        {
          cause,
          zh,
          todo,
          lines: its.length,
          open,
          adoptable: its.filter(({ adoptable }) => adoptable).length,
        },
      ];
    }),
    unknownUnits: [...unknown].map(([name, its]) => ({ name, lines: its.length })),
  };
}

const UnitOut = z.object({ id: z.string(), name: z.string() }).nullable();
const ReadingOut = z
  .object({
    unit: UnitOut,
    scope: z.enum(ENTRY_SCOPES),
    valid: z.boolean(),
    contacted: z.string().nullable(),
    solved: z.string().nullable(),
    satisfied: z.string().nullable(),
  })
  .nullable();

export const LineOut = z.object({
  key: z.string(),
  number: z.string(),
  /** Row of the file; null for a round that the file does not name. */
  row: count.nullable(),
  unitSaid: z.string(),
  ground: z.string(),
  cause: CauseKey.nullable(),
  causeZh: z.string(),
  fields: z.array(z.enum(DIFFERING)),
  state: z.enum(STATES),
  adoptable: z.boolean(),
  ticket: z.object({ id: z.string(), number: z.string(), round: count, void: z.boolean() }).nullable(),
  byHand: z.boolean(),
  city: ReadingOut,
  /** As we have it at the city's level, counted here or not. */
  ours: ReadingOut,
});

export function lineOut(line: Reckoned, names: ReadonlyMap<string, UnitName>): z.infer<typeof LineOut> {
  const { round, cause } = line;
  const unitOf = (id: string) => {
    const unit = names.get(id);
    return unit ? { id, name: unit.shortName } : null;
  };
  const readingOf = (side: Side | null) =>
    side === null ? null : { unit: unitOf(side.unitId), ...side.entry };
  return {
    key: line.key,
    number: line.line?.number ?? round?.number ?? "",
    row: line.line?.row ?? null,
    unitSaid: line.line?.unit ?? "",
    ground: line.line?.ground ?? "",
    cause,
    causeZh: CAUSES.find((each) => each.cause === cause)?.zh ?? "",
    fields: [...line.fields],
    state: stateOf(line),
    adoptable: line.adoptable,
    ticket:
      round === null
        ? null
        : { id: round.ticketId, number: round.number, round: round.round, void: round.void },
    byHand: line.match?.ok === true && line.match.by === "hand",
    city: readingOf(line.city),
    ours:
      round === null ? null : readingOf({ unitId: round.unitId ?? "", entry: atLevel(round.kept, "city") }),
  };
}

/** The units that lines name on either side. */
export const unitsIn = (lines: readonly Reckoned[]): readonly string[] =>
  [
    ...new Set(
      lines.flatMap(({ city, ours, round }) =>
        [city?.unitId, ours?.unitId, round?.unitId].filter((id) => typeof id === "string" && id !== ""),
      ),
    ),
  ].filter((id): id is string => typeof id === "string");

export const ActOut = z.object({
  act: z.enum(ACTS),
  note: z.string(),
  at: z.iso.datetime(),
  by: z.string(),
});
export const actOut = ({ act, note, at, by }: Act): z.infer<typeof ActOut> => ({
  ...{ act, note, by },
  at: at.toISOString(),
});

const PlaceOut = ResultOut.pick({ tickets: true, base: true, score: true, text: true })
  .extend({ rank: count.nullable() })
  .nullable();

export const ComparedOut = z.object({
  unit: z.object({ id: z.string(), name: z.string(), shortName: z.string(), kind: z.string() }).nullable(),
  said: z.string(),
  published: z
    .object({
      row: count,
      tickets: count.nullable(),
      base: count.nullable(),
      response: z.string().nullable(),
      solution: z.string().nullable(),
      satisfaction: z.string().nullable(),
      score: z.string().nullable(),
      rank: count.nullable(),
      unlike: z.array(z.enum(PUBLISHED)),
    })
    .nullable(),
  lines: PlaceOut,
  ours: PlaceOut,
  district: PlaceOut,
  differing: count,
  unexplained: count,
});

export const ComparisonOut = z.object({
  period: z.object({ name: z.string(), from: z.string(), to: z.string() }),
  rules: RulesOut,
  districtRules: z.string(),
  linesFile: z.object({ id: z.string(), version: count }).nullable(),
  sheet: z.object({ id: z.string(), version: count }).nullable(),
  units: z.array(ComparedOut),
});

export function comparisonOut(found: Comparison): z.infer<typeof ComparisonOut> {
  const { period, ruleSet, standIn, district, reconciliation, sheet, units } = found;
  const refTo = (file: { readonly id: string; readonly version: number | null } | null | undefined) =>
    file ? { id: file.id, version: file.version ?? 0 } : null;
  return {
    period,
    rules: { name: ruleSet.name, title: ruleSet.title, standIn },
    districtRules: district.title,
    linesFile: refTo(reconciliation?.file),
    sheet: refTo(sheet),
    units: units.map((unit) => comparedOut(unit, found)),
  };
}

function comparedOut(unit: ComparedUnit, { ruleSet, district }: Comparison): z.infer<typeof ComparedOut> {
  const place = (ranked: ComparedUnit["ours"], rules: typeof ruleSet): z.infer<typeof PlaceOut> => {
    if (ranked === null) return null;
    const { tickets, base, score, text } = resultOut(ranked, rules);
    return { tickets, base, score, text, rank: ranked.rank };
  };
  const { published } = unit;
  return {
    unit: unit.unit,
    said: unit.said,
    published: published && {
      ...{ row: published.row, tickets: published.tickets, base: published.base, rank: published.rank },
      response: published.responseRate,
      solution: published.solutionRate,
      satisfaction: published.satisfactionRate,
      score: published.score,
      unlike: [...published.unlike],
    },
    lines: place(unit.lines, ruleSet),
    ours: place(unit.ours, ruleSet),
    district: place(unit.district, district),
    differing: unit.differing,
    unexplained: unit.unexplained,
  };
}
