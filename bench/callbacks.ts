/**
 * 回访入账. From a callback recorded through its move until the ranking shows it and until the worker has folded it, on a
 * quiet house and while eight people record callbacks of one unit; then the nightly recount beside writers.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { compareTally, recountTally } from "@jiesu/server/assessment/recount.ts";
import { foldStep } from "@jiesu/server/assessment/tally.ts";
import { startWorker } from "@jiesu/server/worker.ts";
import { z } from "zod";
import type { Bench } from "./bench.ts";
import { FIRST_OF_HISTORY } from "./history.ts";
import { measured, percentile } from "./measure.ts";
import { type User, valueIn } from "./users.ts";

const WRITERS = 8;
const PROBES = 30;
const Rank = z.object({
  groups: z.array(
    z.object({ units: z.array(z.object({ unit: z.object({ id: z.string() }), base: z.number() })) }),
  ),
});
const ANSWERS = [
  { contacted: "yes", solved: "yes", satisfied: "satisfied" },
  { contacted: "yes", solved: "no", satisfied: "dissatisfied" },
  { contacted: "yes", solved: "partly", satisfied: "basically" },
];

/** Tickets of one unit in the running period that nobody has been called about. */
interface Silent {
  readonly unit: string;
  readonly tickets: readonly string[];
}

export async function callbacks(bench: Bench, say: (line: string) => void): Promise<void> {
  const { shell } = bench.ledger.opened;
  const [hot, quiet] = await silent(bench);
  if (!hot || !quiet) throw new Error("nobody to call");
  const half = Math.min(PROBES, Math.floor(quiet.tickets.length / 2));
  // The worker's own loop, with the one step that is measured.
  const worker = startWorker(shell, { tally: foldStep }, (_, error) =>
    say(`folding failed: ${String(error)}`),
  );
  try {
    await folded(bench);
    await probe(bench, "", quiet.unit, quiet.tickets.slice(0, half));
    const writers = startWriters(bench.assessor, hot);
    await sleep(500);
    await probe(bench, `, ${WRITERS} writers on one unit`, quiet.unit, quiet.tickets.slice(half, 2 * half));
    await recount(bench, writers.written);
    await writers.stop();
    await folded(bench);
    const wrong = await compareTally(shell.db);
    if (wrong.length > 0) throw new Error(`${wrong.length} counters are wrong: ${JSON.stringify(wrong[0])}`);
  } finally {
    await worker.stop();
  }
}

async function silent({ client, running }: Bench): Promise<readonly Silent[]> {
  const { rows } = await client.query<Silent>(
    `select unit_id::text as unit, array_agg(ticket_id::text order by ticket_id) as tickets from result
      where counted_at >= $1 and not void and source is null and scope = 'full' and city_scope is null and ticket_id >= $2
      group by unit_id having count(*) >= $3 order by count(*) desc`,
    [running.from, FIRST_OF_HISTORY, 6],
  );
  return rows;
}

/** One callback after the other: how long until a ranking shows it, and until its deltas are folded. */
async function probe(bench: Bench, words: string, unit: string, tickets: readonly string[]): Promise<void> {
  const { assessor, client, tell, at } = bench;
  const seen: number[] = [];
  const gone: number[] = [];
  for (const id of tickets) {
    const before = await baseOf(bench, unit);
    await cityResult(assessor, id, 0);
    const told = performance.now();
    while ((await baseOf(bench, unit)) === before) await sleep(5);
    seen.push(performance.now() - told);
    const { rows } = await client.query<{ last: string | null }>("select max(id) as last from tally_delta");
    const last = rows[0]?.last ?? "0";
    while ((await client.query("select 1 from tally_delta where id <= $1 limit 1", [last])).rowCount !== 0)
      await sleep(5);
    gone.push(performance.now() - told);
  }
  const against = "the promised second";
  const told = (what: string, times: readonly number[]): void =>
    tell(
      measured(`assessment callback ${what}${words} ${at} p95`, percentile(times, 95), "ms", 1000, against),
    );
  told("recorded until the ranking shows it", seen);
  told("recorded until folded", gone);
}

async function baseOf({ assessor, running }: Bench, unit: string): Promise<number> {
  const answer = Rank.parse(await assessor.call("GET", `/api/assessment/rank?period=${running.name}`));
  return answer.groups.flatMap((each) => each.units).find((each) => each.unit.id === unit)?.base ?? 0;
}

/** The city's callback, through its move. */
async function cityResult(assessor: User, id: string, n: number): Promise<void> {
  const page = await assessor.call("GET", `/api/tickets/${id}`);
  await assessor.call("POST", `/api/tickets/${id}/moves/cityResult`, {
    version: Number(valueIn(page, "version")),
    input: {
      outcome: "answered",
      answers: ANSWERS[n % ANSWERS.length],
      reason: "",
      scope: null,
      scopeNote: "",
    },
  });
}

function startWriters(assessor: User, { tickets }: Silent) {
  let stopped = false;
  let written = 0;
  const write = async (n: number): Promise<void> => {
    for (let i = n; !stopped; i += WRITERS) {
      await cityResult(assessor, tickets[i % tickets.length] ?? "", Math.floor(i / tickets.length));
      written += 1;
    }
  };
  const writing = Promise.all(Array.from({ length: WRITERS }, (_, n) => write(n)));
  return {
    written: () => written,
    async stop() {
      stopped = true;
      await writing;
    },
  };
}

/** The nightly recount while people go on writing, and how many callbacks a second they record beside it. */
async function recount({ ledger, client, tell, at }: Bench, written: () => number): Promise<void> {
  const { shell } = ledger.opened;
  const rate = async (work: () => Promise<unknown>): Promise<{ ms: number; perSecond: number }> => {
    const [began, before] = [performance.now(), written()];
    await work();
    const ms = performance.now() - began;
    return { ms, perSecond: ((written() - before) * 1000) / ms };
  };
  const without = await rate(() => sleep(3000));
  const beside = await rate(() => recountTally(shell.db, shell.now()));
  const bare = await rate(() => client.query(BARE_RECOUNT));
  tell(
    measured(
      `assessment nightly recount ${at}`,
      beside.ms,
      "ms",
      bare.ms,
      "grouping every result in bare SQL",
    ),
  );
  tell(
    measured(
      `assessment callbacks recorded beside the recount ${at}`,
      beside.perSecond,
      "callbacks/s",
      without.perSecond,
      "the same without the recount",
    ),
  );
}

const BARE_RECOUNT = `select tally_day(counted_at), unit_id, scope, city_scope, source, valid, contacted, solved, satisfied, count(*)
  from result where not void group by 1, 2, 3, 4, 5, 6, 7, 8, 9`;

async function folded({ client }: Bench): Promise<void> {
  while ((await client.query("select 1 from tally_delta limit 1")).rowCount !== 0) await sleep(50);
}
