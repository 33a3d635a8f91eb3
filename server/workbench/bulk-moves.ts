/**
 * 批量操作. One move on many tickets: each in its own transaction, under the guards of a single move, with a report.
 *
 * What was refused is told ticket by ticket with the sentence that a single move would have shown. Moves that record
 * what one citizen or one unit said of one matter (回访, 反馈 …) are not for many at once.
 */
import { isForMany, MOST_AT_ONCE } from "@jiesu/core/ticket/bulk.ts";
import { isMove, type Move, stepOf } from "@jiesu/core/ticket/lifecycle.ts";
import { UNDO } from "@jiesu/core/ticket/undo.ts";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { Actor } from "../platform/auth/actor.ts";
import type { Db } from "../platform/db/open.ts";
import { addWordings, problemOf, type Refusal, Refused } from "../platform/errors.ts";
import { type App, actorOf } from "../platform/http/app.ts";
import { WORKERS } from "../platform/http/who.ts";
import type { Shell } from "../platform/shell.ts";
import { inScope } from "../ticket/list.ts";
import { moveParsed } from "../ticket/routes.ts";
import { Id, MOVE_ZH, MoveName } from "../ticket/schema.ts";
import { undoLast } from "../ticket/undo.ts";

addWordings({
  "one-by-one": { status: 422, zh: (r) => `“${String(r.moveZh)}”须逐件办理，不能批量操作。` },
});

const DoneOut = z.object({ id: z.string(), number: z.string(), version: z.number() });
const RefusedOut = z.object({ id: z.string(), number: z.string(), code: z.string(), message: z.string() });
const Report = z.object({
  run: z.string(),
  done: z.array(DoneOut),
  refused: z.array(RefusedOut),
});
type Report = z.infer<typeof Report>;

type Person = Actor & { readonly userId: string };

interface Asked {
  readonly ids: readonly string[];
  readonly move: Move;
  readonly input: Record<string, unknown>;
  readonly versions: Readonly<Record<string, number>>;
}

export function bulkRoutes(app: App, shell: Shell): void {
  recentRuns(app, shell);
  undoRuns(app, shell);
  app.post("/api/tickets/bulk-moves", {
    config: { who: WORKERS },
    schema: {
      summary: "批量流转：逐件按单件规则办理，返回成功与未成功的清单",
      body: z.object({
        ids: z.array(Id).min(1, "请选择工单").max(MOST_AT_ONCE, `一次最多 ${MOST_AT_ONCE} 件`),
        move: MoveName,
        input: z.record(z.string(), z.unknown()).default({}),
        /** The version that the screen showed, by ticket; a ticket named here is refused as stale when moved since. */
        versions: z.record(Id, z.number().int().positive()).default({}),
      }),
      response: { 200: Report },
    },
    handler: async (request) =>
      moveMany(shell, actorOf(request), request.body, faultOf(request, "a ticket of a bulk move failed")),
  });
}

const Kept = z.array(RefusedOut).catch([]);

/** Reports of one's own earlier bulk moves, for who left the page before reading them. */
function recentRuns(app: App, shell: Shell): void {
  app.get("/api/tickets/bulk-moves", {
    config: { who: WORKERS },
    schema: {
      summary: "我最近的批量操作及未成功的清单",
      response: {
        200: z.array(
          z.object({
            run: z.string(),
            move: z.string(),
            moveZh: z.string(),
            asked: z.number(),
            done: z.number(),
            refused: z.array(RefusedOut),
            at: z.string(),
          }),
        ),
      },
    },
    handler: async (request) => {
      const rows = await shell.db
        .selectFrom("bulk_run")
        .select(["id", "move", "asked", "done", "refused", "at"])
        .where("user_id", "=", actorOf(request).userId)
        .orderBy("id", "desc")
        .limit(20)
        .execute();
      return rows.map((r) => ({
        run: r.id,
        move: r.move,
        moveZh: MOVE_ZH.get(r.move) ?? r.move,
        asked: r.asked,
        done: r.done,
        refused: Kept.parse(r.refused),
        at: r.at.toISOString(),
      }));
    },
  });
}

