/** 一个测量. One figure beside its reference from the same run, and how it is printed. */

export interface Measure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The same thing without us: the parser alone, the bare SQL, the empty ledger. */
  readonly reference: number;
  /** value ÷ reference. */
  readonly ratio: number;
  /** What the reference is, in words. */
  readonly against: string;
}

export type Tell = (measure: Measure) => void;

export function measured(
  name: string,
  value: number,
  unit: string,
  reference: number,
  against: string,
): Measure {
  return {
    name,
    value: short(value),
    unit,
    reference: short(reference),
    ratio: short(value / reference),
    against,
  };
}

/** Times in milliseconds of `rounds` runs, one after the other, after a tenth of them unmeasured. */
export async function timed(
  rounds: number,
  work: (round: number) => Promise<unknown>,
): Promise<readonly number[]> {
  for (let i = 0; i < Math.ceil(rounds / 10); i++) await work(i);
  const times: number[] = [];
  for (let i = 0; i < rounds; i++) {
    const began = performance.now();
    await work(i);
    times.push(performance.now() - began);
  }
  return times;
}

/** The p-th percentile, 0 … 100, by nearest rank. */
export function percentile(times: readonly number[], p: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((p / 100) * sorted.length) - 1)] ?? Number.NaN;
}

/** Two percentiles of ours beside those of the reference. */
export function tellTimes(
  tell: Tell,
  name: string,
  ours: readonly number[],
  theirs: readonly number[],
  against: string,
): void {
  for (const p of [50, 95])
    tell(measured(`${name} p${p}`, percentile(ours, p), "ms", percentile(theirs, p), against));
}

/** Tells that this share of the work, 0 … 1, has just been done. */
export type Tick = (share: number) => void;

/**
 * How often `work` is done in a second by `users` at once, measured for `seconds` after a fifth of them unmeasured.
 * Work reports its steps, so that what is half done when time is up counts half.
 */
export async function rate(
  users: number,
  seconds: number,
  work: (user: number, tick: Tick) => Promise<unknown>,
): Promise<number> {
  const from = performance.now() + seconds * 200;
  const to = from + seconds * 1000;
  let done = 0;
  const tick: Tick = (share) => {
    const now = performance.now();
    if (now > from && now <= to) done += share;
  };
  const one = async (user: number): Promise<void> => {
    while (performance.now() < to) await work(user, tick);
  };
  await Promise.all(Array.from({ length: users }, (_, user) => one(user)));
  return done / seconds;
}

const short = (value: number): number => Number(value.toPrecision(4));
