/** Seeded randomness: the same seed gives the same district for ever, on every machine. */

export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<T>(from: readonly T[]): T;
  /** Around 1, never negative: exp(σ·N(0,1)); a delay of median m is m × this. */
  spread(sigma: number): number;
}

/** An independent stream for each list of numbers: `randomOf(seed, ticket)` does not care what came before. */
export function randomOf(...seeds: readonly number[]): Random {
  let a = 0x9e3779b9;
  for (const seed of seeds) a = mix(a ^ Math.imul(seed | 0, 0x85ebca6b), seed);
  let state = a >>> 0;
  // mulberry32: 2³² states are plenty for one ticket, and it is quick.
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const int = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  return {
    next,
    int,
    chance: (probability) => next() < probability,
    pick: (from) => {
      const one = from[int(0, from.length - 1)];
      if (one === undefined) throw new Error("nothing to pick from");
      return one;
    },
    // Four uniforms less two, scaled to variance 1, are near enough to a normal and need no logarithm.
    spread: (sigma) => {
      let sum = -2;
      for (let i = 0; i < 4; i++) sum += next();
      return Math.exp(sigma * sum * Math.sqrt(3));
    },
  };
}

/** Picks by weight in O(log n): the running sums are made once. */
export interface Weighted<T> {
  pick(random: Random): T;
}

export function weighted<T>(items: readonly T[], weightOf: (item: T) => number): Weighted<T> {
  const sums: number[] = [];
  let total = 0;
  for (const item of items) {
    total += weightOf(item);
    sums.push(total);
  }
  if (!(total > 0)) throw new Error("weights must add up to more than nothing");
  return {
    pick(random) {
      const target = random.next() * total;
      let low = 0;
      let high = sums.length - 1;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((sums[middle] ?? 0) > target) high = middle;
        else low = middle + 1;
      }
      const found = items[low];
      if (found === undefined) throw new Error("nothing to pick from");
      return found;
    },
  };
}

function mix(hash: number, seed: number): number {
  let h = hash ^ Math.floor(seed / 4294967296);
  h = Math.imul(h ^ (h >>> 16), 0x21f0aaad);
  h = Math.imul(h ^ (h >>> 15), 0x735a2d97);
  return h ^ (h >>> 15);
}
