/** 风暴中的人. Eight people who move tickets without pause, whatever happens to the house, and note what they were told. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { Role } from "@jiesu/core/ticket/role.ts";
import { z } from "zod";
import { type Random, randomOf } from "../../seeds/random.ts";
import type { Account, House } from "./house.ts";

/** A move, or the taking in of a ticket, that the house said was done. */
export interface Told {
  readonly eventId: string;
  readonly ticketId: string;
  readonly kind: string;
  readonly userName: string;
  readonly toState: string | null;
}

export interface Crowd {
  readonly told: readonly Told[];
  /** Answers by status; 0 for none. */
  readonly answers: ReadonlyMap<number, number>;
  stop(): Promise<void>;
}

const PEOPLE: readonly { login: string; name: string; role: Role; unit?: string }[] = [
  { login: "fen1", name: "分甲", role: "triager" },
  { login: "fen2", name: "分乙", role: "triager" },
  { login: "zhi", name: "值长", role: "shiftLead" },
  { login: "du", name: "督办", role: "supervisor" },
  { login: "hui", name: "回访", role: "caller" },
  { login: "shen", name: "审核", role: "closer" },
  { login: "xue", name: "学院路经办", role: "handler", unit: "学院路" },
  { login: "zhong", name: "中关村经办", role: "handler", unit: "中关村" },
];

const AccountOut = z.object({ login: z.string(), password: z.string() });
const Ticket = z.object({
  id: z.string(),
  version: z.number(),
  moves: z.array(z.string()),
  coMoves: z.array(z.object({ assignmentId: z.string(), moves: z.array(z.object({ move: z.string() })) })),
  events: z.array(
    z.object({ id: z.string(), kind: z.string(), userName: z.string(), toState: z.string().nullable() }),
  ),
});
const Listed = z.object({ rows: z.array(z.object({ id: z.string() })) });
const Answered = z.object({ ticket: Ticket.nullable() });

/** Accounts of all of them, made at the machine's keyboard while the house runs. */
export async function makeAccounts(house: House): Promise<readonly Account[]> {
  const accounts: Account[] = [];
  for (const { login, name, role, unit } of PEOPLE) {
    const args = ["user", "add", login, name, "--role", role, ...(unit ? ["--unit", unit] : [])];
    accounts.push(AccountOut.parse(await house.jiesu(...args)));
  }
  return accounts;
}

/** A person at work: the session, and what the house answers. */
export interface Person {
  readonly name: string;
  readonly role: Role;
  call(method: "GET" | "POST", url: string, body?: object): Promise<{ status: number; body: unknown }>;
}

