/** 盯办清单. Reasons with their counts, then the tickets; moved through, taken and handed over by keys. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button } from "antd";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { useTicketChanges } from "../../api/live.ts";
import { sentenceOf } from "../../api/problem.ts";
import { hasRole, useSession } from "../../api/session.ts";
import { WATCH } from "../../texts/watch.ts";
import { T } from "../../texts.ts";
import { minuteText } from "../../ui/dates.ts";
import { ScrollRegion } from "../../ui/ScrollRegion.tsx";
import { EmptyState, Failed, Loading, Notice } from "../../ui/States.tsx";
import { Count } from "../../ui/Tag.tsx";
import { say } from "../../ui/toasts.tsx";
import { GiveDialog } from "./GiveDialog.tsx";
import { renewWatch, type Watched, watchQuery } from "./queries.ts";
import { WatchRow } from "./WatchRow.tsx";

const W = WATCH;

export function WatchList() {
  const session = useSession();
  const queries = useQueryClient();
  const navigate = useNavigate({ from: "/watch" });
  const search = useSearch({ from: "/watch" });
  const list = useQuery(watchQuery(search));
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [giving, setGiving] = useState<readonly string[] | null>(null);
  useFresh();
  const take = useMutation({
    mutationFn: (tickets: string[]) => bodyOf(http.POST("/api/watch/take", { body: { tickets } })),
    onSuccess: (_ok, tickets) => {
      say(W.took(tickets.length));
      setChosen(new Set());
    },
    onSettled: () => renewWatch(queries),
  });
  if (list.isPending) return <Loading what={T.loading} />;
  if (list.isError) return <Failed sentence={sentenceOf(list.error)} retry={() => void list.refetch()} />;
  const { rows, reasons, total, shiftEndsAt, rule } = list.data;
  const leads = hasRole(session, "shiftLead", "leader");
  const go = (to: Partial<typeof search>) => void navigate({ search: { ...search, ...to }, replace: true });
  const toggle = (id: string) =>
    setChosen((now) =>
      now.has(id) ? new Set([...now].filter((each) => each !== id)) : new Set([...now, id]),
    );
  /** The chosen ones that are still listed; else the one that is acted upon. */
  const meant = (row: Watched): string[] => {
    const still = rows.filter((each) => chosen.has(each.ticket.id) && each.mayAct).map((r) => r.ticket.id);
    return still.length > 0 ? still : row.mayAct ? [row.ticket.id] : [];
  };
  const act = (key: string, row: Watched): boolean => {
    if (key === "Enter") void navigate({ to: "/tickets/$id", params: { id: row.ticket.id } });
    else if (key === "x" && row.mayAct) toggle(row.ticket.id);
    else if (key === "t" && meant(row).length > 0) take.mutate(meant(row));
    else if (key === "g" && meant(row).length > 0) setGiving(meant(row));
    else return false;
    return true;
  };
  const picked = rows.filter((row) => chosen.has(row.ticket.id) && row.mayAct).map((row) => row.ticket.id);
  return (
    <>
      <div className="watch-head">
        <ul className="watch-reasons" aria-label={W.byReason}>
          <li>
            <button
              type="button"
              className="watch-reason"
              aria-pressed={search.reason === undefined}
              onClick={() => go({ reason: undefined })}
            >
              {W.all} <Count value={reasons.reduce((sum, each) => sum + each.count, 0)} />
            </button>
          </li>
          {reasons
            .filter((each) => each.count > 0 || each.reason === search.reason)
            .map((each) => (
              <li key={each.reason}>
                <button
                  type="button"
                  className="watch-reason"
                  aria-pressed={search.reason === each.reason}
                  onClick={() => go({ reason: each.reason === search.reason ? undefined : each.reason })}
                >
                  {each.zh} <Count value={each.count} tone={GRAVE.has(each.reason) ? "overdue" : "mine"} />
                </button>
              </li>
            ))}
        </ul>
        {leads && (
          <label className="watch-mine">
            <input
              type="checkbox"
              checked={search.mine === "1"}
              onChange={(e) => go({ mine: e.target.checked ? "1" : undefined })}
            />
            {W.mine}
          </label>
        )}
        <span className="quiet">{W.until(minuteText(shiftEndsAt).slice(11))}</span>
      </div>
      {take.isError && <Notice tone="wrong">{sentenceOf(take.error)}</Notice>}
      {picked.length > 0 && (
        <div className="watch-picked" role="status">
          <strong>{W.selected(picked.length)}</strong>
          <Button loading={take.isPending} onClick={() => take.mutate(picked)}>
            {W.take}
          </Button>
          <Button type="primary" onClick={() => setGiving(picked)}>
            {W.give}
          </Button>
          <Button type="text" onClick={() => setChosen(new Set())}>
            {T.cancel}
          </Button>
        </div>
      )}
      {rows.length === 0 ? (
        <EmptyState title={leads && search.mine === undefined ? W.none : W.noneMine}>
          {leads && search.mine === undefined ? W.noneAbout : W.noneMineAbout}
        </EmptyState>
      ) : (
        <Rows rows={rows} chosen={chosen} onToggle={toggle} onKey={act} />
      )}
      {total > rows.length && <p className="quiet">{W.cut(rows.length, total)}</p>}
      <p className="quiet watch-rule">{W.rule(rule.source)}</p>
      {giving && (
        <GiveDialog
          tickets={giving}
          onClose={() => setGiving(null)}
          onDone={() => {
            setGiving(null);
            setChosen(new Set());
          }}
        />
      )}
    </>
  );
}

