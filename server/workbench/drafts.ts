/** 草稿. What a person was typing and has not sent, sealed, so that another computer finds it; nobody else's are reached. */
import { z } from "zod";
import type { Actor } from "../platform/auth/actor.ts";
import { addWordings, Refused } from "../platform/errors.ts";
import { type App, actorOf } from "../platform/http/app.ts";
import type { Shell } from "../platform/shell.ts";

const MAX_BYTES = 64 * 1024;
const MOST = 200;
const KEEP_MS = 14 * 86_400_000;
const SWEPT_AT_ONCE = 500;

addWordings({
  "drafts-full": {
    status: 409,
    zh: (r) => `草稿已达 ${String(r.limit)} 份，请先提交或清除不用的；本机仍保留您填写的内容。`,
  },
});

/** "login.ticket.move": whose and what, as the browser names it. */
const Key = z.string().regex(/^[A-Za-z0-9._@:-]{1,160}$/, "草稿名不正确");
const OneDraft = z.object({ key: Key });
const At = z.iso.datetime();

export function draftRoutes(app: App, shell: Shell): void {
  app.get("/api/drafts", {
    config: { who: "signedIn" },
    schema: {
      summary: "我的草稿：名称与保存时间",
      response: { 200: z.array(z.object({ key: z.string(), at: At })) },
    },
    handler: async (request) => {
      const rows = await live(shell, actorOf(request)).select(["key", "updated_at"]).orderBy("key").execute();
      return rows.map((row) => ({ key: row.key, at: row.updated_at.toISOString() }));
    },
  });

  app.get("/api/drafts/:key", {
    config: { who: "signedIn" },
    schema: {
      summary: "一份草稿；没有时 draft 为空",
      params: OneDraft,
      response: {
        200: z.object({
          draft: z.object({ value: z.record(z.string(), z.unknown()), at: At }).nullable(),
        }),
      },
    },
    handler: async (request) => {
      const row = await live(shell, actorOf(request))
        .select(["body_enc", "updated_at"])
        .where("key", "=", request.params.key)
        .executeTakeFirst();
      if (!row) return { draft: null };
      const value: Record<string, unknown> = JSON.parse(shell.secrets.open(row.body_enc));
      return { draft: { value, at: row.updated_at.toISOString() } };
    },
  });

  app.put("/api/drafts/:key", {
    config: { who: "signedIn" },
    bodyLimit: MAX_BYTES + 1024,
    schema: {
      summary: "保存一份草稿（不超过 64 KB，保留 14 天）",
      params: OneDraft,
      body: z.object({ value: z.record(z.string(), z.unknown()) }),
      response: { 200: z.object({ at: At }) },
    },
    handler: async (request) => {
      const { userId } = actorOf(request);
      const { key } = request.params;
      const body = JSON.stringify(request.body.value);
      if (Buffer.byteLength(body) > MAX_BYTES) throw new Refused({ code: "too-large", limit: "64 KB" });
      const now = shell.now();
      const row = {
        body_enc: shell.secrets.seal(body),
        updated_at: new Date(now),
        expires_at: new Date(now + KEEP_MS),
      };
      const others = await shell.db
        .selectFrom("draft")
        .select((eb) => eb.fn.countAll<string>().as("n"))
        .where("user_id", "=", userId)
        .where("key", "!=", key)
        .executeTakeFirstOrThrow();
      if (Number(others.n) >= MOST) throw new Refused({ code: "drafts-full", limit: MOST });
      await shell.db
        .insertInto("draft")
        .values({ user_id: userId, key, ...row })
        .onConflict((c) => c.columns(["user_id", "key"]).doUpdateSet(row))
        .execute();
      return { at: row.updated_at.toISOString() };
    },
  });

  app.delete("/api/drafts/:key", {
    config: { who: "signedIn" },
    schema: {
      summary: "清除一份草稿",
      params: OneDraft,
      response: { 200: z.object({ ok: z.literal(true) }) },
    },
    handler: async (request) => {
      await shell.db
        .deleteFrom("draft")
        .where("user_id", "=", actorOf(request).userId)
        .where("key", "=", request.params.key)
        .execute();
      return { ok: true as const };
    },
  });
}

/** Forgets drafts whose fourteen days are over, some hundreds at a time; answers how many. */
export async function forgetDrafts(shell: Shell): Promise<number> {
  const gone = await shell.db
    .deleteFrom("draft")
    .where(({ eb, refTuple, selectFrom }) =>
      eb(
        refTuple("user_id", "key"),
        "in",
        selectFrom("draft as old")
          .select(["old.user_id", "old.key"])
          .where("old.expires_at", "<=", new Date(shell.now()))
          .limit(SWEPT_AT_ONCE)
          .$asTuple("user_id", "key"),
      ),
    )
    .executeTakeFirst();
  return Number(gone.numDeletedRows);
}

function live(shell: Shell, actor: Actor & { readonly userId: string }) {
  return shell.db
    .selectFrom("draft")
    .where("user_id", "=", actor.userId)
    .where("expires_at", ">", new Date(shell.now()));
}
