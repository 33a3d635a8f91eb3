/**
 * 对账. The file in force of a period against our rounds: every line matched, every difference with its probable cause.
 * Reckoned anew at every asking, so that a ticket imported later or a callback recorded meanwhile shows at once.
 */
import { type Cause, causeOf, type Evidence } from "@jiesu/core/assessment/causes.ts";
import { choosePeriod, settingsOf } from "@jiesu/core/assessment/choice.ts";
import {
  ADOPTED,
  compareLine,
  compareUnnamed,
  type OurRound,
  type Pair,
} from "@jiesu/core/assessment/reconcile.ts";
import type { RuleSet } from "@jiesu/core/assessment/ruleset.ts";
import { type Match, matchLines, type Unmatched } from "@jiesu/core/cityresult/match.ts";
import { dayOf } from "@jiesu/core/time/day.ts";
import { instantsOf, type Period, type PeriodName, periodOn } from "@jiesu/core/time/period.ts";
import { addWordings, Refused } from "../../platform/errors.ts";
import { periodsInForce } from "../../platform/rulesinforce.ts";
import type { Shell } from "../../platform/shell.ts";
import { readUnitBook } from "../../ticket/unitbook.ts";
import { refuseRules } from "../figures.ts";
import { rulebook } from "../rulebook.ts";
import { type CityFile, fileInForce, type KeyedLine } from "./filestore.ts";
import {
  type Act,
  actsOf,
  applicationsOf,
  cityCallsOf,
  cityUnitNames,
  countUnheard,
  heirs,
  linesOf,
  matchedByHand,
  namedElsewhere,
  type RoundRow,
  roundsFor,
} from "./reckonstore.ts";

addWordings({
  "city-no-lines": { status: 404, zh: (r) => `${String(r.period)} 尚未导入市级逐件结果。` },
});

/** The days and the rules that a period of the city's is reckoned under. */
export interface CityRules {
  readonly period: Period;
  readonly ruleSet: RuleSet;
  /** 市级尚无考核规则: the district's stand in. */
  readonly standIn: boolean;
}

export async function cityRules(shell: Shell, name: PeriodName): Promise<CityRules> {
  const { periods } = shell.rules;
  const own = choosePeriod(await rulebook(shell, "city"), periods, name);
  if (own) return { period: own.period, ruleSet: own.ruleSet, standIn: false };
  const chosen = choosePeriod(await rulebook(shell, "district"), periods, name) ?? refuseRules(undefined);
  return { period: chosen.period, ruleSet: chosen.ruleSet, standIn: true };
}

/** A line of the file, a round of ours, or both. */
export interface Reckoned extends Pair {
  /** Stays the same through corrected files. */
  readonly key: string;
  readonly line: KeyedLine | null;
  readonly round: RoundRow | null;
  readonly match: Match | null;
  readonly cause: Cause | null;
  /** Whether adopting the city's reading would change ours. */
  readonly adoptable: boolean;
  /** Whether the unit that the line names is one of ours. */
  readonly unitKnown: boolean;
  /** What was decided on it, in order. */
  readonly acts: readonly Act[];
}

export interface Reconciliation extends CityRules {
  readonly file: CityFile;
  readonly lines: readonly Reckoned[];
  /** Rounds that count here by no callback of the city's, and that the file does not name either. */
  readonly unheard: number;
}

export async function reconcile(shell: Shell, name: PeriodName): Promise<Reconciliation> {
  const file = await fileInForce(shell.db, name, "lines");
  if (!file) throw new Refused({ code: "city-no-lines", period: name });
  return reconcileFile(shell, file);
}

