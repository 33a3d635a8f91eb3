/**
 * 检索用词. Cuts Chinese text into the words of a dictionary that knows the district's streets, communities and units.
 *
 * A text is indexed by *every* dictionary word that stands in it, however it is cut; a query is cut into dictionary
 * words, and its single signs are left to LIKE. So the index never loses a ticket that LIKE would have found, and one
 * more name in the dictionary only makes it quicker.
 */
import { createHash } from "node:crypto";
import { Jieba } from "@node-rs/jieba";
import { dict } from "@node-rs/jieba/dict.js";
import type { Db } from "../platform/db/open.ts";

export interface Cutter {
  /** Names the dictionary: another set of names is another digest. */
  readonly digest: string;
  /** Every word of a text worth finding it by. */
  wordsOf(text: string): string[];
  /** The words that a text holding `query` surely is indexed by; `named`: whether names of the district count. */
  needlesOf(query: string, named: boolean): string[];
}

const HAN_WORD = /^\p{Script=Han}{2,}$/u;
const LATIN_WORD = /[A-Za-z][A-Za-z0-9]+/g;
const LONGEST = 40;

export function cutterOf(names: readonly string[]): Cutter {
  const known = new Set(names.filter((n) => HAN_WORD.test(n)));
  const sorted = [...known].sort();
  const jieba = Jieba.withDict(dict);
  // A frequency high enough that the whole name wins over its parts when a query is cut.
  if (sorted.length > 0) jieba.loadDict(Buffer.from(sorted.map((n) => `${n} 100000 ns\n`).join("")));
  let plain: Jieba | null = null; // wanted only until the index knows the names; 30 MB otherwise saved
  const withoutNames = (): Jieba => {
    plain ??= Jieba.withDict(dict);
    return plain;
  };
  const isWord = (w: string): boolean => HAN_WORD.test(w) && w.length <= LONGEST;
  return {
    digest: createHash("sha256").update(sorted.join("\n")).digest("hex").slice(0, 16),
    wordsOf: (text) => [
      ...new Set([...jieba.cutAll(text).filter(isWord), ...(text.match(LATIN_WORD) ?? []).map(latin)]),
    ],
    // Without the names, and without guessing unknown words (HMM): only what every text was surely indexed by.
    needlesOf: (query, named) => [
      ...new Set((named ? jieba : withoutNames()).cut(query, false).filter(isWord)),
    ],
  };
}

const latin = (word: string): string => word.toLowerCase().slice(0, LONGEST);

const FRESH_MS = 60_000;
const cutters = new WeakMap<
  Db,
  { readonly cutter: Cutter; readonly names: string; readonly readAt: number }
>();

/** The cutter with today's names of the ledger; looked up anew once a minute. */
export async function cutterFor(db: Db): Promise<Cutter> {
  const kept = cutters.get(db);
  if (kept && performance.now() - kept.readAt < FRESH_MS) return kept.cutter;
  const [units, communities] = await Promise.all([
    db.selectFrom("unit").select(["name", "short_name"]).execute(),
    db.selectFrom("community").select("name").execute(),
  ]);
  const names = [...units.flatMap((u) => [u.name, u.short_name]), ...communities.map((c) => c.name)].sort();
  const joined = names.join("\n");
  const cutter = kept?.names === joined ? kept.cutter : cutterOf(names);
  cutters.set(db, { cutter, names: joined, readAt: performance.now() });
  return cutter;
}

/** The lexeme by which a unit's tickets are found; no text holds it. */
export const unitWord = (unitId: string): string => `§${unitId}`;

/**
 * The words by which the index narrows a search; null when it cannot (nothing indexed yet, or no whole word in the
 * query) and LIKE must look alone.
 */
export async function needles(db: Db, query: string): Promise<readonly string[] | null> {
  const done = await db
    .selectFrom("search_progress")
    .select("dictionary")
    .where("done_at", "is not", null)
    .execute();
  if (done.length === 0) return null;
  const cutter = await cutterFor(db);
  const found = cutter.needlesOf(
    query,
    done.some((d) => d.dictionary === cutter.digest),
  );
  return found.length > 0 ? found.slice(0, 12) : null;
}

/** All of these words, as PostgreSQL's tsquery. */
export const tsqueryOf = (words: readonly string[]): string =>
  words.map((w) => `'${w.replace(/['\\]/g, "")}'`).join(" & ");
