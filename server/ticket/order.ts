/**
 * 排序. Every order of a list as stretches that are walked one after another. Within a stretch an index gives the order
 * and the ticket's id ends it, so a page goes on exactly where the last one stopped, whatever came in meanwhile.
 * What has nothing to be ordered by (no deadline, no unit) is the last stretch in both directions, newest first.
 */
import { ALL_CLOCKS } from "@jiesu/core/deadline/kind.ts";
import { type Sort, type SortKey, sortOf } from "@jiesu/core/ticket/listing.ts";
import { ALL_STATES, OPEN_STATES } from "@jiesu/core/ticket/state.ts";
import { type RawBuilder, type SqlBool, sql } from "kysely";
import { z } from "zod";
import type { Db } from "../platform/db/open.ts";
import { Refused } from "../platform/errors.ts";

/** What orders the rows of a stretch: an expression over ticket `t`, its type in PostgreSQL, its value in a row. */
interface By {
  readonly of: RawBuilder<unknown>;
  readonly type: "timestamptz" | "text" | "bigint" | "smallint" | "integer";
  readonly value: (row: Ordered) => string | number | null;
}

export interface Stretch {
  readonly where: RawBuilder<SqlBool> | null;
  readonly by: readonly By[];
  readonly down: boolean;
}

/** The columns of a row that any order looks at. */
export interface Ordered {
  readonly id: string;
  readonly number: string;
  readonly title: string;
  readonly channel: string;
  readonly level: number;
  readonly category1: string;
  readonly category2: string;
  readonly street: string;
  readonly community: string;
  readonly lead_unit_id: string | null;
  readonly received_at: Date;
  readonly due_at: Date | null;
  readonly due_kind: string | null;
  readonly round: number;
  readonly returns: number;
}

const RECEIVED: By = {
  of: sql`t.received_at`,
  type: "timestamptz",
  value: (row) => row.received_at.toISOString(),
};
const DUE: By = { of: sql`t.due_at`, type: "timestamptz", value: (row) => row.due_at?.toISOString() ?? null };
const text = (of: RawBuilder<unknown>, value: By["value"]): By => ({ of, type: "text", value });

const TITLE = text(sql`t.title`, () => null); // looked up by the ticket: what citizens said stays out of addresses
/** As the clocks stand in their list. */
const DUE_KIND: By = {
  of: sql`array_position(${sql.lit(`{${ALL_CLOCKS.join(",")}}`)}::text[], t.due_kind)`,
  type: "integer",
  value: (row) => ALL_CLOCKS.findIndex((kind) => kind === row.due_kind) + 1,
};

const OPEN = sql<SqlBool>`t.state not in ('closed', 'withdrawn', 'merged')`;
const HAS_DUE = sql<SqlBool>`${OPEN} and t.due_at is not null`;
const rest = (where: RawBuilder<SqlBool>): Stretch => ({ where, by: [RECEIVED], down: true });

/** The stretches of an order, first to last; of states only those that the list may hold. */
export function stretchesOf(sort: Sort, states: readonly string[] = ALL_STATES): readonly Stretch[] {
  const { key, down } = sortOf(sort);
  return ORDERS[key](down, states);
}

const one =
  (...by: readonly By[]) =>
  (down: boolean): readonly Stretch[] => [{ where: null, by, down }];

/** Each value that hardly any ticket has not, then the rest in order: an index of the rest alone is small. */
const counted =
  (values: readonly RawBuilder<SqlBool>[], more: Stretch["where"], by: By) => (down: boolean) => {
    const stretches = [
      ...values.map((where): Stretch => ({ where, by: [RECEIVED], down })),
      { where: more, by: [by, RECEIVED], down },
    ];
    return down ? stretches.reverse() : stretches;
  };

const ORDERS: Readonly<Record<SortKey, (down: boolean, states: readonly string[]) => readonly Stretch[]>> = {
  received: one(RECEIVED),
  number: one(text(sql`t.number`, (row) => row.number)),
  title: one(TITLE),
  channel: one(
    text(sql`t.channel`, (row) => row.channel),
    RECEIVED,
  ),
  level: one({ of: sql`t.level`, type: "smallint", value: (row) => row.level }, RECEIVED),
  category: one(
    text(sql`t.category1`, (row) => row.category1),
    text(sql`t.category2`, (row) => row.category2),
    RECEIVED,
  ),
  street: one(
    text(sql`t.street`, (row) => row.street),
    RECEIVED,
  ),
  community: one(
    text(sql`t.community`, (row) => row.community),
    RECEIVED,
  ),
  leadUnit: (down) => [
    {
      where: sql<SqlBool>`t.lead_unit_id is not null`,
      by: [{ of: sql`t.lead_unit_id`, type: "bigint", value: (row) => row.lead_unit_id }, RECEIVED],
      down,
    },
    rest(sql<SqlBool>`t.lead_unit_id is null`),
  ],
  // one stretch a state, along the way that a ticket goes
  state: (down, states) => {
    const along = ALL_STATES.filter((state) => states.includes(state));
    const stretches = along.map(
      (state): Stretch => ({ where: sql<SqlBool>`t.state = ${state}`, by: [RECEIVED], down }),
    );
    return down ? stretches.reverse() : stretches;
  },
  due: (down, states) => withDue({ where: HAS_DUE, by: [DUE], down }, states),
  dueKind: (down, states) => withDue({ where: HAS_DUE, by: [DUE_KIND, DUE], down }, states),
  round: counted([sql<SqlBool>`t.round = 0`, sql<SqlBool>`t.round = 1`], sql<SqlBool>`t.round > 1`, {
    of: sql`t.round`,
    type: "smallint",
    value: (row) => row.round,
  }),
  returns: counted([sql<SqlBool>`t.returns = 0`], sql<SqlBool>`t.returns > 0`, {
    of: sql`t.returns`,
    type: "smallint",
    value: (row) => row.returns,
  }),
};

