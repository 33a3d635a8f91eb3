/**
 * 草稿的存放. Every draft is in the browser at once and on the server a second later, so that a crash loses nothing and
 * another computer finds it. What the server has goes from this machine at sign-out: it may hold personal data.
 */
import { bodyOf, http } from "../api/client.ts";
import { Problem } from "../api/problem.ts";

type Value = Readonly<Record<string, unknown>>;

interface Kept {
  /** Who wrote it: on a shared machine nobody sends another's words under their own name. */
  readonly owner?: string;
  readonly at: number;
  /** null: done with; the server is still to be told. */
  readonly value: Value | null;
  /** When the server last had it from here or gave it to here; null when it never had. */
  readonly synced: string | null;
  /** Whether something was typed that the server has not got. */
  readonly dirty: boolean;
}

const PREFIX = "jiesu.draft.";
const KEEP_MS = 14 * 86_400_000;
const PUSH_AFTER_MS = 1_000;
const AGAIN_MS = 8_000;
const LIST_FRESH_MS = 15_000;
/** Nobody waits at the door for a line that is gone. */
const LEAVE_WITHIN_MS = 4_000;
/** A session lost in the background is told when the person next asks for something, not while they type. */
const QUIET = { headers: { "x-quiet": "1" } };

let owner: string | null = null;
let listed: { at: number; done: Promise<void> } | null = null;
const remote = new Map<string, string>();
const cache = new Map<string, Kept | null>();
const timers = new Map<string, ReturnType<typeof setTimeout>>();
const listeners = new Set<() => void>();
let heard = 0;

/** Called when it is known who works here; the drafts of the one before go from this machine as far as the server has them. */
export function startDrafts(login: string): void {
  if (owner === login) return;
  owner = login;
  remote.clear();
  listed = null;
  forget((kept) => kept.at < Date.now() - KEEP_MS || (kept.owner !== login && !kept.dirty));
  for (const key of ownKeys()) if (read(key)?.dirty) schedule(key, 0);
  void refreshList();
}

/** Brings what is unsent to the server and takes from this machine what the server has. */
export async function leaveDrafts(): Promise<void> {
  const waited = new Promise((resolve) => setTimeout(resolve, LEAVE_WITHIN_MS));
  await Promise.race([Promise.all(ownKeys().map((key) => push(key))), waited]);
  forget((kept) => kept.owner === owner && !kept.dirty);
}

