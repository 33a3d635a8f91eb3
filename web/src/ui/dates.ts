/** Instants as Beijing readers write them. The screens show Beijing time wherever the browser stands. */
const BEIJING_MS = 8 * 3_600_000;

/** "2026-11-22 18:05" */
export function minuteText(iso: string): string {
  return beijing(Date.parse(iso)).slice(0, 16);
}

/** "11-22 18:05" within this year, else with the year. */
export function shortText(iso: string, now: number): string {
  const text = minuteText(iso);
  return text.slice(0, 4) === beijing(now).slice(0, 4) ? text.slice(5) : text;
}

/** "2026-11-22" */
export function dayText(iso: string): string {
  return minuteText(iso).slice(0, 10);
}

function beijing(ms: number): string {
  return new Date(ms + BEIJING_MS).toISOString().replace("T", " ");
}