async function reconcileFile(shell: Shell, file: CityFile): Promise<Reconciliation> {
  const { db } = shell;
  const name = file.period;
  const rules = await cityRules(shell, name);
  const { fromAt, beforeAt } = instantsOf(rules.period);
  const [said, byHand, acts] = await Promise.all([
    linesOf(db, file.id),
    matchedByHand(db, name),
    actsOf(db, name),
  ]);
  const matchedIds = [...new Set([...byHand.values()].map(({ ticketId }) => ticketId))];
  const [rounds, heard, unitOf] = await Promise.all([
    roundsFor(db, file.id, matchedIds, fromAt, beforeAt),
    countUnheard(db, fromAt, beforeAt),
    unitFinder(shell, rules.period),
  ]);
  const byNumber = Map.groupBy(rounds, (round) => round.number);
  const byRef = new Map(rounds.map((round) => [refOf(round), round]));
  const units = new Map(said.map((line) => [line.key, unitOf(line)]));
  const matches = matchLines(
    said.map((line) => ({ ...line, unitId: units.get(line.key) ?? null })),
    byNumber,
    byHand,
    rules.period,
  );
  const settings = settingsOf(rules.ruleSet, await periodsInForce(shell));
  const ours = (round: RoundRow): OurRound => ({
    unitId: round.unitId,
    kept: round.kept,
    void: round.void,
    period:
      round.countedAt >= fromAt && round.countedAt < beforeAt
        ? name
        : periodOn(settings, dayOf(round.countedAt)).name,
  });
  const compared = { period: name, stated: new Set(file.stated) };
  const named = new Set<string>();
  const pairs: Omit<Reckoned, "cause" | "acts">[] = said.map((line) => {
    const match = matches.get(line.key) ?? null;
    const round = match?.ok ? (byRef.get(refOf(match.ref)) ?? null) : null;
    if (round) named.add(refOf(round));
    const unitId = units.get(line.key) ?? null;
    const { scope, valid, contacted, solved, satisfied } = line;
    const entry = { scope, valid, contacted, solved, satisfied };
    const pair = compareLine(
      { key: line.key, unitId, unitSaid: line.unit, entry },
      round === null ? null : ours(round),
      compared,
    );
    const adoptable = round !== null && !round.void && pair.fields.some((field) => ADOPTED.includes(field));
    return {
      ...pair,
      ...{ key: line.key, line, round, match, adoptable },
      unitKnown: unitId !== null || line.unit === "",
    };
  });
  for (const round of rounds) {
    if (named.has(refOf(round)) || round.void || ours(round).period !== name) continue;
    const pair = compareUnnamed(ours(round));
    if (pair.fields.length === 0) continue;
    const key = `o${round.ticketId}-${round.round}`;
    pairs.push({ ...pair, key, line: null, round, match: null, adoptable: false, unitKnown: true });
  }
  const evidence = await evidenceFor(shell, file, pairs, byNumber);
  const lines = pairs.map((pair) => ({
    ...pair,
    cause: pair.fields.length === 0 ? null : causeOf(pair, evidence(pair)),
    acts: acts.get(pair.key) ?? [],
  }));
  return { ...rules, file, lines, unheard: heard - countHere(lines, name, ours) };
}

/** Of the rounds that nobody of the city's has called about by our ledger, those that the file names. */
function countHere(
  lines: readonly Reckoned[],
  name: PeriodName,
  ours: (round: RoundRow) => OurRound,
): number {
  return lines.filter(({ line, round }) => {
    if (line === null || round === null || round.void || ours(round).period !== name) return false;
    return !(round.kept.valid && round.kept.source === "city");
  }).length;
}

/** The unit that a line names: as a person has said for the city's name, else by our own names and aliases. */
async function unitFinder(shell: Shell, period: Period): Promise<(line: KeyedLine) => string | null> {
  const [book, names] = await Promise.all([readUnitBook(shell.db), cityUnitNames(shell.db)]);
  const known = new Map<string, string | null>();
  return ({ unit, dispatchedAt }) => {
    if (unit === "") return null;
    const day = dispatchedAt === null ? period.from : dayOf(dispatchedAt);
    const asked = `${unit}|${day}`;
    const found = known.get(asked);
    if (found !== undefined) return found;
    const id = names.get(unit) ?? book.find(unit, day);
    known.set(asked, id);
    return id;
  };
}

type Compared = Omit<Reckoned, "cause" | "acts">;

/** What is known beside the readings, asked only of the lines that differ. */
async function evidenceFor(
  shell: Shell,
  file: CityFile,
  pairs: readonly Compared[],
  byNumber: ReadonlyMap<string, readonly RoundRow[]>,
): Promise<(pair: Compared) => Evidence> {
  const { db } = shell;
  const differing = pairs.filter((pair) => pair.fields.length > 0);
  const ids = [...new Set(differing.flatMap(({ round }) => (round ? [round.ticketId] : [])))];
  const unnamed = differing.flatMap(({ line, round }) => (line === null && round ? [round.number] : []));
  const [applications, calls, elsewhere, heirOf] = await Promise.all([
    applicationsOf(db, ids),
    cityCallsOf(db, ids),
    namedElsewhere(db, file.period, unnamed),
    heirs(db),
  ]);
  const takenAt = file.createdAt.getTime();
  return ({ line, round, match, city, ours, unitKnown }) => {
    const ref = round === null ? "" : refOf(round);
    const application = applications.get(ref);
    const called = calls.get(ref);
    const [theirs, own] = [city?.unitId ?? "", ours?.unitId ?? round?.unitId ?? ""];
    return {
      unmatched: unmatchedOf(line, match),
      unitKnown,
      source: round?.kept.source ?? null,
      exemption: application?.exemption ?? null,
      outcomeAfterFile: (application?.outcomeAt ?? 0) > takenAt,
      cityCallbacks: called?.times ?? 0,
      calledAfterFile: (called?.lastAt ?? 0) > takenAt,
      merged: round?.merged ?? false,
      unitMerged: theirs !== "" && own !== "" && heirOf(theirs) === heirOf(own),
      otherRound: (byNumber.get(round?.number ?? "") ?? []).some(
        (other) => other.round !== round?.round && other.unitId === theirs,
      ),
      elsewhere: line === null && round !== null ? (elsewhere.get(round.number) ?? null) : null,
    };
  };
}

const unmatchedOf = (line: KeyedLine | null, match: Match | null): Unmatched | null =>
  line === null || match === null || match.ok ? null : match.why;

const refOf = ({ ticketId, round }: { readonly ticketId: string; readonly round: number }): string =>
  `${ticketId} ${round}`;
