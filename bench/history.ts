/**
 * 历年台账. Years of closed tickets behind the generated ones, made in the database itself: tickets, their results, ledger
 * entries, one event each, and the counters. What is there and what is not is written in bench/README.md.
 */
import type pg from "pg";

export interface History {
  readonly rows: number;
  readonly units: number;
  /** First and last day that results count on, the last left out, epoch ms. */
  readonly from: number;
  readonly to: number;
}

/** Ids of history begin here: far from those of the generated tickets and from those that the measures make. */
export const FIRST_OF_HISTORY = 100_000_000;
const UNITS = 100;
const MONTHS = 25;
const TABLES = ["ticket", "event", "result", "ledger"];
/** Indexes that no page of the assessment reads and that a closed ticket would be in. */
const LEFT_OFF =
  /^ticket_(category|channel|community|level|number_head|number_tail|received|state_received|street|title|unit_received)$/;

/** Fills up to `rows` results; does nothing where that was done before. */
export async function fillHistory(
  pool: pg.Pool,
  rows: number,
  now: number,
  say: (line: string) => void,
): Promise<History> {
  const began = performance.now();
  const to = Math.floor(now / 86_400_000) * 86_400_000;
  const from = to - Math.round(MONTHS * 30.5) * 86_400_000;
  const { rows: found } = await pool.query<{ there: boolean }>(
    "select exists (select from result where ticket_id >= $1) as there",
    [FIRST_OF_HISTORY],
  );
  const history = { rows, units: UNITS, from, to };
  if (found[0]?.there) return history;
  say(`filling ${rows} results of ${MONTHS} months and ${UNITS} units …`);
  const client = await pool.connect();
  const beside = await pool.connect(); // tickets and events on the other core
  try {
    await client.query(MORE_UNITS, [UNITS]);
    const picks = await picksOf(client);
    const restore = await takeOff(client);
    await client.query("alter table result disable trigger user");
    const known = await client.query<{ n: number }>("select count(*)::int as n from result");
    const values = [
      FIRST_OF_HISTORY,
      rows - (known.rows[0]?.n ?? 0),
      new Date(from),
      (to - from) / 1000,
      picks,
    ];
    await Promise.all([
      fill(client, [
        [RESULTS, values],
        [LEDGER, [FIRST_OF_HISTORY]],
      ]),
      fill(beside, [
        [TICKETS, values],
        [EVENTS, [FIRST_OF_HISTORY]],
      ]),
    ]);
    await client.query("alter table result enable trigger user");
    await Promise.all([
      fill(client, [
        ["truncate tally, tally_delta, tally_sum, tally_span", []],
        [TALLY, []],
        ...restore.assessed,
      ]),
      fill(beside, restore.others),
    ]);
  } finally {
    client.release();
    beside.release();
  }
  for (const table of [...TABLES, "tally", "tally_delta"]) await pool.query(`vacuum (analyze) ${table}`);
  say(`filled ${rows} results in ${((performance.now() - began) / 1000).toFixed(0)} s`);
  return history;
}

type Statement = readonly [string, readonly unknown[]];

async function fill(client: pg.PoolClient, statements: readonly Statement[]): Promise<void> {
  await client.query("set work_mem = '512MB'; set maintenance_work_mem = '512MB'");
  for (const [text, values] of statements) await client.query(text, [...values]);
  await client.query("reset work_mem; reset maintenance_work_mem");
}

/** Drops the plain indexes of the filled tables; answers what makes them again, those that are read. */
async function takeOff(client: pg.PoolClient): Promise<{ assessed: Statement[]; others: Statement[] }> {
  const { rows } = await client.query<{ table: string; name: string; make: string }>(
    `select c.relname as table, x.relname as name, pg_get_indexdef(i.indexrelid) as make
       from pg_index i join pg_class c on c.oid = i.indrelid join pg_class x on x.oid = i.indexrelid
      where i.indrelid = any ($1::text[]::regclass[]) and not exists (select 1 from pg_constraint k where k.conindid = i.indexrelid)`,
    [TABLES],
  );
  for (const { name } of rows) await client.query(`drop index ${name}`);
  const kept = rows.filter((each) => !LEFT_OFF.test(each.name));
  const made = (assessed: boolean): Statement[] =>
    kept
      .filter((each) => ["result", "ledger"].includes(each.table) === assessed)
      .map((each) => [each.make, []]);
  return { assessed: made(true), others: made(false) };
}

