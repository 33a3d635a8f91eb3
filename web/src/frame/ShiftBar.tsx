/** 班次栏. Which shift is on, who leads it, and how long until it is handed over; opens the roster. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { dutyQuery } from "../api/queries.ts";
import { hasSide, useSession } from "../api/session.ts";
import { T } from "../texts.ts";
import { minuteText } from "../ui/dates.ts";
import { useNow } from "../ui/now.ts";
import { Tag } from "../ui/Tag.tsx";
import { waitsForMe } from "./NavRail.tsx";

const SOON_MINUTES = 30;
const words = T.frame.shift;

export function ShiftBar() {
  const session = useSession();
  const duty = useQuery(dutyQuery(session));
  const now = useNow();
  if (!hasSide(session, "centre") || !duty.data) return null;
  const { current, next } = duty.data;
  if (!current) return <span className="shift-bar quiet">{words.none}</span>;
  const minutes = Math.max(0, Math.round((Date.parse(current.endsAt) - now) / 60_000));
  const leadOf = (shift: typeof current) => (shift.lead ? words.lead(shift.lead.name) : words.noLead);
  return (
    <Link
      to="/duty"
      className="shift-bar"
      data-tour="shift"
      title={next ? words.next(next.name, leadOf(next)) : undefined}
    >
      <span className="sr">{words.label}：</span>
      <strong>{current.name}</strong>
      <span className="shift-lead">{current.lead?.name ?? words.noLead}</span>
      <span className="shift-left" data-soon={minutes <= SOON_MINUTES || undefined}>
        {words.until(timeOf(current.endsAt), words.left(minutes))}
      </span>
      {waitsForMe(session, duty.data) && <Tag tone="mine">{words.pending}</Tag>}
    </Link>
  );
}

const timeOf = (iso: string): string => minuteText(iso).slice(11);
