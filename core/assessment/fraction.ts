/**
 * Exact fractions 分数, for rates and scores that must not carry float noise.
 * 0.1 + 0.2 is not 0.3 in floating point, and a rank can hang on the last digit shown.
 */
export interface Fraction {
  readonly num: bigint;
  /** Always above zero; num and den share no factor. */
  readonly den: bigint;
}

/** num / den in lowest terms. Throws RangeError for a zero denominator: the caller owes the check. */
export function fraction(num: bigint | number, den: bigint | number = 1n): Fraction {
  const n = BigInt(num);
  const d = BigInt(den);
  if (d === 0n) throw new RangeError("a fraction needs a denominator other than zero");
  const sign = d < 0n ? -1n : 1n;
  const divisor = greatestCommonDivisor(n < 0n ? -n : n, d * sign);
  return { num: (n * sign) / divisor, den: (d * sign) / divisor };
}

export const ZERO: Fraction = { num: 0n, den: 1n };
export const ONE: Fraction = { num: 1n, den: 1n };

export function add(a: Fraction, b: Fraction): Fraction {
  return fraction(a.num * b.den + b.num * a.den, a.den * b.den);
}

export function subtract(a: Fraction, b: Fraction): Fraction {
  return fraction(a.num * b.den - b.num * a.den, a.den * b.den);
}

export function multiply(a: Fraction, b: Fraction): Fraction {
  return fraction(a.num * b.num, a.den * b.den);
}

/** All of them together; reduced once, at the end: the denominators of a hundred rates have little in common. */
export function sumOf(values: readonly Fraction[]): Fraction {
  let [num, den] = [0n, 1n];
  for (const value of values) {
    num = num * value.den + value.num * den;
    den *= value.den;
  }
  return fraction(num, den);
}

/** Below zero when a < b, above zero when a > b, zero when equal. */
export function compare(a: Fraction, b: Fraction): number {
  const difference = a.num * b.den - b.num * a.den;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** Rounded to so many decimal digits, half away from zero (四舍五入). */
export function roundHalfUp(value: Fraction, digits: number): Fraction {
  return fraction(scaled(value, digits), 10n ** BigInt(digits));
}

/** Decimal text with exactly so many digits after the point, half away from zero (四舍五入): "96.4". */
export function decimalText(value: Fraction, digits: number): string {
  const whole = scaled(value, digits);
  const sign = whole < 0n ? "-" : "";
  const text = (whole < 0n ? -whole : whole).toString().padStart(digits + 1, "0");
  if (digits === 0) return sign + text;
  return `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** The nearest JavaScript number, for JSON and charts; never for comparing or rounding. */
export function toNumber(value: Fraction): number {
  const safe = BigInt(Number.MAX_SAFE_INTEGER);
  const small = value.den <= safe && value.num <= safe && value.num >= -safe;
  return small ? Number(value.num) / Number(value.den) : Number(decimalText(value, 20));
}

/**
 * A plain decimal such as "0.9", "1" or the JSON number 0.9, read exactly as written.
 * Null for anything else: signs, exponents, more than six decimals, blanks.
 */
export function parseDecimal(input: unknown): Fraction | null {
  const text = typeof input === "number" ? String(input) : input;
  if (typeof text !== "string") return null;
  const match = /^(\d{1,9})(?:\.(\d{1,6}))?$/.exec(text);
  if (!match) return null;
  const decimals = match[2] ?? "";
  return fraction(BigInt(`${match[1]}${decimals}`), 10n ** BigInt(decimals.length));
}

/** As finely as parseDecimal reads. */
export const MILLION = 1_000_000;

/** A decimal as parseDecimal reads it, in whole millionths. Throws for what it would not have read: a third, say. */
export function inMillionths(value: Fraction): number {
  const whole = value.num * BigInt(MILLION);
  if (whole % value.den !== 0n) throw new Error(`${value.num}/${value.den} has more than six decimals`);
  return Number(whole / value.den);
}

/** value × 10^digits as a whole number, half away from zero. */
function scaled(value: Fraction, digits: number): bigint {
  const sign = value.num < 0n ? -1n : 1n;
  const doubled = 2n * value.num * sign * 10n ** BigInt(digits);
  return sign * ((doubled + value.den) / (2n * value.den));
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}