/** A fault of ours is logged without a ticket's words and told as the refusal of that one ticket. */
const faultOf =
  (request: FastifyRequest, told: string) =>
  (error: unknown): Refusal => {
    request.log.error({ fault: error instanceof Error ? error.name : "unknown", reqId: request.id }, told);
    return { code: "internal", id: request.id };
  };

const Moved = z.array(DoneOut);
const Back = z.object({
  done: z.array(z.object({ id: z.string(), number: z.string() })),
  refused: z.array(RefusedOut),
});

/** 批量撤销. Takes one's own run back, each ticket under the rules of a single undoing; asked again, it answers the same. */
function undoRuns(app: App, shell: Shell): void {
  app.post("/api/tickets/bulk-moves/:run/undo", {
    config: { who: WORKERS },
    schema: {
      summary: "撤销我的一次批量操作：逐件按单件撤销的规则，返回恢复与未恢复的清单",
      params: z.object({ run: Id }),
      response: { 200: Back },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      const run = await shell.db
        .selectFrom("bulk_run")
        .select(["move", "moved"])
        .where("id", "=", request.params.run)
        .where("user_id", "=", actor.userId)
        .executeTakeFirst();
      if (!run || !isMove(run.move)) throw new Refused({ code: "not-found" });
      const onFault = faultOf(request, "a ticket of a bulk undoing failed");
      return undoRun(shell, actor, run.move, Moved.parse(run.moved), onFault);
    },
  });
}

/** Each ticket in its own transaction, as it was moved. */
async function undoRun(
  shell: Shell,
  actor: Person,
  move: Move,
  moved: z.infer<typeof Moved>,
  onFault: (error: unknown) => Refusal,
): Promise<z.infer<typeof Back>> {
  if (UNDO[move] === null) throw new Refused({ code: "undo-never", move });
  const inSight = await numbersOf(
    shell.db,
    actor,
    moved.map((each) => each.id),
  );
  const back: z.infer<typeof Back> = { done: [], refused: [] };
  for (const { id, number, version } of moved) {
    try {
      if (!inSight.has(id)) throw new Refused({ code: "not-found" });
      await undoLast(shell, actor, id, { move, version });
      back.done.push({ id, number });
    } catch (error) {
      const { body } = problemOf(error instanceof Refused ? error.refusal : onFault(error));
      back.refused.push({ id, number, code: body.code, message: body.message });
    }
  }
  return back;
}

/** Moves each ticket; `onFault` turns a fault of ours into the refusal of that one ticket. */
async function moveMany(
  shell: Shell,
  actor: Person,
  asked: Asked,
  onFault: (error: unknown) => Refusal,
): Promise<Report> {
  const { move, input, versions } = asked;
  if (!isForMany(move)) throw new Refused({ code: "one-by-one", move, moveZh: stepOf(move).zh });
  const ids = [...new Set(asked.ids)];
  const numbers = await numbersOf(shell.db, actor, ids);
  const done: Report["done"] = [];
  const refused: Report["refused"] = [];
  for (const id of ids) {
    const number = numbers.get(id) ?? "";
    const refusal = await moveParsed(shell, actor, id, move, input, versions[id] ?? null).then(
      (outcome) => {
        if (!outcome.ok) return outcome.refusal;
        done.push({ id, number, version: outcome.version });
        return null;
      },
      (error: unknown) => {
        // An input that no ticket can take is the whole request's fault, told before anything is moved.
        if (error instanceof Refused && error.refusal.code === "bad-input" && done.length === 0) throw error;
        return error instanceof Refused ? error.refusal : onFault(error);
      },
    );
    if (refusal) {
      const { body } = problemOf(refusal);
      refused.push({ id, number, code: body.code, message: body.message });
    }
  }
  const { id: run } = await shell.db
    .insertInto("bulk_run")
    .values({
      user_id: actor.userId,
      user_name: actor.name,
      move,
      asked: ids.length,
      done: done.length,
      moved: JSON.stringify(done),
      refused: JSON.stringify(refused),
      at: new Date(shell.now()),
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  return { run, done, refused };
}

/** The numbers of those tickets that this person may see at all. */
async function numbersOf(db: Db, actor: Actor, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom("ticket as t")
    .select(["t.id", "t.number"])
    .where("t.id", "in", ids)
    .where((eb) => inScope(eb, actor))
    .execute();
  return new Map(rows.map((r) => [r.id, r.number]));
}