/** A thousand draws of a unit: the busiest has some seven times the tickets of the median one, as districts have. */
async function picksOf(client: pg.PoolClient): Promise<readonly string[]> {
  const { rows } = await client.query<{ id: string }>("select id from unit order by id limit $1", [UNITS]);
  const weights = rows.map((_, i) => 1 / (i + 6));
  const sum = weights.reduce((a, b) => a + b, 0);
  const picks = rows.flatMap(({ id }, i) =>
    Array.from({ length: Math.max(1, Math.round(((weights[i] ?? 0) / sum) * 1000)) }, () => id),
  );
  return Array.from({ length: 1000 }, (_, i) => picks[Math.floor((i * picks.length) / 1000)] ?? "");
}

const MORE_UNITS = `insert into unit (name, short_name, kind)
  select '测量单位' || n, '测量单位' || n, 'bureau' from generate_series(1, greatest(0, $1::int - (select count(*)::int from unit))) n`;

/** One draw a ticket and question, the same every time. */
const draw = (seed: number, of: number): string => `(abs(hashint8extended(i, ${seed})) % ${of})::int`;
const AT = `$3::timestamptz + make_interval(secs => floor($4::float8 * i / $2::float8) + ${draw(9, 43_200)} / 10.0)`;

const RESULTS = `
  insert into result (ticket_id, round, unit_id, counted_at, scope, city_scope, source, valid, contacted, solved, satisfied)
  select $1::bigint + i, 1, ($5::bigint[])[${draw(1, 1000)} + 1], ${AT},
         case when s < 920 then 'full' when s < 950 then 'responseOnly' else 'exempt' end,
         case when ${draw(2, 1000)} < 15 then 'exempt' end, source, valid,
         case when not valid or c >= 970 then null when c < 900 then 'yes' else 'no' end,
         case when not valid or c >= 900 and a < 700 or a >= 960 then null when a < 680 then 'yes' when a < 730 then 'partly' else 'no' end,
         case when not valid or c >= 900 and b < 700 or b >= 950 then null when b < 640 then 'satisfied' when b < 720 then 'basically' else 'dissatisfied' end
    from generate_series(0, $2::bigint - 1) i
   cross join lateral (select ${draw(3, 1000)} as s, ${draw(4, 1000)} as c, ${draw(5, 1000)} as a, ${draw(6, 1000)} as b,
                              case when ${draw(7, 1000)} < 420 then 'own' when ${draw(7, 1000)} < 900 then 'city' end as source) d
   cross join lateral (select source is not null and ${draw(8, 1000)} < 880 as valid) v
   order by i`;

const TICKETS = `
  insert into ticket (id, number, channel, path, level, title, content, category1, category2, street, state, round, lead_unit_id,
                      closing_kind, received_at, dispatched_at, closed_at, version, moved_version, created_at, updated_at)
  overriding system value
  select $1::bigint + i, 'L' || i, '电话', 'district', 3, '路面坑洼', '市民反映：路面坑洼，夜间出行不便，请核实处理。', '市政', '道路',
         'S' || ${draw(11, 29)}, 'closed', 1, ($5::bigint[])[${draw(1, 1000)} + 1], 'reply', at, at, at, 1, 1, at, at
    from generate_series(0, $2::bigint - 1) i cross join lateral (select ${AT} as at) d`;

const EVENTS = `
  insert into event (ticket_id, version, kind, from_state, to_state, round, at, user_name, role)
  select id, 1, 'imported', null, 'closed', 1, created_at, '历史导入', 'importer' from ticket where id >= $1`;

/** As the migration that brought the ledger wrote it for what was there before. */
const LEDGER = `
  insert into ledger (ticket_id, round, seq, unit_id, unit_kind, counted_at, scope, city_scope, scope_note, void, source, valid, contacted, solved, satisfied)
  select r.ticket_id, r.round, 1, r.unit_id, u.kind, r.counted_at, r.scope, r.city_scope, r.scope_note, r.void, r.source, r.valid,
         r.contacted, r.solved, r.satisfied
    from result r left join unit u on u.id = r.unit_id where r.ticket_id >= $1`;
const TALLY = `
  insert into tally (day, unit_id, cell, n)
  select tally_day(counted_at), coalesce(unit_id, 0), tally_cell(scope, city_scope, source, valid, contacted, solved, satisfied), count(*)
    from result where not void group by 1, 2, 3 order by 1, 2, 3`;
