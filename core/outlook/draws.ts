/**
 * Seeded draws 随机抽样 for forecasts: the same seed gives the same figures on every machine, for ever.
 * Gamma after Marsaglia and Tsang (2000); binomial by counting waits, by its normal limit where both sides are large.
 */
export interface Draws {
  /** Uniform in (0, 1). */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
  /** Mean `shape`, scale 1; zero for a shape of zero. */
  gamma(shape: number): number;
  poisson(mean: number): number;
  /** Successes among `n` tries of chance `p`. */
  binomial(n: number, p: number): number;
}

/** Where both sides of a binomial expect more than this, its normal limit is within a hundredth of a deviation. */
const LARGE = 30;

export function drawsOf(seed: string): Draws {
  const uniform = sfc32(seed);
  // Box and Muller give two at a time.
  let other: number | null = null;
  const normal = (): number => {
    if (other !== null) {
      const kept = other;
      other = null;
      return kept;
    }
    const far = Math.sqrt(-2 * Math.log(uniform()));
    const angle = 2 * Math.PI * uniform();
    other = far * Math.sin(angle);
    return far * Math.cos(angle);
  };
  const gamma = (shape: number): number => {
    if (shape <= 0) return 0;
    if (shape < 1) return gamma(shape + 1) * uniform() ** (1 / shape);
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = normal();
      const v = (1 + c * x) ** 3;
      if (v > 0 && Math.log(uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
    }
  };
  const binomial = (n: number, p: number): number => {
    if (n <= 0 || p <= 0) return 0;
    if (p >= 1) return n;
    if (p > 0.5) return n - binomial(n, 1 - p);
    if (n * p > LARGE) return within(n * p + Math.sqrt(n * p * (1 - p)) * normal(), n);
    // The tries between two successes are geometric: as many logarithms as successes.
    const wait = Math.log1p(-p);
    let tries = 0;
    for (let successes = 0; ; successes += 1) {
      tries += Math.floor(Math.log(uniform()) / wait) + 1;
      if (tries > n) return successes;
    }
  };
  const poisson = (mean: number): number => {
    if (mean <= 0) return 0;
    if (mean > LARGE) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()));
    const stop = Math.exp(-mean);
    let product = uniform();
    let count = 0;
    while (product > stop) {
      product *= uniform();
      count += 1;
    }
    return count;
  };
  return { uniform, normal, gamma, poisson, binomial };
}

const within = (value: number, n: number): number => Math.min(n, Math.max(0, Math.round(value)));

/** Doty-Humphrey's small fast counter: 128 bits of state, of the seed's text by four FNV streams. */
function sfc32(seed: string): () => number {
  const [a0, b0, c0, d0] = [0x811c9dc5, 0x9e3779b9, 0x85ebca6b, 0xc2b2ae35].map((start) => fnv(seed, start));
  let [a, b, c, d] = [a0 ?? 0, b0 ?? 0, c0 ?? 0, d0 ?? 1];
  const next = (): number => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    c |= 0;
    return ((t >>> 0) + 0.5) / 4294967296;
  };
  for (let round = 0; round < 15; round += 1) next();
  return next;
}

function fnv(text: string, start: number): number {
  let hash = start | 0;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash ^ (hash >>> 15);
}
