/** 在办工单按影响排列. One row a ticket, ticked by x or by its box, several by Shift and the arrows, opened by Enter. */
import { Link, useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, useRef } from "react";
import type { Lever, Levers } from "../../api/types.ts";
import { LEDGER } from "../../texts/ledger.ts";
import { LEVERS } from "../../texts/outlook.ts";
import { useNow } from "../../ui/now.ts";
import { ScrollRegion } from "../../ui/ScrollRegion.tsx";
import { DueWords } from "../tickets/due.tsx";

export function LeverTable(props: {
  levers: Levers;
  ticked: readonly string[];
  tick: (ids: readonly string[]) => void;
}) {
  const { levers, tick } = props;
  const navigate = useNavigate();
  const now = useNow();
  const ticked = new Set(props.ticked);
  const set = (id: string, on: boolean): void => {
    const next = new Set(ticked);
    if (on) next.add(id);
    else next.delete(id);
    tick([...next]);
  };
  const body = useRef<HTMLTableSectionElement>(null);
  const onKey = (event: KeyboardEvent<HTMLTableRowElement>, at: number): void => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const id = levers.levers[at]?.ticketId ?? "";
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) {
      const next = levers.levers[at + step];
      if (event.shiftKey) tick([...new Set([...ticked, id, ...(next ? [next.ticketId] : [])])]);
      const row = body.current?.rows[at + step];
      row?.focus();
    } else if (event.key === "x") set(id, !ticked.has(id));
    else if (event.key === "Enter") void navigate({ to: "/tickets/$id", params: { id } });
    else if (event.key === "Escape" && ticked.size > 0) tick([]);
    else return;
    event.preventDefault();
  };
  return (
    <ScrollRegion className="work-table-wrap" label={LEVERS.list(levers.unit.shortName)}>
      <table className="work-table levers">
        <thead>
          <tr>
            <th scope="col">
              <span className="sr">{LEVERS.tick("")}</span>
            </th>
            <th scope="col" data-align="right">
              {LEVERS.order}
            </th>
            <th scope="col" data-align="right" title={LEVERS.aloneAbout}>
              {LEVERS.alone}
            </th>
            <th scope="col">{LEVERS.ticket}</th>
            <th scope="col">{LEVERS.due}</th>
            <th scope="col" data-align="right" title={LEVERS.afterAbout}>
              {LEVERS.after}
            </th>
            <th scope="col">{LEVERS.category}</th>
            <th scope="col">{LEVERS.state}</th>
            <th scope="col">{LEVERS.answer}</th>
          </tr>
        </thead>
        <tbody ref={body}>
          {levers.levers.map((lever, at) => (
            <tr
              key={lever.ticketId}
              tabIndex={0}
              aria-label={`${lever.number} ${lever.title}`}
              data-marked={ticked.has(lever.ticketId) || undefined}
              onKeyDown={(event) => onKey(event, at)}
            >
              <td>
                <input
                  type="checkbox"
                  aria-label={LEVERS.tick(lever.number)}
                  checked={ticked.has(lever.ticketId)}
                  onChange={(event) => set(lever.ticketId, event.target.checked)}
                />
              </td>
              <td data-align="right">{at + 1}</td>
              <td data-align="right" data-nowrap>
                <strong>{lever.gainText ?? LEVERS.first}</strong>
              </td>
              <td>
                <Link to="/tickets/$id" params={{ id: lever.ticketId }} title={lever.number}>
                  {lever.title}
                </Link>{" "}
                <span className="quiet">{lever.street}</span>
              </td>
              <td data-nowrap>
                {lever.dueAt === null ? (
                  <span className="quiet">{LEVERS.noDue}</span>
                ) : (
                  <DueWords dueAt={lever.dueAt} nearAt={lever.nearAt} now={now} />
                )}
              </td>
              <td data-align="right" data-nowrap>
                {LEVERS.score(lever.after.scoreText)} · {LEVERS.place(lever.after.rank)}
              </td>
              <td data-nowrap>{lever.category}</td>
              <td data-nowrap>{lever.stateZh}</td>
              <td data-nowrap>{changeOf(lever)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

/** "未解决、不满意 → 解决、满意": only the questions whose answer would be another. */
function changeOf({ now, well }: Lever): string {
  const words = LEDGER.answers.values;
  const told = (answers: NonNullable<Lever["now"]>): string =>
    [
      answers.contacted !== well.contacted || answers === well
        ? answers.contacted && words.contacted[answers.contacted]
        : null,
      answers.solved && words.solved[answers.solved],
      answers.satisfied && words.satisfied[answers.satisfied],
    ]
      .filter((word) => word !== null)
      .join("、");
  return `${now === null ? LEVERS.notAnswered : told(now)} → ${told(well)}`;
}
