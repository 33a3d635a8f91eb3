/** 单位别名. Other names that files write for a unit; one word names one unit. */
import { z } from "zod";
import { audit } from "../platform/auth/sessions.ts";
import { Refused } from "../platform/errors.ts";
import { type App, actorOf } from "../platform/http/app.ts";
import type { Shell } from "../platform/shell.ts";
import { Id, Name } from "./shape.ts";
import { oneUnit, refuseTaken, UnitOut } from "./unitbook.ts";

export function aliasRoutes(app: App, shell: Shell): void {
  app.post("/api/units/:id/aliases", {
    config: { who: ["sysadmin", "triager", "shiftLead"] },
    schema: {
      summary: "添加单位别名",
      params: z.object({ id: Id }),
      body: z.object({ alias: Name }),
      response: { 200: UnitOut },
    },
    handler: async (request) => {
      const { id } = request.params;
      const { alias } = request.body;
      const actor = actorOf(request);
      await shell.db.transaction().execute(async (tx) => {
        const unit = await tx.selectFrom("unit").select("name").where("id", "=", id).executeTakeFirst();
        if (!unit) throw new Refused({ code: "not-found" });
        await refuseTaken(tx, alias);
        await tx
          .insertInto("unit_alias")
          .values({ alias, unit_id: id, source: "人工", created_at: new Date(shell.now()) })
          .execute();
        await audit(tx, shell.now(), actor.userId, actor.name, "alias-added", {
          detail: { unit: id, name: unit.name, alias },
        });
      });
      return oneUnit(shell.db, id);
    },
  });

  app.delete("/api/units/:id/aliases/:alias", {
    config: { who: ["sysadmin"] },
    schema: {
      summary: "删除单位别名",
      params: z.object({ id: Id, alias: Name }),
      response: { 200: z.object({ ok: z.literal(true) }) },
    },
    handler: async (request) => {
      const { id, alias } = request.params;
      const actor = actorOf(request);
      const gone = await shell.db.transaction().execute(async (tx) => {
        const done = await tx
          .deleteFrom("unit_alias")
          .where("unit_id", "=", id)
          .where("alias", "=", alias)
          .executeTakeFirst();
        if (done.numDeletedRows === 0n) return false;
        await audit(tx, shell.now(), actor.userId, actor.name, "alias-removed", {
          detail: { unit: id, alias },
        });
        return true;
      });
      if (!gone) throw new Refused({ code: "not-found" });
      return { ok: true as const };
    },
  });
}
