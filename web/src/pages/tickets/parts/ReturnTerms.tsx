/** 退单须知. Which return it is and what comes after it, until when it may be made, and what the clocks do meanwhile. */
import { clocksInWords, nextInWords } from "@jiesu/core/returns/words.ts";
import type { TicketDetail } from "../../../api/types.ts";
import { RETURNS } from "../../../texts/returns.ts";
import { shortText } from "../../../ui/dates.ts";
import { useNow } from "../../../ui/now.ts";
import { Notice } from "../../../ui/States.tsx";

export function ReturnTerms({ ticket }: { ticket: TicketDetail }) {
  const now = useNow();
  const { returning, guards } = ticket;
  if (returning === null) return null;
  return (
    <Notice>
      {nextInWords(returning.nth, guards.maxReturns)}
      {returning.until && `${RETURNS.until(shortText(returning.until, now))}。`}
      {clocksInWords(guards.returns.inReview)}
    </Notice>
  );
}
