/** What both forms of the list share: their pages, the foot, the state of a row that has moved on. */
import { STATES } from "@jiesu/core/ticket/state.ts";
import { Button } from "antd";
import { useEffect } from "react";
import type { TicketChange } from "../../api/live.ts";
import type { TicketRow } from "../../api/types.ts";
import { T } from "../../texts.ts";
import type { Selection } from "./useSelection.ts";

export interface Pages {
  readonly isPending: boolean;
  readonly isError: boolean;
  readonly error: unknown;
  readonly isFetching: boolean;
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  readonly fetchNextPage: () => unknown;
}

export interface RowsProps {
  readonly rows: readonly TicketRow[];
  readonly pages: Pages;
  readonly openId: string | undefined;
  readonly onOpen: (id: string) => void;
  readonly changed: ReadonlyMap<string, TicketChange>;
  readonly selection: Selection;
  readonly now: number;
}

const AHEAD = 25;

/** Loads the next page before the reader comes to the end of this one. */
export function useLoadAhead(pages: Pages, count: number, lastInSight: number): void {
  const { hasNextPage, isFetchingNextPage, fetchNextPage, isError } = pages;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && !isError && lastInSight >= count - AHEAD) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, isError, fetchNextPage, count, lastInSight]);
}

export function ListFoot({ pages, count }: { pages: Pages; count: number }) {
  return (
    <footer className="list-foot">
      {pages.hasNextPage ? (
        <Button type="link" loading={pages.isFetchingNextPage} onClick={() => pages.fetchNextPage()}>
          {T.tickets.more}
        </Button>
      ) : (
        <span className="quiet">{T.tickets.allShown(count)}</span>
      )}
    </footer>
  );
}

export function stateZh(state: string, row: TicketRow): string {
  const known: [string, { zh: string }][] = Object.entries(STATES);
  return known.find(([key]) => key === state)?.[1].zh ?? row.stateZh;
}
