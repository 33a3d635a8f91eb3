/** 消息提醒. Tells open screens how much is unread: one question a second for everybody who listens on this process. */
import type { Db } from "../platform/db/open.ts";
import type { Aside } from "../platform/events/routes.ts";
import { type Unread, unreadOf } from "./store.ts";

const EVERY_MS = 1000;
const NOTHING: Unread = { unread: 0, newest: null };

export interface Bell {
  readonly aside: Aside;
  stop(): void;
}

interface Listener {
  readonly userId: string;
  readonly send: (told: Unread) => void;
  last: string | null;
}

/** `onError` hears of failed polls; the next poll tries again. */
export function startBell(db: Db, onError: (error: unknown) => void): Bell {
  const listeners = new Set<Listener>();
  let timer: NodeJS.Timeout | null = null;
  let busy = false;
  const poll = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    try {
      const unread = await unreadOf(db, [...new Set([...listeners].map((l) => l.userId))]);
      for (const listener of listeners) {
        const told = unread.get(listener.userId) ?? NOTHING;
        const text = JSON.stringify(told);
        if (text === listener.last) continue;
        listener.last = text;
        listener.send(told);
      }
    } catch (error) {
      onError(error);
    } finally {
      busy = false;
    }
  };
  const settle = (): void => {
    if (listeners.size > 0 && timer === null) timer = setInterval(poll, EVERY_MS);
    if (listeners.size === 0 && timer !== null) {
      clearInterval(timer);
      timer = null;
    }
  };
  return {
    aside: ({ userId }, send) => {
      const listener: Listener = { userId, send: (told) => send("inbox", told), last: null };
      listeners.add(listener);
      settle();
      void poll();
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
