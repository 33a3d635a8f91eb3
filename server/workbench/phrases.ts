/** 常用语. Standard phrases of a person and of the centre, by move, those used most first. */
import { z } from "zod";
import type { Actor } from "../platform/auth/actor.ts";
import { audit } from "../platform/auth/sessions.ts";
import type { Db } from "../platform/db/open.ts";
import { addWordings, Refused } from "../platform/errors.ts";
import { type App, actorOf } from "../platform/http/app.ts";
import { WORKERS } from "../platform/http/who.ts";
import type { Shell } from "../platform/shell.ts";
import { Id, MOVE_ZH, MoveName, text } from "../ticket/schema.ts";

const MOST = 300;

addWordings({
  "phrases-full": { status: 409, zh: (r) => `常用语已达 ${String(r.limit)} 条，请先删去不用的。` },
  "phrase-changed": {
    status: 409,
    zh: (r) => `这条常用语刚被他人改为“${String(r.text)}”，没有覆盖；请核对后再保存。`,
  },
});

const PhraseText = text(1000).refine((s) => s.trim() !== "", "请填写常用语");
/** "" serves every form. */
const ForMove = z.union([MoveName, z.literal("")]);

const Phrase = z.object({
  id: z.string(),
  move: z.string(),
  moveZh: z.string(),
  text: z.string(),
  centre: z.boolean(),
  /** How often I have used it. */
  used: z.number(),
  mayEdit: z.boolean(),
});

export function phraseRoutes(app: App, shell: Shell): void {
  app.get("/api/phrases", {
    config: { who: WORKERS },
    schema: {
      summary: "常用语：我的和中心的，用得多的在前",
      querystring: z.object({ move: MoveName.optional() }),
      response: { 200: z.array(Phrase) },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      const { move } = request.query;
      const rows = await shell.db
        .selectFrom("phrase as p")
        .leftJoin("phrase_use as mine", (j) =>
          j.onRef("mine.phrase_id", "=", "p.id").on("mine.user_id", "=", actor.userId),
        )
        .select(["p.id", "p.owner_id", "p.move", "p.text", "mine.used"])
        .select((eb) =>
          eb
            .selectFrom("phrase_use as every")
            .select((e) => e.fn.sum<string>("every.used").as("n"))
            .whereRef("every.phrase_id", "=", "p.id")
            .as("total"),
        )
        .where((eb) => eb.or([eb("p.owner_id", "is", null), eb("p.owner_id", "=", actor.userId)]))
        .$if(move !== undefined, (q) => q.where("p.move", "in", [move ?? "", ""]))
        .execute();
      // My own habit first, then everybody's; what is made for this move before what serves all.
      return rows
        .map((r) => ({ ...r, used: r.used ?? 0, total: Number(r.total ?? 0) }))
        .sort(
          (a, b) =>
            b.used - a.used ||
            b.total - a.total ||
            Number(a.move === "") - Number(b.move === "") ||
            Number(a.id) - Number(b.id),
        )
        .map((r) => ({
          id: r.id,
          move: r.move,
          moveZh: formZh(r.move),
          text: r.text,
          centre: r.owner_id === null,
          used: r.used,
          mayEdit: r.owner_id !== null || keepsCentre(actor),
        }));
    },
  });

  app.post("/api/phrases", {
    config: { who: WORKERS },
    schema: {
      summary: "新增常用语（centre 为真时是中心常用语，由值班长、中心领导维护）",
      body: z.object({ text: PhraseText, move: ForMove.default(""), centre: z.boolean().default(false) }),
      response: { 200: z.object({ id: z.string() }) },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      const { centre, move } = request.body;
      if (centre && !keepsCentre(actor)) throw new Refused({ code: "not-allowed" });
      const owner = centre ? null : actor.userId;
      return shell.db.transaction().execute(async (tx) => {
        const { n } = await tx
          .selectFrom("phrase")
          .select((eb) => eb.fn.countAll<string>().as("n"))
          .where("owner_id", owner === null ? "is" : "=", owner)
          .executeTakeFirstOrThrow();
        if (Number(n) >= MOST) throw new Refused({ code: "phrases-full", limit: MOST });
        const at = new Date(shell.now());
        const row = await tx
          .insertInto("phrase")
          .values({
            owner_id: owner,
            move,
            text: request.body.text.trim(),
            created_by: actor.userId,
            created_at: at,
            updated_at: at,
          })
          .onConflict((c) => c.doNothing())
          .returning("id")
          .executeTakeFirst();
        if (!row) throw new Refused({ code: "duplicate", what: "这条常用语" });
        if (centre)
          await audit(tx, shell.now(), actor.userId, actor.name, "phrase-added", { detail: { id: row.id } });
        return { id: row.id };
      });
    },
  });

  app.patch("/api/phrases/:id", {
    config: { who: WORKERS },
    schema: {
      summary: "修改常用语",
      params: z.object({ id: Id }),
      body: z.object({
        text: PhraseText.optional(),
        move: ForMove.optional(),
        /** When the phrase that the screen showed was last changed; changed since, nothing is written over. */
        seenAt: z.iso.datetime().optional(),
      }),
      response: { 200: z.object({ ok: z.literal(true) }) },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      const { text: words, move, seenAt } = request.body;
      const { id } = request.params;
      const { centre } = await mine(shell, actor, id);
      await shell.db.transaction().execute(async (tx) => {
        const before = await tx
          .selectFrom("phrase")
          .select(["text", "move", "updated_at"])
          .where("id", "=", id)
          .forUpdate()
          .executeTakeFirst();
        if (!before) throw new Refused({ code: "not-found" });
        if (seenAt !== undefined && before.updated_at.getTime() !== Date.parse(seenAt))
          throw new Refused({ code: "phrase-changed", text: before.text });
        const after = { text: words?.trim() ?? before.text, move: move ?? before.move };
        await changePhrase(tx, id, after, shell.now());
        const changes = [
          { field: "常用语", before: before.text, after: after.text },
          { field: "用于", before: formZh(before.move), after: formZh(after.move) },
        ].filter((change) => change.before !== change.after);
        if (centre && changes.length > 0)
          await audit(tx, shell.now(), actor.userId, actor.name, "phrase-changed", {
            detail: { id, changes },
          });
      });
      return { ok: true as const };
    },
  });

  app.delete("/api/phrases/:id", {
    config: { who: WORKERS },
    schema: {
      summary: "删除常用语",
      params: z.object({ id: Id }),
      response: { 200: z.object({ ok: z.literal(true) }) },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      const { centre } = await mine(shell, actor, request.params.id);
      await shell.db.transaction().execute(async (tx) => {
        await tx.deleteFrom("phrase").where("id", "=", request.params.id).execute();
        if (centre)
          await audit(tx, shell.now(), actor.userId, actor.name, "phrase-removed", {
            detail: { id: request.params.id },
          });
      });
      return { ok: true as const };
    },
  });

  app.post("/api/phrases/:id/used", {
    config: { who: WORKERS },
    schema: {
      summary: "记一次使用，供排序",
      params: z.object({ id: Id }),
      response: { 200: z.object({ used: z.number() }) },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      const { id } = request.params;
      if (!(await visible(shell, actor, id))) throw new Refused({ code: "not-found" });
      const { used } = await shell.db
        .insertInto("phrase_use")
        .values({ phrase_id: id, user_id: actor.userId, used: 1, last_at: new Date(shell.now()) })
        .onConflict((c) =>
          c.columns(["phrase_id", "user_id"]).doUpdateSet((eb) => ({
            used: eb("phrase_use.used", "+", 1),
            last_at: eb.ref("excluded.last_at"),
          })),
        )
        .returning("used")
        .executeTakeFirstOrThrow();
      return { used };
    },
  });
}

