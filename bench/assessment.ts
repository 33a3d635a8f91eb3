/**
 * 考核台账. The figures of the assessment over a ledger of years: a month's ranking against DuckDB and against bare SQL, a
 * ticket and a unit explained, the tickets behind a figure, a trial run, callbacks until the ranking shows them, the nightly
 * recount. Every one through the routes of a server in its own process.
 */
import { tmpdir } from "node:os";
import { parseDay } from "@jiesu/core/time/day.ts";
import { instantsOf } from "@jiesu/core/time/period.ts";
import { keepStretches, wantedStretches } from "@jiesu/server/assessment/tally.ts";
import pg from "pg";
import { z } from "zod";
import type { Bench, Span } from "./bench.ts";
import { callbacks } from "./callbacks.ts";
import { columnsOf } from "./columns.ts";
import type { Ground } from "./ground.ts";
import { FIRST_OF_HISTORY, fillHistory } from "./history.ts";
import { measured, percentile, type Tell, tellTimes, timed } from "./measure.ts";
import { BARE_RANKING } from "./pages.ts";
import { signInAll } from "./users.ts";

/** Generated tickets with their whole lives, in front of the years behind them. */
const ALIVE = 20_000;
const ASSESSOR = "shenyh";
/** Draft that stands among the rules: what a trial run tries. */
const DRAFT = "equal-30-35-35";
const TRIED = 12;

const Periods = z.array(z.object({ name: z.string(), from: z.string(), to: z.string() }));
const Lines = z.object({ count: z.number(), rows: z.array(z.object({ ticketId: z.string() })) });

export async function assessment(
  ground: Ground,
  tell: Tell,
  say: (line: string) => void,
  size: number,
  rounds: number,
): Promise<void> {
  const ledger = await ground.ledger(ALIVE, `_of_${size}`);
  const { pool, shell } = ledger.opened;
  await fillHistory(pool, size, shell.now(), say);
  while ((await keepStretches(shell.db, await wantedStretches(shell))) > 0);
  await ledger.settle();
  const served = await ledger.serve();
  const client = new pg.Client({ connectionString: ledger.url });
  await client.connect();
  try {
    const users = await signInAll(served.port, ledger.accounts, [ASSESSOR]);
    const [assessor] = users.values();
    if (!assessor) throw new Error("nobody to ask");
    const [running, ...past] = Periods.parse(await assessor.call("GET", "/api/assessment/periods")).map(
      spanOf,
    );
    if (!running) throw new Error("no period");
    const at = `${size} ledger rows`;
    const bench: Bench = { ledger, assessor, client, tell, at, running, past };
    await rankings(bench, say, rounds);
    await explained(bench, rounds);
    await lists(bench, rounds);
    await trialRun(bench, Math.ceil(rounds / 10));
    await callbacks(bench, say);
  } finally {
    await client.end();
    await served.stop();
  }
}

function spanOf({ name, from, to }: z.infer<typeof Periods>[number]): Span {
  const [first, last] = [parseDay(from), parseDay(to)];
  if (!first || !last) throw new Error(`no days: ${from} ${to}`);
  const { fromAt, beforeAt } = instantsOf({ from: first, to: last });
  return { name, from: new Date(fromAt), before: new Date(beforeAt) };
}

/** The last period that is over, and the one that runs, each in turn with its references so that all see one machine. */
async function rankings(bench: Bench, say: (line: string) => void, rounds: number): Promise<void> {
  const { ledger, assessor, client, tell, at, running, past } = bench;
  say("copying the results to DuckDB …");
  const columns = await columnsOf(ledger.opened.pool, tmpdir());
  try {
    for (const [words, span] of [
      ["a month", past[1] ?? running],
      ["the running period", running],
    ] as const) {
      const { name, from, before } = span;
      const [ours, duck, sql]: number[][] = [[], [], []];
      const works = [
        [ours, () => assessor.call("GET", `/api/assessment/rank?period=${name}`)],
        [duck, () => columns.month(from, before)],
        [sql, () => client.query(BARE_RANKING, [from, before])],
      ] as const;
      for (let i = 0; i < rounds; i++)
        for (const [times, work] of works) times?.push(...(await timed(1, work)));
      const title = `assessment ranking of ${words} ${at}`;
      tellTimes(
        tell,
        title,
        ours ?? [],
        duck ?? [],
        `DuckDB grouping the same month of ${columns.rows} rows`,
      );
      tellTimes(tell, `${title}, SQL`, ours ?? [], sql ?? [], "counting the result rows by unit in bare SQL");
    }
  } finally {
    columns.close();
  }
}

