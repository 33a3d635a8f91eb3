/** 个人设置. What a person chose for the screens (columns, density, theme …): one JSON a key, kept on the server. */
import { LIST_COLUMN_KEYS } from "@jiesu/core/ticket/listing.ts";
import { z } from "zod";
import { addWordings, Refused } from "../platform/errors.ts";
import { type App, actorOf } from "../platform/http/app.ts";
import type { Shell } from "../platform/shell.ts";

const MAX_BYTES = 64 * 1024;
const MOST_KEYS = 200;

addWordings({
  "preference-key": { status: 422, zh: (r) => `没有名为“${String(r.key)}”的个人设置。` },
  "preference-shape": {
    status: 422,
    zh: (r) => `个人设置“${String(r.key)}”的内容不正确：${String(r.message)}`,
  },
});

const Columns = z
  .array(
    z.strictObject({
      key: z.enum(LIST_COLUMN_KEYS),
      shown: z.boolean().optional(),
      width: z.number().int().min(40).max(1200).optional(),
      pinned: z.enum(["left", "right"]).nullable().optional(),
    }),
  )
  .max(LIST_COLUMN_KEYS.length);

/** What may be kept, by the beginning of its key; a family (with ":") has one value a member, such as a queue's list. */
const KINDS: Readonly<Record<string, z.ZodType>> = {
  theme: z.enum(["light", "dark", "system"]),
  density: z.enum(["compact", "middle", "comfortable"]),
  "columns:": Columns,
  "split:": z.number().min(0).max(10_000),
  "view:": z.string().max(40).nullable(),
  /** A list as two-line rows beside the ticket, or as a table of its own. */
  "form:": z.enum(["rows", "table"]),
  /** Saved views in the order in which this person wants them. */
  "order:": z.array(z.string().regex(/^\d{1,18}$/)).max(500),
  "open:": z.boolean(),
  tour: z.strictObject({ done: z.boolean(), step: z.number().int().min(0).max(100).optional() }),
};

const Key = z.string().regex(/^[a-z][a-z0-9]*(:[A-Za-z0-9._-]{1,60})?$/, "设置名不正确");

export function preferenceRoutes(app: App, shell: Shell): void {
  app.get("/api/me/preferences", {
    config: { who: "signedIn" },
    schema: { summary: "我的个人设置", response: { 200: z.record(z.string(), z.unknown()) } },
    handler: async (request) => {
      const rows = await shell.db
        .selectFrom("preference")
        .select(["key", "value"])
        .where("user_id", "=", actorOf(request).userId)
        .orderBy("key")
        .execute();
      return Object.fromEntries(rows.map((r) => [r.key, r.value]));
    },
  });

  app.put("/api/me/preferences/:key", {
    config: { who: "signedIn" },
    bodyLimit: MAX_BYTES + 1024,
    schema: {
      summary: "保存一项个人设置（不超过 64 KB）",
      params: z.object({ key: Key }),
      body: z.object({ value: z.unknown() }),
      response: { 200: z.object({ ok: z.literal(true) }) },
    },
    handler: async (request) => {
      const { userId } = actorOf(request);
      const { key } = request.params;
      const value = JSON.stringify(parsed(key, request.body.value));
      if (Buffer.byteLength(value) > MAX_BYTES) throw new Refused({ code: "too-large", limit: "64 KB" });
      await shell.db.transaction().execute(async (tx) => {
        const known = await tx.selectFrom("preference").select("key").where("user_id", "=", userId).execute();
        if (known.length >= MOST_KEYS && !known.some((k) => k.key === key))
          throw new Refused({ code: "too-large", limit: `${MOST_KEYS} 项` });
        await tx
          .insertInto("preference")
          .values({ user_id: userId, key, value, updated_at: new Date(shell.now()) })
          .onConflict((c) =>
            c.columns(["user_id", "key"]).doUpdateSet((eb) => ({
              value: eb.ref("excluded.value"),
              updated_at: eb.ref("excluded.updated_at"),
            })),
          )
          .execute();
      });
      return { ok: true as const };
    },
  });

  app.delete("/api/me/preferences/:key", {
    config: { who: "signedIn" },
    schema: {
      summary: "恢复一项个人设置的默认",
      params: z.object({ key: Key }),
      response: { 200: z.object({ ok: z.literal(true) }) },
    },
    handler: async (request) => {
      await shell.db
        .deleteFrom("preference")
        .where("user_id", "=", actorOf(request).userId)
        .where("key", "=", request.params.key)
        .execute();
      return { ok: true as const };
    },
  });
}

function parsed(key: string, value: unknown): unknown {
  const name = key.includes(":") ? key.slice(0, key.indexOf(":") + 1) : key;
  const kind = Object.hasOwn(KINDS, name) ? KINDS[name] : undefined;
  if (!kind) throw new Refused({ code: "preference-key", key });
  const answer = kind.safeParse(value);
  if (answer.success) return answer.data;
  const issue = answer.error.issues[0];
  throw new Refused({ code: "preference-shape", key, message: issue?.message ?? "" });
}
