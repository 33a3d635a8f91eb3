/** 工单上的不纳入考核与挂账. What was applied for on this ticket, and, for the unit that leads it, where to apply and until when. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useSession } from "../../api/session.ts";
import type { TicketDetail } from "../../api/types.ts";
import { EXEMPTION, SHELVING } from "../../texts/exemption.ts";
import { DetailPanel } from "../../ui/DetailPanel.tsx";
import { dayText } from "../../ui/dates.ts";
import { Tag } from "../../ui/Tag.tsx";
import { shelvingsOfTicket } from "../shelving/queries.ts";
import { ofTicketQuery, roundsQuery } from "./queries.ts";
import "./exemption.css";

const X = EXEMPTION;
const S = SHELVING;

export default function OnTicket({ ticket }: { ticket: TicketDetail }) {
  const session = useSession();
  const ofUnit = session.unit !== null;
  const exemptions = useQuery(ofTicketQuery(ticket.id));
  const shelvings = useQuery(shelvingsOfTicket(ticket.id));
  const rounds = useQuery({ ...roundsQuery(ticket.id), enabled: ofUnit });
  const open = ofUnit ? (rounds.data?.filter((round) => round.mayApply) ?? []) : [];
  const shelved = shelvings.data ?? [];
  const applied = exemptions.data?.rows ?? [];
  const leads = ticket.assignments.some(
    (a) => a.part === "lead" && a.round === ticket.round && a.unit.id === session.unit?.id,
  );
  const mayShelve =
    leads && SHELVABLE.includes(ticket.state) && shelved.every((each) => each.state !== "applied");
  if (open.length + shelved.length + applied.length === 0 && !mayShelve) return null;
  return (
    <DetailPanel title={X.onTicketTitle}>
      <ul className="step-list">
        {applied.map((each) => (
          <li key={`x${each.id}`}>
            <Tag>{each.stateZh}</Tag>
            <Link to="/exemption/$id" params={{ id: each.id }}>
              {X.title}：{each.groundName}
              {each.appealOf !== null && `（${X.isAppeal}）`}
            </Link>
          </li>
        ))}
        {open.map((round) => (
          <li key={`r${round.round}`}>
            <Link to="/exemption/new" search={{ ticket: ticket.id, round: String(round.round) }}>
              {X.applyTitle}
            </Link>
            <span className="quiet">
              {dayText(round.applyBy)} {X.daysLeft(round.daysLeft)}
            </span>
          </li>
        ))}
        {shelved.map((each) => (
          <li key={`s${each.id}`}>
            <Tag>{each.stateZh}</Tag>
            <Link to="/shelving/$id" params={{ id: each.id }}>
              {S.title}：{each.kindZh}，{S.term} {each.termDay}
            </Link>
          </li>
        ))}
        {mayShelve && (
          <li>
            <Link to="/shelving/new" search={{ ticket: ticket.id }}>
              {S.applyTitle}
            </Link>
          </li>
        )}
      </ul>
    </DetailPanel>
  );
}

/** Where the table of moves lets a ticket be shelved. */
const SHELVABLE: readonly string[] = ["reported", "calling"];
