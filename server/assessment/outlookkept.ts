/** 测算的留存. What was read or reckoned for the outlook, for those who ask again; each ledger has its own. */
import { createHash } from "node:crypto";
import type { Calibration } from "@jiesu/core/outlook/calibration.ts";
import type { Db } from "../platform/db/open.ts";
import type { CutText, Reckoned } from "./outlookwork.ts";

/** More than this are not kept: the oldest goes. */
const MOST = 20;

/** Values under way or done, by what they hang on; who asks while one is under way waits for the same. */
class Shelf<T> {
  readonly #kept = new Map<string, Promise<T>>();

  get(key: string): Promise<T> | undefined {
    return this.#kept.get(digestOf(key));
  }

  /** The value under this key, made if there is none; one that failed is not kept. */
  keep(key: string, make: () => Promise<T>): Promise<T> {
    const digest = digestOf(key);
    const known = this.#kept.get(digest);
    if (known) return known;
    const made = make();
    this.#kept.set(digest, made);
    made.catch(() => this.#kept.delete(digest));
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST && oldest !== undefined) this.#kept.delete(oldest);
    return made;
  }
}

interface Shelves {
  readonly past: Shelf<readonly CutText[]>;
  readonly calibrated: Shelf<Calibration | null>;
  readonly reckoned: Shelf<Reckoned>;
}

const OF = new WeakMap<Db, Shelves>();

export function shelvesOf(db: Db): Shelves {
  const known = OF.get(db) ?? { past: new Shelf(), calibrated: new Shelf(), reckoned: new Shelf() };
  OF.set(db, known);
  return known;
}

const digestOf = (key: string): string => createHash("sha256").update(key).digest("base64");
