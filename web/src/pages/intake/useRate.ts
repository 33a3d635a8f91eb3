/** 速度. Rows a second over the last ten seconds of looking, and what is left at that speed. */
import { useRef } from "react";

const WINDOW_MS = 10_000;

export interface Rate {
  /** Null until two looks have been taken. */
  readonly perSecond: number | null;
  readonly leftMs: number | null;
}

export function useRate(done: number, of: number, at: number): Rate {
  const seen = useRef<readonly { readonly at: number; readonly done: number }[]>([]);
  const last = seen.current.at(-1);
  if (!last || at > last.at)
    seen.current = [...seen.current.filter((s) => at - s.at <= WINDOW_MS), { at, done }];
  const [first] = seen.current;
  if (!first || at - first.at < 500 || done <= first.done) return { perSecond: null, leftMs: null };
  const perSecond = ((done - first.done) * 1000) / (at - first.at);
  return { perSecond, leftMs: ((of - done) / perSecond) * 1000 };
}
