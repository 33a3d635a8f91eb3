/**
 * 抽样. A stratified random sample that a seed repeats: each ticket has a place in a row of its own, made of the seed and its
 * number alone, and each stratum gives the first of its row. So the order in which tickets come changes nothing.
 * A stratum's share is in proportion to its size (最大余数法); each gets at least one where the sample is large enough.
 */

/** 分层: by channel, by unit, or by both. */
export const STRATA = ["channel", "unit", "channelUnit"] as const;
export type Strata = (typeof STRATA)[number];

export interface Drawable {
  readonly id: string;
  readonly channel: string;
  /** Of the unit that handled it; "" for none. */
  readonly unitId: string;
}

export interface Design {
  readonly seed: string;
  readonly strata: Strata;
  /** How many are to be drawn in all. */
  readonly size: number;
}

export interface Sample {
  /** The tickets drawn, in the order in which they are to be called: stopped early, it is a random sample still. */
  readonly drawn: readonly string[];
  readonly strata: readonly Stratum[];
}

export interface Stratum {
  readonly key: string;
  readonly of: number;
  readonly drawn: number;
}

/** Draws `size` of the tickets, all of them where there are fewer. Throws when one stands in the frame twice. */
export function drawSample(frame: readonly Drawable[], design: Design): Sample {
  if (new Set(frame.map((each) => each.id)).size < frame.length)
    throw new Error("a ticket stands twice in one frame");
  const byStratum = [...Map.groupBy(frame, (each) => stratumOf(each, design.strata))].sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
  const shares = sharesOf(
    byStratum.map(([, its]) => its.length),
    design.size,
  );
  const strata = byStratum.map(([key, its], at) => ({ key, of: its.length, drawn: shares[at] ?? 0 }));
  const drawn = byStratum.flatMap(([, its], at) => inRow(its, design.seed).slice(0, shares[at] ?? 0));
  return { drawn: inRow(drawn, design.seed).map((each) => each.id), strata };
}

export function stratumOf({ channel, unitId }: Drawable, strata: Strata): string {
  if (strata === "channel") return channel;
  return strata === "unit" ? unitId : `${channel}|${unitId}`;
}

/**
 * How many of each stratum: whole parts of its exact share first, what is left to the largest remainders; before that one each,
 * where there are at least as many to draw as strata. They add up to `size`, or to all there are.
 */
export function sharesOf(sizes: readonly number[], size: number): readonly number[] {
  const all = sizes.reduce((sum, each) => sum + each, 0);
  const wanted = Math.min(size, all);
  const least = wanted >= sizes.length ? 1 : 0;
  // What goes beyond the one each is shared by what each has beyond it, so that no stratum is asked for more than it has.
  const rest = wanted - least * sizes.length;
  const beyond = all - least * sizes.length;
  if (beyond === 0) return sizes.map((each) => Math.min(each, least));
  const exact = sizes.map((each, at) => {
    const product = (each - least) * rest;
    return { at, whole: Math.floor(product / beyond), remainder: product % beyond };
  });
  let left = rest - exact.reduce((sum, each) => sum + each.whole, 0);
  const shares = exact.map((each) => least + each.whole);
  for (const { at } of exact.toSorted((a, b) => b.remainder - a.remainder || a.at - b.at)) {
    if (left === 0) break;
    shares[at] = (shares[at] ?? 0) + 1;
    left -= 1;
  }
  return shares;
}

function inRow<T extends { readonly id: string }>(tickets: readonly T[], seed: string): readonly T[] {
  return tickets
    .map((ticket) => ({ ticket, at: lot(`${seed}:${ticket.id}`) }))
    .sort((a, b) => a.at - b.at || (a.ticket.id < b.ticket.id ? -1 : 1))
    .map(({ ticket }) => ticket);
}

/** A number below 2^53 made of a text, evenly spread (cyrb53): the same on every machine, for ever. */
function lot(text: string): number {
  let [a, b] = [0xdeadbeef, 0x41c6ce57];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return 4294967296 * (2097151 & b) + (a >>> 0);
}
