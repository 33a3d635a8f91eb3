/** 一件确权案. What one person may read of a case: a unit its own claim, others' as the dated setting says, the opinion once ruled. */
import { precedentTo } from "@jiesu/core/ownership/precedent.ts";
import { appealUntil, claimUntil, seesOthers } from "@jiesu/core/ownership/rules.ts";
import { CASE_STATES, stepsNow, stepZh, UNDECIDED } from "@jiesu/core/ownership/steps.ts";
import { isState, STATES } from "@jiesu/core/ticket/state.ts";
import { sql } from "kysely";
import type { z } from "zod";
import type { Db } from "../platform/db/open.ts";
import { ownershipRulesOn } from "../platform/rules.ts";
import type { Shell } from "../platform/shell.ts";
import { inScope } from "../ticket/list.ts";
import { factsOf, type Person } from "./actions.ts";
import { meetingsOf } from "./meetings.ts";
import { precedentOfCase } from "./precedentstore.ts";
import type { CaseDetail, CaseRow } from "./shape.ts";
import { appealOf, type Case, caseNumber, caseOf, claimsOf, stepsOf } from "./store.ts";

type Row = z.infer<typeof CaseRow>;
type Detail = z.infer<typeof CaseDetail>;

export async function caseRows(shell: Shell, cases: readonly Case[]): Promise<Row[]> {
  const names = await unitNames(
    shell.db,
    cases.flatMap((one) => (one.leadUnitId === null ? [] : [one.leadUnitId])),
  );
  return cases.map((one) => rowOf(shell, one, names));
}

function rowOf(shell: Shell, one: Case, names: ReadonlyMap<string, string>): Row {
  const rules = ownershipRulesOn(shell.rules, one.openedAt);
  const waits = one.state === "ruled" && one.ruledAt !== null;
  return {
    id: one.id,
    number: caseNumber(one.id),
    ticket: {
      id: one.ticketId,
      number: one.ticketNumber,
      title: one.ticketTitle,
      stateZh: isState(one.ticketState) ? STATES[one.ticketState].zh : one.ticketState,
      level: one.level,
    },
    state: one.state,
    stateZh: CASE_STATES[one.state].zh,
    openedAt: iso(one.openedAt),
    openedBy: one.openedName,
    reason: one.reason,
    parties: one.parties.map(({ id, name }) => ({ id, name })),
    claimed: one.claimed.length,
    claimBy: iso(claimUntil(rules, one.openedAt, one.level)),
    dueAt: one.dueAt?.toISOString() ?? null,
    lead: one.leadUnitId === null ? null : { id: one.leadUnitId, name: names.get(one.leadUnitId) ?? "" },
    appealBy: waits ? iso(appealUntil(rules, one.ruledAt)) : null,
    mine: one.mine,
  };
}

