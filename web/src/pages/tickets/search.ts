/** What the address of the queues says: which queue, which filters, which ticket is open. */
import { isSort, type Sort } from "@jiesu/core/ticket/listing.ts";
import { isState } from "@jiesu/core/ticket/state.ts";
import type { ListQuery } from "../../api/types.ts";

export interface TicketSearch {
  readonly queue?: string | undefined;
  /** The saved view that these filters came from. */
  readonly view?: string | undefined;
  readonly id?: string | undefined;
  readonly q?: string | undefined;
  /** One state or several, with commas between. */
  readonly state?: string | undefined;
  readonly unit?: string | undefined;
  readonly street?: string | undefined;
  readonly category?: string | undefined;
  readonly channel?: string | undefined;
  readonly level?: string | undefined;
  readonly due?: "near" | "overdue" | undefined;
  /** Received from and to: Beijing days, both inclusive; or instants (ISO, Z), the end left out. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Due from and to: instants (ISO, Z), the end left out; only open tickets are due. */
  readonly dueFrom?: string | undefined;
  readonly dueTo?: string | undefined;
  /** Dispatched before: an instant. */
  readonly dispatchedTo?: string | undefined;
  readonly sort?: Sort | undefined;
}

/** Every ticket that I may see, whatever its queue. */
export const EVERY = "all";

/** Reads an address; what it does not know is left out, never guessed. */
export function ticketSearch(raw: Record<string, unknown>): TicketSearch {
  const text = (key: string) => {
    const value = raw[key];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const due = text("due");
  const states = text("state")?.split(",").filter(isState) ?? [];
  const sort = text("sort");
  return {
    queue: text("queue"),
    view: text("view"),
    id: text("id"),
    q: text("q"),
    state: states.length > 0 ? states.join(",") : undefined,
    unit: text("unit"),
    street: text("street"),
    category: text("category"),
    channel: text("channel"),
    level: text("level"),
    due: due === "near" || due === "overdue" ? due : undefined,
    from: text("from"),
    to: text("to"),
    dueFrom: text("dueFrom"),
    dueTo: text("dueTo"),
    dispatchedTo: text("dispatchedTo"),
    sort: sort !== undefined && isSort(sort) ? sort : undefined,
  };
}

/** The same, as the server's list asks it. */
export function listQuery(search: TicketSearch): ListQuery {
  const { id: _open, view: _view, queue, state, from, to, level, ...rest } = search;
  return known({
    ...rest,
    state: state?.split(",").filter(isState),
    level: level === undefined ? undefined : Number(level),
    queue: queue === EVERY ? undefined : queue,
    from: from && (isDay(from) ? new Date(`${from}T00:00:00+08:00`).toISOString() : from),
    to: to && (isDay(to) ? new Date(Date.parse(`${to}T00:00:00+08:00`) + DAY_MS).toISOString() : to),
  });
}

/** The address of a saved filter. */
export function searchOf(view: string, filter: Readonly<Record<string, unknown>>, sort: string | null) {
  const flat = Object.entries(filter).map(([key, value]) => [key, String(value)]);
  return ticketSearch({ ...Object.fromEntries(flat), queue: filter.queue ?? EVERY, view, sort });
}

const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text);

/** Without what is undefined: an absent filter is not sent at all. */
function known<T extends object>(query: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const out: { [K in keyof T]?: Exclude<T[K], undefined> } = {};
  for (const key in query) if (query[key] !== undefined) Object.assign(out, { [key]: query[key] });
  return out;
}

const DAY_MS = 86_400_000;
