/** 检索接口. One box for everything: tickets by number or words, units by name or alias. */
import { dayOf } from "@jiesu/core/time/day.ts";
import { z } from "zod";
import { type App, actorOf } from "../platform/http/app.ts";
import { WORKERS } from "../platform/http/who.ts";
import type { Shell } from "../platform/shell.ts";
import { listTickets } from "../ticket/list.ts";
import { TicketRow, text } from "../ticket/schema.ts";

export function searchRoutes(app: App, shell: Shell): void {
  app.get("/api/search", {
    config: { who: WORKERS },
    schema: {
      summary: "搜索：工单（编号、标题、内容、地址）和承办单位",
      querystring: z.object({
        q: text(100).refine((s) => s.trim() !== "", "请输入要找的内容"),
        limit: z.coerce.number().int().min(1).max(50).default(8),
      }),
      response: {
        200: z.object({
          tickets: z.array(TicketRow),
          /** Whether there are more tickets than shown. */
          more: z.boolean(),
          units: z.array(
            z.object({ id: z.string(), name: z.string(), shortName: z.string(), kind: z.string() }),
          ),
        }),
      },
    },
    handler: async (request) => {
      const q = request.query.q.trim();
      const { limit } = request.query;
      const [page, units] = await Promise.all([
        listTickets(shell.db, actorOf(request), { q }, "-received", limit, null, shell.now()),
        unitsLike(shell, q),
      ]);
      return { tickets: page.rows, more: page.next !== null, units };
    },
  });
}

/** Units valid today whose name, short name or alias holds the words; what begins with them first. */
async function unitsLike(shell: Shell, q: string) {
  const like = q.replace(/[\\%_]/g, (c) => `\\${c}`);
  const today = dayOf(shell.now());
  const rows = await shell.db
    .selectFrom("unit as u")
    .select(["u.id", "u.name", "u.short_name", "u.kind"])
    .where("u.valid_from", "<=", today)
    .where((eb) => eb.or([eb("u.valid_to", "is", null), eb("u.valid_to", ">=", today)]))
    .where((eb) =>
      eb.or([
        eb("u.name", "like", `%${like}%`),
        eb("u.short_name", "like", `%${like}%`),
        eb.exists(
          eb
            .selectFrom("unit_alias as x")
            .select("x.alias")
            .whereRef("x.unit_id", "=", "u.id")
            .where("x.alias", "like", `%${like}%`),
        ),
      ]),
    )
    .orderBy((eb) => eb("u.short_name", "like", `${like}%`), "desc")
    .orderBy("u.id")
    .limit(8)
    .execute();
  return rows.map((u) => ({ id: u.id, name: u.name, shortName: u.short_name, kind: u.kind }));
}