/** Those with a deadline, then those without: open ones, then what is closed. */
function withDue(first: Stretch, states: readonly string[]): readonly Stretch[] {
  const mayBeClosed = states.some((state) => !OPEN_STATES.some((open) => open === state));
  return [
    first,
    rest(sql<SqlBool>`${OPEN} and t.due_at is null`),
    ...(mayBeClosed ? [rest(sql<SqlBool>`t.state in ('closed', 'withdrawn', 'merged')`)] : []),
  ];
}

/** Where a page ended: the stretch, the values that its last row was ordered by, and that row's ticket. */
export interface Place {
  readonly stretch: number;
  readonly values: readonly (string | number | null)[];
  readonly id: string;
}

export function placeText(stretch: number, by: Stretch["by"], row: Ordered): string {
  const values = by.map((each) => each.value(row));
  return `${stretch}.${Buffer.from(JSON.stringify(values)).toString("base64url")}.${row.id}`;
}

/** Reads where the last page ended; throws Refused when it is no place in this order. */
export async function readPlace(db: Db, stretches: readonly Stretch[], after: string): Promise<Place> {
  const [, number = "", packed = "", id = ""] =
    /^(\d{1,2})\.([A-Za-z0-9_-]{2,})\.([1-9]\d{0,17})$/.exec(after) ?? [];
  const stretch = stretches[Number(number)];
  const values = unpack(packed);
  if (number === "" || stretch === undefined || values?.length !== stretch.by.length) throw elsewhere();
  for (const [i, { type }] of stretch.by.entries()) {
    const value = values[i] ?? null;
    if (stretch.by[i] === TITLE) continue;
    if (!FITS[type](value)) throw elsewhere();
  }
  if (!stretch.by.includes(TITLE)) return { stretch: Number(number), values, id };
  const row = await db.selectFrom("ticket").select("title").where("id", "=", id).executeTakeFirst();
  if (!row) throw elsewhere();
  return { stretch: Number(number), values: [row.title], id };
}

/** What lies behind a place in its stretch. */
export function beyond(stretch: Stretch, place: Place): RawBuilder<SqlBool> {
  const left = sql.join([...stretch.by.map((by) => by.of), sql`t.id`]);
  const right = sql.join([
    ...stretch.by.map((by, i) => sql`${place.values[i] ?? null}::${sql.raw(by.type)}`),
    sql`${place.id}::bigint`,
  ]);
  return sql<SqlBool>`(${left}) ${sql.raw(stretch.down ? "<" : ">")} (${right})`;
}

/** `gathered`: sorted after the filter has been answered, never by walking an index of this order. */
export function orderOf(stretch: Stretch, gathered: boolean): RawBuilder<unknown> {
  const way = sql.raw(stretch.down ? " desc" : " asc");
  const by = stretch.by.map(({ of, type }) => sql`${gathered ? sql`(${of} ${NOTHING[type]})` : of}${way}`);
  return sql.join([...by, sql`t.id${way}`]);
}

/** Adds nothing to a value, so that it is no longer the column that an index is in the order of. */
const NOTHING: Readonly<Record<By["type"], RawBuilder<unknown>>> = {
  timestamptz: sql`+ interval '0'`,
  text: sql`|| ''`,
  bigint: sql`+ 0`,
  smallint: sql`+ 0`,
  integer: sql`+ 0`,
};

/**
 * Whether the tickets of a filter are gathered and then sorted. Walking an order's index is quick as long as the wanted
 * tickets are strewn over it. Open tickets are not (they are the newest), and a street's are not in the order of its
 * communities or units; both are few, or an index holds all that the sorting looks at.
 */
export function isGathered(
  sort: Sort,
  filter: { readonly openOnly: boolean; readonly few: boolean; readonly local: boolean },
): boolean {
  const { key } = sortOf(sort);
  if (filter.few) return true;
  if (key === "due" || key === "dueKind") return false;
  if (filter.openOnly) return true;
  return filter.local && key !== "received" && key !== "title" && key !== "number" && key !== "state";
}

type Value = string | number | null;

const FITS: Readonly<Record<By["type"], (value: Value) => boolean>> = {
  timestamptz: (value) => typeof value === "string" && z.iso.datetime().safeParse(value).success,
  text: (value) => typeof value === "string" && !value.includes("\0"),
  bigint: (value) => typeof value === "string" && /^\d{1,18}$/.test(value),
  smallint: (value) => typeof value === "number" && Number.isInteger(value) && Math.abs(value) < 32_768,
  integer: (value) => typeof value === "number" && Number.isInteger(value) && Math.abs(value) < 32_768,
};

const Values = z.array(z.union([z.string(), z.number(), z.null()]));

function unpack(packed: string): readonly Value[] | null {
  try {
    const parsed = Values.safeParse(JSON.parse(Buffer.from(packed, "base64url").toString()));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

const elsewhere = (): Refused =>
  new Refused({ code: "bad-input", message: "翻页位置不正确，请从第一页看起", field: "after" });
