/** 页面. The queue page, the ticket page and a month's ranking over HTTP, beside the same SQL over the bare driver. */

import { dayOf } from "@jiesu/core/time/day.ts";
import { buildHouse } from "@jiesu/server/app.ts";
import pg from "pg";
import type { Ground, Ledger } from "./ground.ts";
import { type Tell, tellTimes, timed } from "./measure.ts";
import { recorded, replay } from "./recorder.ts";
import { signInAll, type User } from "./users.ts";

const LOGINS = ["zhouxl", "fanjg", "songyf", "shenyh"] as const;

/** Who opens which queue. */
const QUEUES = [
  ["zhouxl", "received"],
  ["zhouxl", "triage"],
  ["zhouxl", "with-units"],
  ["fanjg", "near"],
  ["fanjg", "overdue"],
  ["songyf", "unit-handling"],
] as const;

export async function queuePage(ground: Ground, tell: Tell, size: number, rounds: number): Promise<void> {
  const ledger = await ground.ledger(size);
  await withServer(ledger, async (users, client, record) => {
    for (const [login, queue] of QUEUES) {
      const url = `/api/tickets?queue=${queue}&limit=50`;
      await beside(tell, `queue ${queue} ${size} tickets`, user(users, login), url, client, record, rounds);
    }
    for (const login of ["zhouxl", "fanjg", "songyf"]) {
      await beside(
        tell,
        `queue counts ${login} ${size} tickets`,
        user(users, login),
        "/api/queues",
        client,
        record,
        rounds,
      );
    }
  });
}

export async function ticketPage(ground: Ground, tell: Tell, size: number, rounds: number): Promise<void> {
  const ledger = await ground.ledger(size);
  const { rows } = await ledger.opened.pool.query<{ id: string }>(
    "select id from ticket where id % $1 = 7 order by md5(id::text) limit $2",
    [Math.max(1, Math.floor(size / 5000)), rounds],
  );
  const ids = rows.map((r) => r.id);
  const idAt = (round: number): string => ids[round % ids.length] ?? "1";
  await withServer(ledger, async (users, client, record) => {
    const reader = user(users, "zhouxl");
    const ours = await timed(rounds, (i) => reader.call("GET", `/api/tickets/${idAt(i)}`));
    const script = await record("zhouxl", `/api/tickets/${idAt(0)}`);
    const theirs = await timed(rounds, (i) => replay(client, script, new Map([[idAt(0), idAt(i)]])));
    tellTimes(
      tell,
      `ticket page ${size} tickets`,
      ours,
      theirs,
      `its ${script.length} statements over the bare driver`,
    );
  });
}

export async function monthRanking(ground: Ground, tell: Tell, size: number, rounds: number): Promise<void> {
  const ledger = await ground.ledger(size);
  const now = ledger.opened.shell.now();
  const month = dayOf(now - 40 * 86_400_000).slice(0, 7);
  await withServer(ledger, async (users, client) => {
    const reader = user(users, "shenyh");
    const ours = await timed(rounds, () => reader.call("GET", `/api/assessment/rank?period=${month}`));
    const [year = 2026, number = 1] = month.split("-").map(Number);
    const from = new Date(Date.UTC(year, number - 2, 18, 16)); // the 19th of the month before, 00:00 in Beijing
    const to = new Date(Date.UTC(year, number - 1, 18, 16));
    const theirs = await timed(rounds, () => client.query(BARE_RANKING, [from, to]));
    tellTimes(
      tell,
      `ranking of ${month} ${size} tickets`,
      ours,
      theirs,
      "counting the result rows by unit in bare SQL",
    );
  });
}

export const BARE_RANKING = `select unit_id, count(*) filter (where valid) as base,
    count(*) filter (where contacted = 'yes') as contacted, count(contacted) as contact_known,
    count(*) filter (where solved = 'yes') as solved, count(solved) as solved_known,
    count(*) filter (where satisfied = 'satisfied') as satisfied, count(*) filter (where satisfied = 'basically') as basically,
    count(satisfied) as satisfied_known
  from result where counted_at >= $1 and counted_at < $2 and not void and scope <> 'exempt' group by unit_id`;

type Record = (login: string, url: string) => ReturnType<typeof recorded>;

async function beside(
  tell: Tell,
  name: string,
  who: User,
  url: string,
  client: pg.Client,
  record: Record,
  rounds: number,
): Promise<void> {
  const ours = await timed(rounds, () => who.call("GET", url));
  const script = await record(who.login, url);
  const theirs = await timed(rounds, () => replay(client, script));
  tellTimes(tell, name, ours, theirs, `its ${script.length} statements over the bare driver`);
}

/** A server in its own process with people signed in, a bare connection, and a way to see what a page asks of SQL. */
async function withServer(
  ledger: Ledger,
  work: (users: ReadonlyMap<string, User>, client: pg.Client, record: Record) => Promise<void>,
): Promise<void> {
  const served = await ledger.serve();
  const client = new pg.Client({ connectionString: ledger.url });
  await client.connect();
  const { app } = await buildHouse(ledger.opened.shell, false);
  try {
    const users = await signInAll(served.port, ledger.accounts, LOGINS);
    await work(users, client, (login, url) => {
      const { cookie, csrf } = user(users, login);
      return recorded(async () => {
        const answer = await app.inject({ method: "GET", url, headers: { cookie, "x-csrf-token": csrf } });
        if (answer.statusCode !== 200) throw new Error(`${url}: ${answer.body}`);
      });
    });
  } finally {
    await app.close();
    await client.end();
    await served.stop();
  }
}

function user(users: ReadonlyMap<string, User>, login: string): User {
  const found = users.get(login);
  if (!found) throw new Error(`${login} is not signed in`);
  return found;
}
