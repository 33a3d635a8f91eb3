/** 实时变化. One stream of ticket events for the whole workbench; the browser resumes it by itself after a break. */
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { presenceTold } from "./presence.ts";
import { ticketQuery } from "./queries.ts";

export interface TicketChange {
  readonly ticketId: string;
  readonly kind: string;
  readonly state: string;
  readonly version: number;
  readonly at: string;
  readonly unitId: string | null;
  readonly userName: string;
}

const COUNTS_EVERY_MS = 1_500;
const AGAIN_MS = 5_000;

const listeners = new Set<(change: TicketChange) => void>();

/** Keeps the stream open while mounted and wanted, and the counts of the queues fresh, at most once in a while. */
export function useLiveStream(wanted: boolean): void {
  const queries = useQueryClient();
  useEffect(() => {
    if (!wanted) return;
    let source: EventSource | null = null;
    let reopening: ReturnType<typeof setTimeout> | undefined;
    let counting: ReturnType<typeof setTimeout> | undefined;
    const refreshCounts = () => {
      counting ??= setTimeout(() => {
        counting = undefined;
        void queries.invalidateQueries({ queryKey: ["queues"] });
        void queries.invalidateQueries({ queryKey: ["alarms"] });
        void queries.invalidateQueries({ queryKey: ["watch", "count"] });
      }, COUNTS_EVERY_MS);
    };
    const open = () => {
      source = new EventSource("/api/events");
      source.addEventListener("ticket", (event) => {
        const change = parseChange(event.data);
        if (change === null) return;
        refreshCounts();
        renewTicket(queries, change);
        for (const listener of listeners) listener(change);
      });
      source.addEventListener("presence", (event) => presenceTold(event.data));
      source.addEventListener("inbox", (event) => {
        const told = parseUnread(event.data);
        if (told === null) return;
        queries.setQueryData(["unread"], told.unread);
        void queries.invalidateQueries({ queryKey: ["incidents"] }); // each is told by a message
        void queries.invalidateQueries({ queryKey: ["inbox"] });
      });
      source.onerror = () => {
        if (source?.readyState !== EventSource.CLOSED) return; // the browser is trying again by itself
        // The server closed the line for good (a restart, a lost session): what passed meanwhile is read anew.
        clearTimeout(reopening);
        reopening = setTimeout(() => {
          refreshCounts();
          void queries.invalidateQueries({ queryKey: ["ticket"] });
          open();
        }, AGAIN_MS);
      };
    };
    open();
    return () => {
      source?.close();
      clearTimeout(reopening);
      clearTimeout(counting);
    };
  }, [queries, wanted]);
}

/** Calls back for every change of a ticket that this person may see. */
export function useTicketChanges(listener: (change: TicketChange) => void): void {
  const latest = useRef(listener);
  latest.current = listener;
  useEffect(() => {
    const call = (change: TicketChange) => latest.current(change);
    listeners.add(call);
    return () => {
      listeners.delete(call);
    };
  }, []);
}

/** A kept ticket that has moved on is read anew: at once where it is on screen, else when it is next opened. */
function renewTicket(queries: QueryClient, change: TicketChange): void {
  const { queryKey } = ticketQuery(change.ticketId);
  const kept = queries.getQueryData(queryKey);
  if (kept && kept.version < change.version) void queries.invalidateQueries({ queryKey });
}

function parseChange(data: unknown): TicketChange | null {
  if (typeof data !== "string") return null;
  const value: Partial<TicketChange> = JSON.parse(data);
  const { ticketId, version } = value;
  if (typeof ticketId !== "string" || typeof version !== "number") return null;
  return {
    ticketId,
    version,
    kind: value.kind ?? "",
    state: value.state ?? "",
    at: value.at ?? "",
    unitId: value.unitId ?? null,
    userName: value.userName ?? "",
  };
}

function parseUnread(data: unknown): { unread: number } | null {
  if (typeof data !== "string") return null;
  const value: { unread?: unknown } = JSON.parse(data);
  return typeof value.unread === "number" ? { unread: value.unread } : null;
}
