/**
 * 较上期. How a rank and a score stand to those of the period before, in the words of the table. What is compared is what
 * was shown: the difference of two scores is that of the rounded ones, so that a reader who subtracts gets the same.
 */

/** "升 2", "降 1", "持平"; "—" where one of the two periods has no rank. */
export function rankChange(now: number | null, before: number | null): string {
  if (now === null || before === null) return "—";
  if (now === before) return "持平";
  return now < before ? `升 ${before - now}` : `降 ${now - before}`;
}

/** "+1.2", "-0.4", "0.0"; "—" where one of the two periods has no score. */
export function scoreChange(now: number | null, before: number | null, digits: number): string {
  if (now === null || before === null) return "—";
  const difference = (now - before).toFixed(digits);
  if (Number(difference) === 0) return (0).toFixed(digits);
  return now > before ? `+${difference}` : difference;
}
