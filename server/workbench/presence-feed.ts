/**
 * 在看的推送. Tells open screens who is on which ticket: one question a second for everybody who listens on this
 * process, at once when somebody of this process came or went; only tickets that changed are told.
 */
import { sideOf } from "@jiesu/core/ticket/role.ts";
import type { Db } from "../platform/db/open.ts";
import type { Aside } from "../platform/events/routes.ts";
import { type Person, type Present, presentOn } from "./presence.ts";

const EVERY_MS = 1000;

export interface PresenceFeed {
  readonly aside: Aside;
  /** Looks now, without waiting for the next second. */
  look(): Promise<void>;
  stop(): void;
}

interface Listener {
  readonly unitId: string | null;
  readonly tell: (people: Readonly<Record<string, readonly Person[]>>) => void;
  /** What this screen was told last, by ticket. */
  readonly told: Map<string, string>;
}

/** `onError` hears of failed looks; the next one tries again. */
export function startPresence(db: Db, now: () => number, onError: (error: unknown) => void): PresenceFeed {
  const listeners = new Set<Listener>();
  let timer: NodeJS.Timeout | null = null;
  let busy = false;
  let again = false;
  const look = async (): Promise<void> => {
    if (busy) {
      again = true;
      return;
    }
    if (listeners.size === 0) return;
    busy = true;
    try {
      do {
        again = false;
        const present = Map.groupBy(await presentOn(db, now()), (p) => p.ticketId);
        for (const listener of listeners) tellChanges(listener, present);
      } while (again);
    } catch (error) {
      onError(error);
    } finally {
      busy = false;
    }
  };
  const settle = (): void => {
    if (listeners.size > 0 && timer === null) timer = setInterval(look, EVERY_MS);
    if (listeners.size === 0 && timer !== null) {
      clearInterval(timer);
      timer = null;
    }
  };
  return {
    look,
    aside: (actor, send) => {
      const ofUnit = actor.roles.every((r) => sideOf(r) === "unit");
      const listener: Listener = {
        unitId: ofUnit ? (actor.unitId ?? "") : null,
        tell: (people) => send("presence", { people }),
        told: new Map(),
      };
      listeners.add(listener);
      settle();
      send("presence", { people: {}, anew: true });
      void look();
      return () => {
        listeners.delete(listener);
        settle();
      };
    },
    stop() {
      listeners.clear();
      settle();
    },
  };
}

/** Sends what is other than this screen was told last; a ticket that everybody left is told once, as empty. */
function tellChanges(listener: Listener, present: ReadonlyMap<string, readonly Present[]>): void {
  const changes: Record<string, readonly Person[]> = {};
  const mine = [...present].filter(
    ([, on]) => listener.unitId === null || on[0]?.units.includes(listener.unitId) === true,
  );
  const now = new Map(
    mine.map(([id, on]) => [id, on.map((p) => (listener.unitId === null ? p.person : p.toUnits))]),
  );
  for (const [id, people] of now) {
    const text = JSON.stringify(people);
    if (listener.told.get(id) === text) continue;
    listener.told.set(id, text);
    changes[id] = people;
  }
  for (const id of listener.told.keys()) {
    if (now.has(id)) continue;
    listener.told.delete(id);
    changes[id] = [];
  }
  if (Object.keys(changes).length > 0) listener.tell(changes);
}
