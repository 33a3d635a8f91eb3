/** 阅读辅助. What helps to read one ticket: the marks in its text, the caller's earlier tickets, and those that are alike. */
import { inForce } from "@jiesu/core/rules/effective.ts";
import { dayOf } from "@jiesu/core/time/day.ts";
import { alikeTo, type Likeness } from "@jiesu/core/triage/alike.ts";
import type { Gazetteer } from "@jiesu/core/triage/gazetteer.ts";
import { marksIn, unitBook, type WordBook } from "@jiesu/core/triage/marks.ts";
import type { AlikeRules } from "@jiesu/core/triage/reading.ts";
import type { Actor } from "../platform/auth/actor.ts";
import type { Db } from "../platform/db/open.ts";
import type { Shell } from "../platform/shell.ts";
import { inScope } from "../ticket/list.ts";
import { gazetteerOf } from "./names.ts";
import type { Reading } from "./shape.ts";
import { kinOf, readEarlier, shownKin, weightsOn } from "./store.ts";

const DAY_MS = 86_400_000;
/** Tickets of the category that are compared by their wording: the newest of the days that the rules name. */
const COMPARED = 150;

const books = new WeakMap<Gazetteer, WordBook>();

/** Null when there is no such ticket or it is not this person's to see. */
export async function readReading(shell: Shell, actor: Actor, id: string): Promise<Reading | null> {
  const { db } = shell;
  const ticket = await db
    .selectFrom("ticket as t")
    .select(["t.id", "t.title", "t.content", "t.street", "t.community", "t.category1", "t.category2"])
    .select("t.received_at")
    .where("t.id", "=", id)
    .where((eb) => inScope(eb, actor))
    .executeTakeFirst();
  if (!ticket) return null;
  const today = dayOf(shell.now());
  const version = inForce(shell.rules.readings, today);
  if (!version.ok) throw new Error(`no reading rules on ${today}`);
  const { body, name, from, source } = version.value;
  const [gazetteer, earlier, like] = await Promise.all([
    gazetteerOf(db, weightsOn(shell).place, today),
    readEarlier(db, actor, id),
    readLike(db, actor, ticket, body.alike),
  ]);
  const own = { text: wordingOf(ticket), street: ticket.street, community: ticket.community };
  return {
    marks: [...marksIn(ticket.content, gazetteer, bookOf(gazetteer), body)],
    rules: { name, from, source },
    earlier: earlier.map(shownKin),
    similar: alikeTo(own, like, body.alike).map((t) => ({ ...shownKin(t.kin), why: whyAlike(t.likeness) })),
  };
}

function bookOf(gazetteer: Gazetteer): WordBook {
  const book = books.get(gazetteer) ?? unitBook(gazetteer);
  books.set(gazetteer, book);
  return book;
}

interface Compared {
  readonly id: string;
  readonly category1: string;
  readonly category2: string;
  readonly received_at: Date;
}

/** The newest tickets of the same category around the day of receipt, with the words to compare. */
async function readLike(db: Db, actor: Actor, ticket: Compared, rules: AlikeRules) {
  if (ticket.category1 === "") return [];
  const received = ticket.received_at.getTime();
  const rows = await kinOf(db, actor)
    .select(["t.content", "t.street", "t.community"])
    .where("t.category1", "=", ticket.category1)
    .where("t.category2", "=", ticket.category2)
    .where("t.received_at", ">=", new Date(received - rules.days * DAY_MS))
    .where("t.received_at", "<=", new Date(received + rules.days * DAY_MS))
    .where("t.id", "!=", ticket.id)
    .where("t.state", "<>", "voided")
    .limit(COMPARED)
    .execute();
  return rows.map((kin) => ({ text: wordingOf(kin), street: kin.street, community: kin.community, kin }));
}

const wordingOf = (t: { readonly title: string; readonly content: string }): string =>
  `${t.title}\n${t.content}`;

function whyAlike({ place, percent }: Likeness): string {
  const where = place === "community" ? "同社区" : place === "street" ? "同街镇" : "";
  return [where, "同类", `文字相似 ${percent}%`].filter((word) => word !== "").join(" · ");
}