/** Throws Refused where the same words serve that form already. */
async function changePhrase(
  tx: Db,
  id: string,
  to: { text: string; move: string },
  now: number,
): Promise<void> {
  await tx
    .updateTable("phrase")
    .set({ ...to, updated_at: new Date(now) })
    .where("id", "=", id)
    .execute()
    .catch((error: { code?: string }) => {
      if (error.code === "23505") throw new Refused({ code: "duplicate", what: "这条常用语" });
      throw error;
    });
}

const formZh = (move: string): string => MOVE_ZH.get(move) ?? "通用";

type Person = Actor & { readonly userId: string };

const keepsCentre = (actor: Actor): boolean => actor.roles.some((r) => r === "shiftLead" || r === "leader");

async function visible(shell: Shell, actor: Person, id: string): Promise<{ centre: boolean } | null> {
  const row = await shell.db.selectFrom("phrase").select("owner_id").where("id", "=", id).executeTakeFirst();
  if (!row || (row.owner_id !== null && row.owner_id !== actor.userId)) return null;
  return { centre: row.owner_id === null };
}

/** A phrase that this person may change; another's is not found, the centre's is not theirs. */
async function mine(shell: Shell, actor: Person, id: string): Promise<{ centre: boolean }> {
  const found = await visible(shell, actor, id);
  if (!found) throw new Refused({ code: "not-found" });
  if (found.centre && !keepsCentre(actor)) throw new Refused({ code: "not-allowed" });
  return found;
}
