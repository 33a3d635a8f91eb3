/**
 * 裸 SQL. Records the statements that a piece of work sends to PostgreSQL, and plays them again over the bare driver:
 * the same statements without routes, checks, decisions and query builder. What a replay inserts gets its own ids; a
 * parameter that was an id of the first time becomes the id of this time.
 */
import pg from "pg";
import type { Tick } from "./measure.ts";

interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
  rows: readonly Record<string, unknown>[];
}

export type Script = readonly Statement[];

/** The statements of `work`, in order. Only what goes through pg in this process is seen; COPY is not. */
export async function recorded(work: () => Promise<unknown>): Promise<Script> {
  const script: Statement[] = [];
  const original = pg.Client.prototype.query;
  const spy = function (this: pg.Client, ...args: unknown[]): unknown {
    const answer: unknown = Reflect.apply(original, this, args);
    const statement = statementOf(args);
    if (statement) {
      script.push(statement);
      if (answer instanceof Promise) {
        answer.then(
          (result: { rows?: readonly Record<string, unknown>[] }) => {
            statement.rows = result.rows ?? [];
          },
          () => {},
        );
      }
    }
    return answer;
  };
  Object.assign(pg.Client.prototype, { query: spy });
  try {
    await work();
  } finally {
    Object.assign(pg.Client.prototype, { query: original });
  }
  return script;
}

/** Plays a script once. `given` replaces parameters from the start: an id of the first time by another. */
export async function replay(
  client: pg.ClientBase,
  script: Script,
  given: ReadonlyMap<string, string> = new Map(),
  tick: Tick = () => {},
): Promise<void> {
  const ids = new Map(given);
  for (const { text, values, rows } of script) {
    const result: unknown = await client.query(
      text,
      values.map((value) => replaced(value, ids)),
    );
    tick(1 / script.length);
    const got =
      result !== null && typeof result === "object" && "rows" in result && Array.isArray(result.rows)
        ? result.rows
        : [];
    if (!/^\s*(insert|select nextval)/i.test(text)) continue;
    for (const [i, row] of rows.entries()) {
      for (const key of ["id", "n"]) learn(ids, row[key], got[i]?.[key]);
    }
  }
}

function learn(ids: Map<string, string>, before: unknown, now: unknown): void {
  if (typeof before !== "string" || typeof now !== "string") return;
  ids.set(before, now);
}

function replaced(value: unknown, ids: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((each) => replaced(each, ids));
  if (typeof value !== "string") return value;
  const known = ids.get(value);
  if (known !== undefined) return known;
  // A ticket's own number ends in the serial that a sequence gave.
  const serial = /^(.*-\d{6}-)0*(\d+)$/.exec(value);
  const next = serial?.[2] === undefined ? undefined : ids.get(serial[2]);
  return next === undefined ? value : `${serial?.[1] ?? ""}${next.padStart(6, "0")}`;
}

function statementOf(args: readonly unknown[]): Statement | null {
  const [first, second] = args;
  if (typeof first === "string")
    return { text: first, values: Array.isArray(second) ? second : [], rows: [] };
  if (
    typeof first === "object" &&
    first !== null &&
    "text" in first &&
    typeof first.text === "string" &&
    !("submit" in first)
  ) {
    return {
      text: first.text,
      values: "values" in first && Array.isArray(first.values) ? first.values : [],
      rows: [],
    };
  }
  return null;
}
