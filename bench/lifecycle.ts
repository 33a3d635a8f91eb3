/** 全流程. create → sign → dispatch → accept → contact → report → review → callback → close, over HTTP. */
import { buildHouse } from "@jiesu/server/app.ts";
import pg from "pg";
import type { Ground, Ledger } from "./ground.ts";
import { measured, percentile, rate, type Tell, type Tick } from "./measure.ts";
import { recorded, replay, type Script } from "./recorder.ts";
import { type Call, signInAll, stringIn, type User, valueIn } from "./users.ts";

const TRIAGERS = ["zhouxl", "hemt", "luoyq"] as const;
const REVIEWERS = ["fanjg", "tangsy"] as const;
const CALLERS = ["sunyt", "guolp"] as const;
const CLOSERS = ["weijh", "panzy"] as const;
const HANDLERS = [
  "songyf",
  "jiangtc",
  "xiaoyn",
  "caiwj",
  "maqd",
  "renzh",
  "shikl",
  "liaoxm",
  "jinwf",
  "baisj",
] as const;
const LOGINS = [...TRIAGERS, ...REVIEWERS, ...CALLERS, ...CLOSERS, ...HANDLERS];

export interface LifecycleOptions {
  readonly sizes: readonly number[];
  readonly users: readonly number[];
  readonly seconds: number;
}

const ROUNDS = 3;
/** Requests of one lifecycle: its creation and eight moves. */
const STEPS = 9;

/**
 * Sizes take turns within a round and the median round counts, so that what else the machine does falls on all of them.
 */
export async function lifecycle(
  ground: Ground,
  tell: Tell,
  { sizes, users, seconds }: LifecycleOptions,
): Promise<void> {
  const arenas: Arena[] = [];
  for (const size of sizes) arenas.push(await openArena(await ground.ledger(size)));
  try {
    for (const count of users) {
      const rates = new Map(arenas.map((arena) => [arena, { http: [] as number[], sql: [] as number[] }]));
      for (let round = 0; round < ROUNDS; round++) {
        for (const [arena, { http, sql }] of rates) {
          await arena.ledger.settle();
          http.push(await rate(count, seconds / ROUNDS, arena.overHttp));
          sql.push(await overSql(arena, count, seconds / ROUNDS / 2));
        }
      }
      const [first] = rates.values();
      for (const [{ ledger, script }, { http, sql }] of rates) {
        const name = `lifecycle ${count} users ${ledger.tickets} tickets`;
        const [ours, none] = [percentile(http, 50), percentile(first?.http ?? [], 50)];
        tell(measured(name, ours, "lifecycles/s", none, `the same at ${sizes[0]} tickets`));
        const against = `its ${script.length} statements over the bare driver`;
        tell(measured(`${name} (SQL)`, ours, "lifecycles/s", percentile(sql, 50), against));
      }
    }
  } finally {
    for (const arena of arenas) await arena.close();
  }
}

/** A ledger with a server over it, people signed in, and the lifecycle's statements written down. */
interface Arena {
  readonly ledger: Ledger;
  readonly script: Script;
  readonly overHttp: (user: number, tick: Tick) => Promise<void>;
  close(): Promise<void>;
}

async function openArena(ledger: Ledger): Promise<Arena> {
  const script = await scriptOf(ledger);
  const served = await ledger.serve();
  const signedIn = await signInAll(served.port, ledger.accounts, LOGINS);
  const units = await unitIds(ledger);
  return {
    ledger,
    script,
    overHttp: (user, tick) => liveOnce(casting(signedIn, user), units, user, tick),
    close: served.stop,
  };
}

/** Every connection plays the recorded lifecycle over and over. */
async function overSql({ ledger, script }: Arena, count: number, seconds: number): Promise<number> {
  const clients = Array.from({ length: count }, () => new pg.Client({ connectionString: ledger.url }));
  for (const client of clients) client.on("error", () => {}); // the query under way hears of it
  try {
    await Promise.all(clients.map((client) => client.connect()));
    return await rate(count, seconds, async (user, tick) => {
      const client = clients[user];
      if (!client) throw new Error("no connection");
      await replay(client, script, undefined, tick);
    });
  } finally {
    await Promise.allSettled(clients.map((client) => client.end()));
  }
}

/** The statements of one lifecycle, recorded in this process. */
async function scriptOf(ledger: Ledger): Promise<Script> {
  const { app } = await buildHouse(ledger.opened.shell, false);
  await app.listen({ host: "127.0.0.1", port: 0 });
  const address = app.server.address();
  if (typeof address !== "object" || address === null) throw new Error("no address");
  try {
    const users = await signInAll(address.port, ledger.accounts, LOGINS);
    const units = await unitIds(ledger);
    await liveOnce(casting(users, 0), units, 0); // caches and plans are made
    return await recorded(() => liveOnce(casting(users, 0), units, 0));
  } finally {
    await app.close();
  }
}

interface Cast {
  readonly triager: User;
  readonly reviewer: User;
  readonly caller: User;
  readonly closer: User;
  readonly handler: User;
}

function casting(users: ReadonlyMap<string, User>, user: number): Cast {
  const pick = (logins: readonly string[]): User => {
    const found = users.get(logins[user % logins.length] ?? "");
    if (!found) throw new Error("nobody to play the part");
    return found;
  };
  return {
    triager: pick(TRIAGERS),
    reviewer: pick(REVIEWERS),
    caller: pick(CALLERS),
    closer: pick(CLOSERS),
    handler: pick(HANDLERS),
  };
}

async function liveOnce(
  cast: Cast,
  units: ReadonlyMap<string, string>,
  user: number,
  tick: Tick = () => {},
): Promise<void> {
  const created = await cast.triager.call("POST", "/api/tickets", {
    channel: "96181",
    kind: "求助",
    level: 3,
    title: "楼道照明问题",
    content: `市民反映，${user + 1}号楼楼道灯不亮，夜间出行不便，来电反映公共照明损坏的问题。`,
    category1: "物业管理",
    category2: "设施维护",
    category3: "公共照明损坏",
    requesterName: "某先生",
    requesterPhone: `1990000${String(user).padStart(4, "0")}`,
  });
  tick(1 / STEPS);
  const id = stringIn(created, "ticket", "id");
  let version = Number(valueIn(created, "ticket", "version"));
  const move = async (call: Call, name: string, input: unknown = {}): Promise<void> => {
    const moved = await call("POST", `/api/tickets/${id}/moves/${name}`, { version, input });
    version = Number(valueIn(moved, "ticket", "version"));
    tick(1 / STEPS);
  };
  const unit = units.get(cast.handler.unit ?? "");
  await move(cast.triager.call, "sign");
  await move(cast.triager.call, "dispatch", {
    leadUnitId: unit,
    coUnitIds: [],
    opinion: "请核实办理",
    designated: false,
  });
  await move(cast.handler.call, "accept");
  await move(cast.handler.call, "contact", { way: "电话", note: "" });
  await move(cast.handler.call, "report", { text: "已更换灯具，现场恢复照明。", outcome: "solved" });
  await move(cast.reviewer.call, "passReview", { note: "" });
  const answers = { contacted: "yes", solved: "yes", satisfied: "satisfied" };
  await move(cast.caller.call, "callback", { outcome: "answered", answers, reason: "", note: "" });
  await move(cast.closer.call, "approveClosing", { note: "" });
}

async function unitIds(ledger: Ledger): Promise<ReadonlyMap<string, string>> {
  const rows = await ledger.opened.shell.db.selectFrom("unit").select(["id", "short_name"]).execute();
  return new Map(rows.map((r) => [r.short_name, r.id]));
}
