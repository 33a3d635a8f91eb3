/** 在看. Who has which ticket open, as the live line tells it; and the telling of what this screen has open. */
import { useEffect, useMemo, useSyncExternalStore } from "react";
import { bodyOf, http } from "./client.ts";
import type { paths } from "./schema.d.ts";
import { useSession } from "./session.ts";

type Put = paths["/api/tickets/{id}/presence"]["put"];
export type Person = Put["responses"]["200"]["content"]["application/json"]["others"][number];
export type Doing = NonNullable<Put["requestBody"]["content"]["application/json"]["doing"]>;

/** Well within the time after which the server forgets a silent screen. */
const TELL_EVERY_MS = 25_000;
/** Who walks down a list is not on each ticket passed. */
const SETTLED_MS = 400;

const NOBODY: readonly Person[] = [];
let people: ReadonlyMap<string, readonly Person[]> = new Map();
const listeners = new Set<() => void>();

/** Everybody else who has this ticket open. */
export function usePeopleOn(ticketId: string): readonly Person[] {
  const { login } = useSession();
  const all = useSyncExternalStore(subscribe, () => people.get(ticketId) ?? NOBODY);
  return useMemo(() => (all.length === 0 ? NOBODY : all.filter((p) => p.login !== login)), [all, login]);
}

/** Tells the others that this ticket is open here and what is being filled in, for as long as it is. */
export function usePresence(ticketId: string, doing: Doing): void {
  useEffect(() => {
    const tell = () =>
      bodyOf(http.PUT("/api/tickets/{id}/presence", { params: { path: { id: ticketId } }, body: { doing } }))
        .then(({ others }) => setPeople({ ...Object.fromEntries(people), [ticketId]: others }))
        .catch(() => {}); // the next telling comes by itself; nobody waits for this one
    const first = setTimeout(tell, SETTLED_MS);
    const again = setInterval(tell, TELL_EVERY_MS);
    return () => {
      clearTimeout(first);
      clearInterval(again);
    };
  }, [ticketId, doing]);
  useEffect(() => {
    const leave = () => {
      void http
        .DELETE("/api/tickets/{id}/presence", { params: { path: { id: ticketId } }, keepalive: true })
        .catch(() => {});
    };
    window.addEventListener("pagehide", leave);
    return () => {
      window.removeEventListener("pagehide", leave);
      leave();
    };
  }, [ticketId]);
}

/** What the live line told: tickets whose people changed; `anew` begins again. */
export function presenceTold(data: unknown): void {
  if (typeof data !== "string") return;
  const told: { people?: Record<string, readonly Person[]>; anew?: boolean } = JSON.parse(data);
  setPeople({ ...(told.anew ? {} : Object.fromEntries(people)), ...told.people });
}

function setPeople(next: Readonly<Record<string, readonly Person[]>>): void {
  people = new Map(Object.entries(next).filter(([, on]) => on.length > 0));
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}