export function subscribeDrafts(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Grows when the server tells of a draft that this machine had not heard of. */
export const draftsHeard = (): number => heard;

export function draftValue(key: string): Value | null {
  return read(key)?.value ?? null;
}

/** Whether there is a draft, on this machine or on another that told the server. */
export function hasDraft(key: string): boolean {
  const kept = read(key);
  return kept ? kept.value !== null : remote.has(key);
}

export function keepDraft(key: string, value: Value): void {
  const synced = read(key)?.synced ?? null;
  write(key, { ...mine(), at: Date.now(), value, synced, dirty: true });
  schedule(key, PUSH_AFTER_MS);
}

export function dropDraft(key: string): void {
  if (!read(key) && !remote.has(key)) return;
  write(key, { ...mine(), at: Date.now(), value: null, synced: null, dirty: true });
  schedule(key, 0);
}

/** What became of a draft that was written in two places: which words stand, whose they are, and the others. */
export interface Reunion {
  readonly stands: "here" | "elsewhere";
  readonly elsewhereAt: string;
  /** The words that gave way; null when there was nothing here. */
  readonly other: Value | null;
}

/** Compares with the server; the newer words stand. Answers what to tell the person; null where nothing differs. */
export async function reuniteDraft(key: string): Promise<Reunion | null> {
  await refreshList();
  const before = read(key);
  if (before?.value === null || (!before && !remote.has(key))) return null;
  const found = await bodyOf(http.GET("/api/drafts/{key}", { params: { path: { key } }, ...QUIET })).catch(
    () => null,
  );
  const here = read(key); // what was typed meanwhile counts
  if (!found || here?.value === null) return null;
  const there = found.draft;
  if (!there) {
    remote.delete(key);
    if (here && !here.dirty && here.synced !== null) forgetKey(key); // sent or dropped elsewhere
    return null;
  }
  remote.set(key, there.at);
  const adopted: Kept = {
    ...mine(),
    at: Date.parse(there.at),
    value: there.value,
    synced: there.at,
    dirty: false,
  };
  if (!here) {
    write(key, adopted);
    return { stands: "elsewhere", elsewhereAt: there.at, other: null };
  }
  if (here.synced === there.at) return null;
  if (sameValue(here.value, there.value)) {
    write(key, { ...here, synced: there.at, dirty: false });
    return null;
  }
  if (!here.dirty || Date.parse(there.at) > here.at) {
    write(key, adopted);
    return { stands: "elsewhere", elsewhereAt: there.at, other: here.dirty ? here.value : null };
  }
  write(key, { ...here, synced: there.at });
  schedule(key, 0);
  return { stands: "here", elsewhereAt: there.at, other: there.value };
}

async function refreshList(): Promise<void> {
  if (owner === null) return;
  if (!listed || listed.at < Date.now() - LIST_FRESH_MS) listed = { at: Date.now(), done: readList() };
  await listed.done;
}

async function readList(): Promise<void> {
  const rows = await bodyOf(http.GET("/api/drafts", QUIET)).catch(() => null);
  if (!rows) return;
  if (rows.some((row) => !remote.has(row.key) && read(row.key) === null)) heard += 1;
  remote.clear();
  for (const row of rows) remote.set(row.key, row.at);
  changed();
}

function schedule(key: string, afterMs: number): void {
  clearTimeout(timers.get(key));
  timers.set(
    key,
    setTimeout(() => void push(key), afterMs),
  );
}

/** Sends one draft, or its end, to the server; tried again later where only the line was at fault. */
async function push(key: string, keepalive = false): Promise<void> {
  clearTimeout(timers.get(key));
  timers.delete(key);
  const sent = read(key);
  if (!sent?.dirty || owner === null || sent.owner !== owner) return;
  const params = { path: { key } };
  try {
    if (sent.value === null) {
      await http.DELETE("/api/drafts/{key}", { params, ...QUIET, keepalive });
      remote.delete(key);
      if (read(key) === sent) forgetKey(key);
      return;
    }
    const body = { value: sent.value };
    const { at } = await bodyOf(http.PUT("/api/drafts/{key}", { params, body, ...QUIET, keepalive }));
    remote.set(key, at);
    const now = read(key);
    // done with while it was on its way: the end follows
    if (now?.value === null) return schedule(key, 0);
    if (now) write(key, { ...now, synced: at, dirty: now !== sent });
  } catch (thrown) {
    const lineOnly = thrown instanceof Problem && (thrown.status === 0 || thrown.status >= 500);
    if (lineOnly && !timers.has(key)) schedule(key, AGAIN_MS);
  }
}

function read(key: string): Kept | null {
  const known = cache.get(key);
  if (known !== undefined) return known;
  const kept = parse(stored(key));
  cache.set(key, kept);
  return kept;
}

function write(key: string, kept: Kept): void {
  cache.set(key, kept);
  try {
    localStorage.setItem(PREFIX + key, JSON.stringify(kept));
  } catch {
    // The store is full or forbidden: what is typed stays on the screen and on the server all the same.
  }
  changed();
}

function forgetKey(key: string): void {
  cache.set(key, null);
  localStorage.removeItem(PREFIX + key);
  changed();
}

function forget(which: (kept: Kept) => boolean): void {
  for (const name of Object.keys(localStorage)) {
    if (!name.startsWith(PREFIX)) continue;
    const kept = parse(localStorage.getItem(name));
    if (!kept || which(kept)) forgetKey(name.slice(PREFIX.length));
  }
}

function ownKeys(): readonly string[] {
  return Object.keys(localStorage)
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => name.slice(PREFIX.length))
    .filter((key) => owner !== null && read(key)?.owner === owner);
}

function stored(key: string): string | null {
  try {
    return localStorage.getItem(PREFIX + key);
  } catch {
    return null;
  }
}

function parse(text: string | null): Kept | null {
  if (text === null) return null;
  try {
    const kept: Partial<Kept> = JSON.parse(text);
    const { at, value, synced = null, dirty = true, owner: by } = kept;
    if (typeof at !== "number" || value === undefined) return null;
    return { at, value, synced, dirty, ...(by === undefined ? {} : { owner: by }) };
  } catch {
    return null;
  }
}

const mine = () => (owner === null ? {} : { owner });

const sameValue = (a: Value | null, b: Value): boolean => JSON.stringify(a) === JSON.stringify(b);

function changed(): void {
  for (const listener of listeners) listener();
}

// Another tab of this browser has typed.
addEventListener("storage", (event) => {
  if (!event.key?.startsWith(PREFIX)) return;
  cache.delete(event.key.slice(PREFIX.length));
  changed();
});

// The page may be gone for good: what is unsent goes now.
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") for (const key of ownKeys()) void push(key, true);
});
