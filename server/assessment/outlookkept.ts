/** 测算的留存. What was read or reckoned for the outlook, for those who ask again; each ledger has its own. */
import type { Calibration } from "@jiesu/core/outlook/calibration.ts";
import type { Db } from "../platform/db/open.ts";
import type { CutText, Reckoned } from "./outlookwork.ts";

/** More than this are not kept: the oldest goes. */
const MOST = 20;

/** Values under way or done, by what they hang on; who asks while one is under way waits for the same. */
class Shelf<T> {
  readonly #kept = new Map<string, T>();

  get(key: string): T | undefined {
    return this.#kept.get(key);
  }

  put(key: string, value: T): T {
    this.#kept.delete(key);
    this.#kept.set(key, value);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST && oldest !== undefined) this.#kept.delete(oldest);
    return value;
  }

  /** Forgets it, unless another has taken its place: one that failed is not kept. */
  drop(key: string, value: T): void {
    if (this.#kept.get(key) === value) this.#kept.delete(key);
  }
}

/** A forecast under way or done. */
export interface Reckoning {
  /** When the ledger was asked for it. */
  readonly at: number;
  readonly done: Promise<Reckoned & { readonly digest: string }>;
}

interface Shelves {
  readonly past: Shelf<Promise<readonly CutText[]>>;
  readonly calibrated: Shelf<Promise<Calibration | null>>;
  readonly reckoned: Shelf<Reckoning>;
}

const OF = new WeakMap<Db, Shelves>();

export function shelvesOf(db: Db): Shelves {
  const known = OF.get(db) ?? { past: new Shelf(), calibrated: new Shelf(), reckoned: new Shelf() };
  OF.set(db, known);
  return known;
}
