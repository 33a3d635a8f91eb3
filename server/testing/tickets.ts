/** 试验工单. Lodges tickets and walks them along the usual road, every step through the routes by the role that owes it. */
import assert from "node:assert/strict";
import type { Role } from "@jiesu/core/ticket/role.ts";
import type { Answer, Client, Town } from "./town.ts";

export interface Lodged {
  readonly channel?: string;
  readonly title?: string;
  readonly content?: string;
  readonly level?: 1 | 2 | 3 | 4;
  readonly category1?: string;
  readonly requesterName?: string;
  readonly requesterPhone?: string;
}

/** The usual road: the state that a step leads to, the step, who owes it, with what. */
const ROAD = [
  { to: "triage", move: "sign", by: "triager", input: {} },
  { to: "dispatched", move: "dispatch", by: "triager", input: {} },
  { to: "handling", move: "accept", by: "handler", input: {} },
  { to: "handling", move: "contact", by: "handler", input: { way: "电话" } },
  { to: "reported", move: "report", by: "handler", input: { text: "已修复并告知", outcome: "solved" } },
  { to: "calling", move: "passReview", by: "supervisor", input: {} },
  {
    to: "closing",
    move: "callback",
    by: "caller",
    input: { outcome: "answered", answers: { contacted: "yes", solved: "yes", satisfied: "satisfied" } },
  },
  { to: "closed", move: "approveClosing", by: "closer", input: {} },
] as const satisfies readonly { to: string; move: string; by: Role; input: object }[];

export type Stop = "received" | (typeof ROAD)[number]["to"];

/** One ticket taken in by the triager; answers its id. */
export async function lodge(town: Town, ticket: Lodged = {}): Promise<string> {
  const triager = await town.as("triager");
  const body = { channel: "电话", content: "市民反映学院路东口路灯不亮。", ...ticket };
  return done(await triager.post("/api/tickets", body)).ticket.id;
}

/** A ticket brought along the usual road until it stands at `stop`, led by `unit`, helped by `co`. */
export async function bring(
  town: Town,
  stop: Stop,
  unit: string,
  more: { co?: readonly string[]; ticket?: Lodged } = {},
): Promise<string> {
  const id = await lodge(town, more.ticket);
  if (stop === "received") return id;
  const last = ROAD.findLastIndex((step) => step.to === stop);
  const coUnitIds = await Promise.all((more.co ?? []).map((name) => town.unit(name)));
  for (const step of ROAD.slice(0, last + 1)) {
    const who = await town.as(step.by, step.by === "handler" ? unit : undefined);
    const input =
      step.move === "dispatch"
        ? { leadUnitId: await town.unit(unit), coUnitIds, opinion: "请办理" }
        : step.input;
    await go(who, id, step.move, input);
  }
  return id;
}

/** Makes a move that must be allowed; answers the ticket as the mover sees it after. */
export async function go(
  who: Client,
  id: string,
  move: string,
  input: unknown = {},
): Promise<Answer["body"]> {
  return done(await who.move(id, move, input), `${move} by ${who.login}`).ticket;
}

/** Makes a co-handling step that must be allowed. */
export async function goCo(who: Client, id: string, coMove: string, text = ""): Promise<Answer["body"]> {
  const ticket = done(await who.get(`/api/tickets/${id}`));
  const mine = ticket.assignments.find(
    (a: { part: string; round: number; unit: { id: string } }) =>
      a.part === "co" && a.round === ticket.round && a.unit.id === who.actor.unitId,
  );
  assert.ok(mine, `${who.login} does not help with ticket ${id}`);
  return done(await who.post(`/api/tickets/${id}/co/${mine.id}/${coMove}`, { text }), coMove).ticket;
}

/** The ticket as this person sees it. */
export async function look(who: Client, id: string): Promise<Answer["body"]> {
  return done(await who.get(`/api/tickets/${id}`));
}

/** The body of an answer that must be 200. */
export function done(answer: Answer, what = ""): Answer["body"] {
  assert.equal(answer.status, 200, `${what} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** The code of an answer that must be a refusal with this status. */
export function refused(answer: Answer, status: number): string {
  assert.equal(answer.status, status, JSON.stringify(answer.body));
  return answer.body.code;
}
