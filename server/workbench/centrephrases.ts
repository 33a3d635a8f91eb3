/** 中心常用语的使用情况. The centre's phrases with how often, by how many and when last each was used: what to keep, mend, drop. */
import { z } from "zod";
import type { App } from "../platform/http/app.ts";
import type { Shell } from "../platform/shell.ts";
import { MOVE_ZH } from "../ticket/schema.ts";

const CentrePhrase = z.object({
  id: z.string(),
  move: z.string(),
  moveZh: z.string(),
  text: z.string(),
  used: z.number(),
  people: z.number(),
  lastUsedAt: z.iso.datetime().nullable(),
  updatedAt: z.iso.datetime(),
});

export function centrePhraseRoutes(app: App, shell: Shell): void {
  app.get("/api/phrases/centre", {
    config: { who: ["shiftLead", "leader", "sysadmin"] },
    schema: { summary: "中心常用语及使用情况", response: { 200: z.array(CentrePhrase) } },
    handler: async () => {
      const rows = await shell.db
        .selectFrom("phrase as p")
        .leftJoin("phrase_use as u", "u.phrase_id", "p.id")
        .select(["p.id", "p.move", "p.text", "p.updated_at"])
        .select((eb) => [
          eb.fn.sum<string | null>("u.used").as("used"),
          eb.fn.count<string>("u.user_id").as("people"),
          eb.fn.max("u.last_at").as("last"),
        ])
        .where("p.owner_id", "is", null)
        .groupBy(["p.id", "p.move", "p.text", "p.updated_at"])
        .orderBy("p.move")
        .orderBy("p.id")
        .execute();
      return rows.map((r) => ({
        id: r.id,
        move: r.move,
        moveZh: MOVE_ZH.get(r.move) ?? "通用",
        text: r.text,
        used: Number(r.used ?? 0),
        people: Number(r.people),
        lastUsedAt: r.last ? new Date(r.last).toISOString() : null,
        updatedAt: r.updated_at.toISOString(),
      }));
    },
  });
}