const GRAVE: ReadonlySet<string> = new Set(["loose", "overdue", "rejected"]);

function Rows(props: {
  rows: readonly Watched[];
  chosen: ReadonlySet<string>;
  onToggle: (id: string) => void;
  onKey: (key: string, row: Watched) => boolean;
}) {
  return (
    <ScrollRegion className="work-table-wrap card" label={`${W.title}（表）`}>
      <table className="work-table watch-table">
        <thead>
          <tr>
            <th scope="col">
              <span className="sr">{W.choose}</span>
            </th>
            <th scope="col">{W.reason}</th>
            <th scope="col">{W.ticket}</th>
            <th scope="col">{W.state}</th>
            <th scope="col">{W.person}</th>
            <th scope="col">{W.came}</th>
          </tr>
        </thead>
        <tbody>
          {props.rows.map((row) => (
            <WatchRow
              key={row.ticket.id}
              row={row}
              chosen={props.chosen.has(row.ticket.id)}
              onToggle={() => props.onToggle(row.ticket.id)}
              onKeyDown={(event) => onRowKey(event, (key) => props.onKey(key, row))}
            />
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

/** Arrows (j, k) go from row to row; other keys are the row's own, save in the fields that stand in it. */
function onRowKey(event: KeyboardEvent<HTMLTableRowElement>, act: (key: string) => boolean): void {
  const row = event.currentTarget;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const inside = event.target !== row;
  if (inside && (event.key === "Enter" || event.key === " ")) return;
  const down = event.key === "ArrowDown" || event.key === "j";
  const up = event.key === "ArrowUp" || event.key === "k";
  const next = down ? row.nextElementSibling : up ? row.previousElementSibling : null;
  if (next instanceof HTMLElement) next.focus();
  else if (!act(event.key)) return;
  event.preventDefault();
}

const CHANGES_EVERY_MS = 3_000;

/** A change of any ticket makes the list old: asked anew, at most once in three seconds. */
function useFresh(): void {
  const queries = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useTicketChanges(() => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      void queries.invalidateQueries({ queryKey: ["watch"] });
    }, CHANGES_EVERY_MS);
  });
  useEffect(() => () => clearTimeout(timer.current), []);
}
