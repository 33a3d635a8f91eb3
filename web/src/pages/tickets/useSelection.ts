/** 多选. Which tickets are chosen for one move on many; kept by ticket, so a list that is read anew loses none. */
import { useCallback, useMemo, useRef, useState } from "react";
import type { TicketRow } from "../../api/types.ts";

export interface Selection {
  readonly ids: ReadonlySet<string>;
  /** The chosen tickets as the list last showed them. */
  readonly rows: readonly TicketRow[];
  readonly toggle: (id: string) => void;
  /** From where the choosing began up to this one. */
  readonly reach: (id: string) => void;
  readonly choose: (rows: readonly TicketRow[]) => void;
  readonly clear: () => void;
}

/** `openId`: where a reach begins when nothing has been chosen yet. */
export function useSelection(rows: readonly TicketRow[], openId: string | undefined): Selection {
  const [chosen, setChosen] = useState<ReadonlyMap<string, TicketRow>>(new Map());
  const anchor = useRef<string | undefined>(undefined);
  const latest = useRef({ rows, openId });
  latest.current = { rows, openId };

  const toggle = useCallback((id: string) => {
    anchor.current = id;
    const row = latest.current.rows.find((each) => each.id === id);
    setChosen((old) => {
      const next = new Map(old);
      if (!next.delete(id) && row) next.set(id, row);
      return next;
    });
  }, []);
  const reach = useCallback((id: string) => {
    const all = latest.current.rows;
    anchor.current ??= latest.current.openId ?? id;
    const from = all.findIndex((row) => row.id === anchor.current);
    const to = all.findIndex((row) => row.id === id);
    if (to < 0) return;
    const span = all.slice(Math.min(from < 0 ? to : from, to), Math.max(from, to) + 1);
    setChosen((old) => new Map([...old, ...span.map((row) => [row.id, row] as const)]));
  }, []);
  const choose = useCallback((wanted: readonly TicketRow[]) => {
    anchor.current = undefined;
    setChosen(new Map(wanted.map((row) => [row.id, row])));
  }, []);
  const clear = useCallback(() => choose([]), [choose]);
  return useMemo(
    () => ({ ids: new Set(chosen.keys()), rows: [...chosen.values()], toggle, reach, choose, clear }),
    [chosen, toggle, reach, choose, clear],
  );
}