export async function signIn(house: House, account: Account): Promise<Person> {
  const who = PEOPLE.find((p) => p.login === account.login);
  assert.ok(who);
  const answer = await fetch(`${house.address}/api/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(account),
  });
  assert.equal(answer.status, 200);
  const cookie = answer.headers
    .getSetCookie()
    .map((c) => c.split(";")[0])
    .join("; ");
  const { csrf } = z.object({ csrf: z.string() }).parse(await answer.json());
  return {
    name: who.name,
    role: who.role,
    async call(method, url, body) {
      try {
        const reply = await fetch(`${house.address}${url}`, {
          method,
          headers: { cookie, "x-csrf-token": csrf, ...(body ? { "content-type": "application/json" } : {}) },
          signal: AbortSignal.timeout(20_000),
          ...(body ? { body: JSON.stringify(body) } : {}),
        });
        return { status: reply.status, body: await reply.json() };
      } catch {
        return { status: 0, body: null }; // cut off: nobody knows whether it was done
      }
    },
  };
}

/** Takes in one ticket; answers what was told, or null when the house was away. */
export async function takeIn(person: Person, level: 1 | 3, told: Told[]): Promise<string | null> {
  const reply = await person.call("POST", "/api/tickets", {
    channel: "电话",
    content: "风暴中的一件诉求",
    level,
  });
  const ticket = reply.status === 200 ? Answered.parse(reply.body).ticket : null;
  const event = ticket?.events.at(-1);
  if (!ticket || !event) return null;
  told.push({
    eventId: event.id,
    ticketId: ticket.id,
    kind: "receive",
    userName: person.name,
    toState: "received",
  });
  return ticket.id;
}

/** Sets all of them to work on these tickets until stopped. */
export async function crowd(
  house: House,
  accounts: readonly Account[],
  ids: string[],
  seed: number,
): Promise<Crowd> {
  const told: Told[] = [];
  const answers = new Map<number, number>();
  const units = new Map<string, string>();
  for (const { id, short_name } of await house.ledger.db
    .selectFrom("unit")
    .select(["id", "short_name"])
    .execute())
    units.set(short_name, id);
  let stopping = false;
  const people = await Promise.all(accounts.map((a) => signIn(house, a)));
  const work = people.map(async (person, n) => {
    const random = randomOf(seed, n);
    while (!stopping) {
      const status = await oneStep(person, ids, units, random, told);
      answers.set(status, (answers.get(status) ?? 0) + 1);
      // Somebody who is told that the house is away tries again a moment later.
      await sleep(status === 0 || status >= 500 ? 100 : random.int(1, 15));
    }
  });
  return {
    told,
    answers,
    async stop() {
      stopping = true;
      await Promise.all(work);
    },
  };
}

/** Looks at a ticket as it is and makes one of the moves that are this person's now; answers the last status. */
export async function oneStep(
  person: Person,
  ids: string[],
  units: ReadonlyMap<string, string>,
  random: Random,
  told: Told[],
): Promise<number> {
  if (person.role === "triager" && random.chance(0.2)) {
    const id = await takeIn(person, 3, told);
    if (id) ids.push(id);
    return id ? 200 : 0;
  }
  const id = await nextTicket(person, ids, random);
  if (id === null) return 200;
  const page = await person.call("GET", `/api/tickets/${id}`);
  if (page.status !== 200) return page.status;
  const seen = Ticket.parse(page.body);
  const co = seen.coMoves[0];
  // What only puts on record is made less often than what moves.
  const moves = seen.moves.filter((m) => m in INPUTS && (!QUIET.has(m) || random.chance(0.15)));
  if (co && (moves.length === 0 || random.chance(0.4))) {
    const { move } = random.pick(co.moves);
    const reply = await person.call("POST", `/api/tickets/${id}/co/${co.assignmentId}/${move}`, {
      text: "协办情况",
    });
    note(reply, move, person, told);
    return reply.status;
  }
  if (moves.length === 0) return 200;
  const move = moves.includes("dispatch") && random.chance(0.6) ? "dispatch" : random.pick(moves);
  const input = INPUTS[move]?.(random, units, ids, id) ?? {};
  const reply = await person.call("POST", `/api/tickets/${id}/moves/${move}`, {
    version: seen.version,
    input,
  });
  note(reply, move, person, told);
  return reply.status;
}

/** A ticket out of one of this person's queues; now and then any ticket, where there is nothing to do and much to refuse. */
async function nextTicket(person: Person, ids: readonly string[], random: Random): Promise<string | null> {
  if (person.role !== "handler" && random.chance(0.1)) return random.pick(ids.slice(-60));
  const queues = QUEUES[person.role] ?? [];
  const first = random.int(0, queues.length - 1);
  for (const queue of [...queues.slice(first), ...queues.slice(0, first)]) {
    const list = await person.call("GET", `/api/tickets?queue=${queue}`);
    const rows =
      list.status === 200 ? Listed.parse(list.body).rows.filter((row) => ids.includes(row.id)) : [];
    if (rows.length > 0) return random.pick(rows).id;
  }
  return null;
}

const QUEUES: Readonly<Partial<Record<Role, readonly string[]>>> = {
  triager: ["received", "triage", "return-review", "withdrawing"],
  shiftLead: ["ownership", "shelved", "closing", "watching", "with-units"],
  supervisor: ["reported", "return-review", "ownership"],
  caller: ["calling"],
  closer: ["closing"],
  handler: ["unit-new", "unit-handling", "unit-co"],
};

function note(reply: { status: number; body: unknown }, kind: string, person: Person, told: Told[]): void {
  if (reply.status !== 200) return;
  const { ticket } = Answered.parse(reply.body);
  const event = ticket?.events.find((e) => e.kind === kind && e.userName === person.name);
  assert.ok(ticket && event, `${kind} was acknowledged without its event`);
  told.push({ eventId: event.id, ticketId: ticket.id, kind, userName: person.name, toState: event.toState });
}

const QUIET: ReadonlySet<string> = new Set([
  "note",
  "urge",
  "callbackMissed",
  "correct",
  "cityResult",
  "merge",
  "reopen",
]);

type Input = (
  random: Random,
  units: ReadonlyMap<string, string>,
  ids: readonly string[],
  id: string,
) => object;

function assignment(random: Random, units: ReadonlyMap<string, string>) {
  const [lead = "", other = ""] = random.chance(0.5) ? ["学院路", "中关村"] : ["中关村", "学院路"];
  return { leadUnitId: units.get(lead), coUnitIds: random.chance(0.3) ? [units.get(other)] : [] };
}

const INPUTS: Readonly<Record<string, Input>> = {
  sign: () => ({}),
  watch: () => ({}),
  recordCityClosing: () => ({ reply: "市级已办结" }),
  replyDirectly: () => ({ reply: "已告知办理时间和所需材料" }),
  handleDirectly: () => ({ reply: "已核实" }),
  dispatch: (random, units) => assignment(random, units),
  merge: (random, _units, ids) => ({ into: random.pick(ids) }),
  unmerge: () => ({}),
  accept: () => ({}),
  contact: () => ({ way: "电话" }),
  report: () => ({ text: "已清理", outcome: "solved" }),
  askExtension: (random) => ({ ground: "works", reason: "备料", days: random.chance(0.5) ? 1 : 3 }),
  grantExtension: () => ({}),
  askPause: (random) => ({
    ...{ ground: "appraisal", evidence: "委托书", reason: "" },
    days: random.chance(0.5) ? 1 : 3,
  }),
  grantPause: () => ({}),
  refusePause: () => ({ opinion: "可先行处置" }),
  endPause: () => ({}),
  refuseExtension: () => ({ opinion: "可按期办理" }),
  returnToCentre: () => ({ ground: "非本辖区" }),
  acceptReturn: () => ({}),
  refuseReturn: () => ({ reason: "属本辖区" }),
  openOwnership: () => ({ reason: "两家均称非本单位" }),
  rule: (random, units) => ({ ...assignment(random, units), basis: "按属地" }),
  rerule: (random, units) => ({ ...assignment(random, units), basis: "复议查明属道路范围" }),
  applyWithdraw: () => ({ ground: "非本区" }),
  acceptWithdraw: () => ({}),
  rejectWithdraw: () => ({ reason: "属海淀" }),
  passReview: () => ({}),
  rework: () => ({ reason: "未联系" }),
  callback: (random) => ({
    outcome: "answered",
    answers: random.chance(0.3) ? {} : { contacted: "yes", solved: "no" },
  }),
  callbackMissed: () => ({ note: "无人接听" }),
  approveClosing: () => ({}),
  refuseReply: () => ({ reason: "答非所问" }),
  reopen: () => ({ reason: "市级未解决" }),
  shelve: () => ({ reason: "待审批" }),
  unshelve: () => ({}),
  urge: () => ({ text: "请尽快" }),
  note: () => ({ text: "已知悉" }),
  correct: (random) => ({ fields: { level: random.chance(0.5) ? 2 : 3 } }),
  cityResult: () => ({ outcome: "answered", answers: { solved: "yes" } }),
};