/** Null when there is none, or none that this person may see. */
export async function readCase(shell: Shell, actor: Person, id: string): Promise<Detail | null> {
  const { db } = shell;
  const one = await caseOf(db, actor, id);
  if (one === null) return null;
  const [ticket, claims, meetings, steps, appeal, returned, precedentId] = await Promise.all([
    ticketText(db, actor, one.ticketId),
    claimsOf(db, id),
    meetingsOf(db, id),
    stepsOf(db, id),
    appealOf(db, id),
    returnsOf(db, one.ticketId),
    precedentOfCase(db, id),
  ]);
  const names = await unitNames(db, [
    ...[one.leadUnitId, one.opinion?.leadUnitId].flatMap((unit) => unit ?? []),
    ...one.coUnitIds,
    ...(one.opinion?.coUnitIds ?? []),
  ]);
  const unit = (unitId: string) => ({ id: unitId, name: names.get(unitId) ?? "" });
  const files = await filesOf(db, one.ticketId);
  const named = (ids: readonly string[]) =>
    ids.flatMap((file) => {
      const found = files.get(file);
      return found ? [found] : [];
    });
  const ofUnit = actor.unitId !== null;
  const decided = !UNDECIDED.includes(one.state);
  const own = { claimed: claims.some((each) => each.unitId === actor.unitId), ruled: decided };
  const others = !ofUnit || seesOthers(ownershipRulesOn(shell.rules, one.openedAt).othersClaims, own);
  // What the centre thinks before it rules is its own.
  const inner = !ofUnit || decided;
  return {
    ...rowOf(shell, one, names),
    ticketText: ticket,
    returned,
    claims: one.parties.map((party) => {
      const claim = claims.find((each) => each.unitId === party.id);
      const shown = others || party.id === actor.unitId;
      return {
        unit: { id: party.id, name: party.name },
        because: party.because,
        standing: claim === undefined ? ("none" as const) : shown ? ("shown" as const) : ("hidden" as const),
        claim:
          claim === undefined || !shown
            ? null
            : {
                ...{ position: claim.position, statement: claim.statement, late: claim.late },
                articles: claim.articles.map((each) => ({ ...each })),
                suggest:
                  claim.suggestUnitId === null
                    ? null
                    : { id: claim.suggestUnitId, name: claim.suggestUnit ?? "" },
                files: named(claim.files),
                ...{ at: claim.at.toISOString(), by: claim.userName, versions: claim.versions },
              },
      };
    }),
    site: { text: one.site, files: named(one.siteFiles) },
    meetings: meetings.map((each) => ({
      ...each,
      startsAt: each.startsAt.toISOString(),
      attendance: each.attendance.map(({ unit: from, name, post, presence }) => ({
        ...{ unit: from, name, post, presence },
      })),
      files: named(each.files),
    })),
    opinion:
      one.opinion === null || !inner
        ? null
        : {
            lead: unit(one.opinion.leadUnitId),
            co: one.opinion.coUnitIds.map(unit),
            text: one.opinion.text,
            articles: one.opinion.articles.map((each) => ({ ...each })),
            ...{ at: iso(one.opinion.at), by: one.opinion.by },
          },
    report:
      one.report === null || ofUnit
        ? null
        : {
            ...{ to: one.report.to, note: one.report.note, at: iso(one.report.at), by: one.report.by },
            answer: one.report.answer ? { ...one.report.answer, at: iso(one.report.answer.at) } : null,
          },
    ruling:
      one.leadUnitId === null || one.ruledAt === null
        ? null
        : {
            lead: unit(one.leadUnitId),
            co: one.coUnitIds.map(unit),
            ...{ basis: one.basis ?? "", reasons: one.reasons },
            articles: one.articles.map((each) => ({ ...each })),
            ...{ at: iso(one.ruledAt), by: one.ruledName ?? "" },
          },
    appeal: appeal && {
      unit: { id: appeal.unitId, name: appeal.unit },
      reason: appeal.reason,
      files: named(appeal.files),
      ...{
        at: appeal.at.toISOString(),
        by: appeal.by,
        outcome: appeal.outcome,
        reasons: appeal.reasons ?? "",
      },
      ...{ decidedAt: appeal.decidedAt?.toISOString() ?? null, decidedBy: appeal.decidedBy ?? "" },
    },
    steps: steps
      .filter(({ step }) => inner || !INNER_STEPS.includes(step))
      .map((each) => ({ ...each, stepZh: stepZh(each.step), at: each.at.toISOString() })),
    may: [...stepsNow(await factsOf(shell, one), actor)],
    precedentId: ofUnit ? null : precedentId,
    mayDraft:
      !ofUnit &&
      ["ruled", "upheld", "changed"].includes(one.state) &&
      precedentTo("edit", "draft", { roles: actor.roles, isWriter: true }).ok,
  };
}

/** Steps of which a unit hears only once it is ruled. */
const INNER_STEPS: readonly string[] = ["opine", "reportUp", "answerUp"];

async function ticketText(db: Db, actor: Person, ticketId: string): Promise<Detail["ticketText"]> {
  const { category1, category2, category3, returns, ...told } = await db
    .selectFrom("ticket")
    .select(["content", "address", "street", "community", "category1", "category2", "category3", "returns"])
    .where("id", "=", ticketId)
    .executeTakeFirstOrThrow();
  const seen = await db
    .selectFrom("ticket as t")
    .select("t.id")
    .where("t.id", "=", ticketId)
    .where((eb) => inScope(eb, actor))
    .executeTakeFirst();
  const category = [category1, category2, category3].filter((level) => level !== "").join(" / ");
  return { ...told, category, returns, open: seen !== undefined };
}

/** 历次退单 with the grounds that units gave. */
async function returnsOf(db: Db, ticketId: string): Promise<Detail["returned"]> {
  const { rows } = await sql<{ unit: string; ground: string; suggest: string; at: Date }>`
    select coalesce(u.short_name, '') as unit, coalesce(e.data->>'ground', '') as ground,
           coalesce(e.data->>'suggestUnit', '') as suggest, e.at
      from event e left join unit u on u.id = e.unit_id
     where e.ticket_id = ${ticketId} and e.kind = 'returnToCentre' order by e.id`.execute(db);
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}

async function filesOf(db: Db, ticketId: string) {
  const rows = await db
    .selectFrom("attachment")
    .select(["id", "name", "mime"])
    .where("ticket_id", "=", ticketId)
    .where("hidden_at", "is", null)
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}

export async function unitNames(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) return new Map();
  const rows = await db.selectFrom("unit").select(["id", "short_name"]).where("id", "in", wanted).execute();
  return new Map(rows.map((row) => [row.id, row.short_name]));
}

const iso = (at: number): string => new Date(at).toISOString();
