/** 无主巡查接口. What the sweeps found, and one more at a person's asking. */
import { z } from "zod";
import { type App, actorOf } from "../platform/http/app.ts";
import type { Shell } from "../platform/shell.ts";
import { SweepOut, sweep, sweepsOut } from "./sweep.ts";

const ASKERS = ["shiftLead", "leader"] as const;

export function sweepRoutes(app: App, shell: Shell): void {
  app.get("/api/duty/sweeps", {
    config: { who: ASKERS },
    schema: {
      summary: "无主巡查记录，新的在前；最近一次有发现的附工单",
      querystring: z.object({ limit: z.coerce.number().int().min(1).max(100).default(24) }),
      response: { 200: z.array(SweepOut) },
    },
    handler: (request) => sweepsOut(shell.db, { limit: request.query.limit }),
  });

  app.post("/api/duty/sweeps", {
    config: { who: ASKERS },
    schema: {
      summary: "立即巡查一次：全部在办工单是否都有在走的时限和承办人",
      response: { 200: SweepOut },
    },
    handler: async (request) => {
      const id = await sweep(shell, actorOf(request));
      const [run] = await sweepsOut(shell.db, { id, limit: 1 });
      if (!run) throw new Error("a sweep just kept cannot be read");
      return run;
    },
  });
}
