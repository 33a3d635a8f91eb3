/**
 * 上传. Files on their way to the server, one after another: progress, preview, again by itself when the line is back,
 * and on while the person walks to another page.
 */
import { useCallback, useEffect, useMemo, useRef, useSyncExternalStore } from "react";
import { Problem, sentenceOf } from "../api/problem.ts";
import { smallerPicture } from "./picture.ts";

/** "waiting": its turn has not come, or the line is broken and it goes again by itself. */
type UploadState = "waiting" | "sending" | "done" | "failed";

export interface Upload {
  readonly key: number;
  readonly file: File;
  /** An address to show the picture by; null for other files. */
  readonly preview: string | null;
  readonly state: UploadState;
  /** 0 to 1. */
  readonly progress: number;
  /** What went wrong, in words; null when nothing did. */
  readonly error: string | null;
}

/** Sends one file; sent twice, it must be there once (the server knows a file by its digest). */
export type SendFile = (
  file: File,
  onProgress: (done: number) => void,
  signal: AbortSignal,
) => Promise<unknown>;

export interface Uploads {
  readonly items: readonly Upload[];
  /** Whether something has not arrived yet. */
  readonly busy: boolean;
  readonly add: (files: Iterable<File>) => void;
  /** Tries a refused or interrupted file again now. */
  readonly retry: (key: number) => void;
  /** Forgets a file; one that is being sent is called back. */
  readonly remove: (key: number) => void;
}

/** What a file goes to, for whoever has walked on meanwhile. */
interface Bound {
  readonly id: string;
  readonly title: string;
}

/** A file on its way, with where it was added and how it is sent. */
interface Kept extends Upload {
  readonly lane: string;
  readonly to: Bound;
  readonly send: SendFile;
  readonly onArrived: () => void;
}

const AGAIN_MS = [2_000, 4_000, 8_000, 15_000, 30_000];

// Kept beside the pages, not in one of them: who walks on to the next ticket takes nothing back.
let items: readonly Kept[] = [];
let sending: { readonly key: number; readonly abort: AbortController } | null = null;
let broken = 0;
let pause: ReturnType<typeof setTimeout> | undefined;
let lastKey = 0;
let owner: string | null = null;
/** Lanes that a page shows now, and how many times. */
const shown = new Map<string, number>();
const listeners = new Set<() => void>();

/** Files of one place of one page (`lane`); `onArrived` is called after each that the server has. */
export function useUploads(lane: string, to: Bound, send: SendFile, onArrived: () => void): Uploads {
  const latest = useRef({ to, send, onArrived });
  latest.current = { to, send, onArrived };
  const all = useSyncExternalStore(subscribe, () => items);
  const own = useMemo(() => all.filter((item) => item.lane === lane), [all, lane]);
  useEffect(() => {
    show(lane, 1);
    return () => {
      show(lane, -1);
      if (!shown.has(lane)) forget((item) => item.lane === lane && item.state === "done");
    };
  }, [lane]);
  const add = useCallback(
    (files: Iterable<File>) => {
      const { current } = latest;
      put([
        ...items,
        ...[...files].map((file) => ({
          key: ++lastKey,
          file,
          preview: file.type.startsWith("image/") ? URL.createObjectURL(file) : null,
          state: "waiting" as const,
          progress: 0,
          error: null,
          lane,
          ...current,
        })),
      ]);
      sendNext();
    },
    [lane],
  );
  return { items: own, busy: own.some(isOnItsWay), add, retry, remove };
}

/** Files whose page has been left and that have not arrived: on their way, or refused. */
export function useUploadsElsewhere(): { readonly items: readonly Kept[] } & Pick<
  Uploads,
  "retry" | "remove"
> {
  const all = useSyncExternalStore(subscribe, () => items);
  return { items: all.filter((item) => item.state !== "done" && !shown.has(item.lane)), retry, remove };
}

/** Called when it is known who works here: nobody sends another's files under their own name. */
export function ownUploads(login: string): void {
  if (owner !== null && owner !== login) forget(() => true);
  owner = login;
}

const isOnItsWay = ({ state }: Upload): boolean => state === "waiting" || state === "sending";

function sendNext(): void {
  const next = items.find((item) => item.state === "waiting");
  if (!next || sending) return;
  clearTimeout(pause);
  const { key } = next;
  const abort = new AbortController();
  sending = { key, abort };
  change(key, { state: "sending", progress: 0 });
  void deliver(next.file, next.send, (progress) => change(key, { progress }), abort.signal)
    .then(() => {
      broken = 0;
      change(key, { state: "done", progress: 1, error: null });
      if (!shown.has(next.lane)) forget((item) => item.key === key);
      next.onArrived();
    })
    .catch((thrown: unknown) => {
      if (abort.signal.aborted) return;
      const interrupted = thrown instanceof Problem && (thrown.status === 0 || thrown.status >= 502);
      change(key, {
        state: interrupted ? "waiting" : "failed",
        progress: 0,
        error: interrupted ? "网络中断，恢复后自动续传" : sentenceOf(thrown),
      });
      if (interrupted) broken += 1;
    })
    .finally(() => {
      sending = null;
      if (broken === 0) sendNext();
      else pause = setTimeout(sendNext, AGAIN_MS[Math.min(broken, AGAIN_MS.length) - 1]);
    });
}

function retry(key: number): void {
  broken = 0;
  change(key, { state: "waiting", error: null });
  sendNext();
}

function remove(key: number): void {
  forget((item) => item.key === key);
}

function forget(which: (item: Kept) => boolean): void {
  for (const item of items.filter(which)) {
    if (sending?.key === item.key) sending.abort.abort();
    if (item.preview) URL.revokeObjectURL(item.preview);
  }
  put(items.filter((item) => !which(item)));
}

function change(key: number, to: Partial<Upload>): void {
  put(items.map((item) => (item.key === key ? { ...item, ...to } : item)));
}

function show(lane: string, by: 1 | -1): void {
  const times = (shown.get(lane) ?? 0) + by;
  if (times > 0) shown.set(lane, times);
  else shown.delete(lane);
  put([...items]);
}

function put(next: readonly Kept[]): void {
  items = next;
  // Leaving the page while a file is on its way asks first.
  if (items.some(isOnItsWay)) addEventListener("beforeunload", askToStay);
  else removeEventListener("beforeunload", askToStay);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const askToStay = (event: BeforeUnloadEvent): void => event.preventDefault();

addEventListener("online", sendNext);

async function deliver(
  file: File,
  send: SendFile,
  onProgress: (done: number) => void,
  signal: AbortSignal,
): Promise<void> {
  await send(await smallerPicture(file), onProgress, signal);
}

/** The files of a paste or a drop; none when it held only words. */
export function filesOf(data: DataTransfer | null): readonly File[] {
  return data ? [...data.files] : [];
}