async function explained(bench: Bench, rounds: number): Promise<void> {
  const { assessor, client, tell, at, past } = bench;
  const { rows } = await client.query<{ id: string }>(
    "select id from ticket where id >= $1 and id % 997 = 5 order by md5(id::text) limit $2",
    [FIRST_OF_HISTORY, rounds],
  );
  const idAt = (i: number): string => rows[i % rows.length]?.id ?? "";
  const ours = await timed(rounds, (i) => assessor.call("GET", `/api/assessment/explain/tickets/${idAt(i)}`));
  const bare = await timed(rounds, (i) =>
    client.query("select * from ledger where ticket_id = $1", [idAt(i)]),
  );
  tellTimes(tell, `assessment explain of a ticket ${at}`, ours, bare, "its ledger entries in bare SQL");

  const units = await busiest(bench);
  const period = past[1];
  if (!period) return;
  const unitAt = (i: number): string => units[i % units.length] ?? "";
  const unit = await timed(Math.ceil(rounds / 5), (i) =>
    assessor.call("GET", `/api/assessment/explain?unit=${unitAt(i)}&period=${period.name}`),
  );
  const its = await timed(Math.ceil(rounds / 5), (i) =>
    client.query("select * from result where unit_id = $1 and counted_at >= $2 and counted_at < $3", [
      unitAt(i),
      period.from,
      period.before,
    ]),
  );
  tellTimes(
    tell,
    `assessment explain of a unit and month ${at}`,
    unit,
    its,
    "reading its result rows in bare SQL",
  );
}

/** 所计工单: the tickets behind a figure of the busiest unit, the first page and one some thousands of lines on. */
async function lists(bench: Bench, rounds: number): Promise<void> {
  const { assessor, client, tell, at, past } = bench;
  const [unit = ""] = await busiest(bench);
  const period = past[1];
  if (!period) return;
  const span = [unit, period.from, period.before];
  const of = `unit_id = $1 and counted_at >= $2 and counted_at < $3 and not void`;
  const order = "order by counted_at desc, ticket_id desc, round desc";
  const { rows } = await client.query<{ ticket_id: string; round: number }>(
    `select ticket_id, round from result where ${of} ${order} offset (select count(*) * 3 / 4 from result where ${of}) limit 1`,
    span,
  );
  const deep = rows[0];
  const url = `/api/assessment/tickets?measure=tickets&unit=${unit}&period=${period.name}&limit=50`;
  for (const [words, address] of [
    ["first page", url],
    ["deep page", `${url}&after=${deep?.ticket_id}_${deep?.round}`],
  ] as const) {
    const { rows: lines } = Lines.parse(await assessor.call("GET", address));
    if (lines.length !== 50) throw new Error(`${lines.length} lines on the ${words}`);
    const ours = await timed(rounds, () => assessor.call("GET", address));
    const bare = await timed(rounds, () =>
      client.query(`select * from result where ${of} ${order} limit 50`, span),
    );
    tellTimes(
      tell,
      `assessment list behind a figure, ${words}, ${at}`,
      ours,
      bare,
      "fifty result rows in bare SQL",
    );
  }
}

async function trialRun(bench: Bench, rounds: number): Promise<void> {
  const { assessor, client, tell, at, past } = bench;
  const tried = past.slice(0, TRIED);
  const periods = tried.map((each) => each.name);
  const ours = await timed(rounds, () =>
    assessor.call("POST", `/api/assessment/rules/${DRAFT}/trial`, { periods, scope: "assessed" }),
  );
  const bare = await timed(rounds, () => client.query(BARE_RANKING, [tried.at(-1)?.from, tried[0]?.before]));
  const against = "counting the same results by unit once in bare SQL";
  tell(
    measured(
      `assessment trial run over ${TRIED} months ${at} p50`,
      percentile(ours, 50),
      "ms",
      percentile(bare, 50),
      against,
    ),
  );
}

async function busiest({ client, past }: Bench): Promise<readonly string[]> {
  const { rows } = await client.query<{ unit_id: string }>(
    "select unit_id from result where counted_at >= $1 and counted_at < $2 and not void group by 1 order by count(*) desc limit 10",
    [past[1]?.from, past[1]?.before],
  );
  return rows.map((row) => row.unit_id);
}
