/** The house put together: every feature's routes on one app, the workbench's files beside them. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyBaseLogger } from "fastify";
import { collectDefaultMetrics, Histogram, Registry } from "prom-client";
import { z } from "zod";
import { ratesNow } from "./assessment/now.ts";
import { assessmentRoutes } from "./assessment/routes.ts";
import { unitStandings } from "./assessment/unitstanding.ts";
import { attachmentRoutes } from "./attachment/routes.ts";
import { callbackRoutes } from "./callback/routes.ts";
import { shiftEnd } from "./duty/roster.ts";
import { dutyRoutes } from "./duty/routes.ts";
import { sweepRoutes } from "./duty/sweeproutes.ts";
import { watchRoutes, watchWaiting } from "./duty/watchroutes.ts";
import { exemptionRoutes } from "./exemption/routes.ts";
import { startBell } from "./inbox/bell.ts";
import { inboxRoutes } from "./inbox/routes.ts";
import { incidentRoutes } from "./incident/routes.ts";
import { intakeRoutes } from "./intake/routes.ts";
import { liaisonRoutes } from "./liaison/routes.ts";
import { talkRoutes } from "./liaison/talks.ts";
import { notifyRoutes } from "./notify/routes.ts";
import { precedentRoutes } from "./ownership/precedentroutes.ts";
import { ownershipRoutes } from "./ownership/routes.ts";
import { aliasRoutes } from "./people/aliases.ts";
import { auditRoutes } from "./people/auditing.ts";
import { categoryRoutes } from "./people/categories.ts";
import { roleRoutes } from "./people/roles.ts";
import { peopleSessionRoutes } from "./people/sessions.ts";
import { unitRoutes } from "./people/units.ts";
import { userRoutes } from "./people/users.ts";
import { sessionRoutes } from "./platform/auth/routes.ts";
import { type ShownSetting, shownSettings } from "./platform/config/config.ts";
import { startFeed } from "./platform/events/feed.ts";
import { eventRoutes } from "./platform/events/routes.ts";
import { buildApp } from "./platform/http/app.ts";
import type { Shell } from "./platform/shell.ts";
import { VERSION } from "./platform/version.ts";
import { problemRoutes } from "./problem/routes.ts";
import { returnRoutes } from "./returns/routes.ts";
import { samplingRoutes } from "./sampling/routes.ts";
import { searchRoutes } from "./search/routes.ts";
import { settingRoutes } from "./setting/routes.ts";
import { shelvingRoutes } from "./shelving/routes.ts";
import { supervisionRoutes } from "./supervision/routes.ts";
import { alikeRoutes } from "./ticket/alike.ts";
import { guardRoutes } from "./ticket/guardroutes.ts";
import { printRoutes } from "./ticket/print.ts";
import { receiveRoutes } from "./ticket/receive.ts";
import { ticketRoutes } from "./ticket/routes.ts";
import { undoRoutes } from "./ticket/undo.ts";
import { triageRoutes } from "./triage/routes.ts";
import { urgesWaiting, urgingRoutes } from "./urging/routes.ts";
import { bulkRoutes } from "./workbench/bulk-moves.ts";
import { centrePhraseRoutes } from "./workbench/centrephrases.ts";
import { draftRoutes } from "./workbench/drafts.ts";
import { homeRoutes } from "./workbench/home.ts";
import { listExportRoutes } from "./workbench/list-export.ts";
import { phraseRoutes } from "./workbench/phrases.ts";
import { preferenceRoutes } from "./workbench/preferences.ts";
import { startPresence } from "./workbench/presence-feed.ts";
import { presenceRoutes } from "./workbench/presence-routes.ts";
import { viewRoutes } from "./workbench/views.ts";

const WEB = join(import.meta.dirname, "..", "web", "dist");

/** Builds the whole application over a shell; `ready` of the answer is false once it is closing. */
export async function buildHouse(
  shell: Shell,
  logger: FastifyBaseLogger | false,
  settings: readonly ShownSetting[] = shownSettings({}),
) {
  const { app, declared } = await buildApp(shell, { logger, version: VERSION });
  const feed = startFeed(shell.db, (error) =>
    app.log.warn({ fault: error instanceof Error ? error.name : "unknown" }, "event feed: poll failed"),
  );
  const bell = startBell(shell.db, (error) =>
    app.log.warn({ fault: error instanceof Error ? error.name : "unknown" }, "message bell: poll failed"),
  );
  const presence = startPresence(shell.db, shell.now, (error) =>
    app.log.warn({ fault: error instanceof Error ? error.name : "unknown" }, "presence: look failed"),
  );
  app.addHook("onClose", async () => {
    feed.stop();
    bell.stop();
    presence.stop();
  });

  healthRoutes(app, shell);
  sessionRoutes(app, shell);
  eventRoutes(app, shell, feed, undefined, [bell.aside, presence.aside]);
  ticketRoutes(app, shell);
  receiveRoutes(app, shell);
  alikeRoutes(app, shell);
  undoRoutes(app, shell);
  guardRoutes(app, shell);
  attachmentRoutes(app, shell);
  talkRoutes(app, shell);
  liaisonRoutes(app, shell);
  printRoutes(app, shell);
  callbackRoutes(app, shell);
  samplingRoutes(app, shell);
  returnRoutes(app, shell);
  problemRoutes(app, shell);
  triageRoutes(app, shell);
  intakeRoutes(app, shell);
  assessmentRoutes(app, shell);
  exemptionRoutes(app, shell);
  shelvingRoutes(app, shell);
  ownershipRoutes(app, shell);
  precedentRoutes(app, shell);
  unitRoutes(app, shell);
  aliasRoutes(app, shell);
  categoryRoutes(app, shell);
  userRoutes(app, shell);
  peopleSessionRoutes(app, shell);
  roleRoutes(app, shell, declared);
  auditRoutes(app, shell);
  settingRoutes(app, shell, settings);
  bulkRoutes(app, shell);
  listExportRoutes(app, shell);
  centrePhraseRoutes(app, shell);
  phraseRoutes(app, shell);
  draftRoutes(app, shell);
  viewRoutes(app, shell);
  preferenceRoutes(app, shell);
  presenceRoutes(app, shell, presence);
  inboxRoutes(app, shell);
  urgingRoutes(app, shell);
  supervisionRoutes(app, shell, unitStandings);
  notifyRoutes(app, shell);
  incidentRoutes(app, shell);
  dutyRoutes(app, shell);
  sweepRoutes(app, shell);
  watchRoutes(app, shell);
  homeRoutes(app, shell, {
    shiftEnd: () => shiftEnd(shell),
    rates: (unit) => ratesNow(shell, unit),
    urges: (actor) => urgesWaiting(shell, actor),
    watch: (actor) => watchWaiting(shell, actor),
  });
  searchRoutes(app, shell);

  app.get("/api/openapi.json", { config: { who: "public" }, schema: { hide: true } }, async () =>
    app.swagger(),
  );
  if (existsSync(WEB)) {
    await app.register(fastifyStatic, {
      root: WEB,
      wildcard: false,
      maxAge: "1y",
      immutable: true,
      index: false,
      preCompressed: true,
    });
    // Every address of the workbench that is no file is the workbench itself.
    app.get("/*", { schema: { hide: true } }, (request, reply) => {
      if (request.url.startsWith("/api/") || /\.[a-z0-9]{2,5}$/i.test(request.url.split("?")[0] ?? ""))
        return reply.callNotFound();
      return reply
        .header("cache-control", "no-cache")
        .sendFile("index.html", { maxAge: 0, immutable: false });
    });
  }
  await app.ready();
  return { app, declared };
}

type App = Awaited<ReturnType<typeof buildApp>>["app"];

/** GET /api/health (the process lives), /api/ready (the database answers), /metrics (Prometheus, this machine only). */
function healthRoutes(app: App, shell: Shell): void {
  const State = z.object({ ok: z.boolean() });
  app.get(
    "/api/health",
    { config: { who: "public" }, schema: { summary: "存活", response: { 200: State } } },
    async () => ({ ok: true }),
  );
  app.get(
    "/api/ready",
    { config: { who: "public" }, schema: { summary: "就绪", response: { 200: State, 503: State } } },
    async (_request, reply) => {
      try {
        await shell.db.selectFrom("event_cursor").select("consumer").limit(1).execute();
        return { ok: true };
      } catch {
        return reply.status(503).send({ ok: false });
      }
    },
  );

  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const seconds = new Histogram({
    name: "http_request_seconds",
    help: "Time to answer, by route",
    labelNames: ["method", "route", "status"],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  });
  app.addHook("onResponse", async (request, reply) => {
    const route = request.routeOptions.url ?? "unknown";
    seconds.observe(
      { method: request.method, route, status: String(reply.statusCode) },
      reply.elapsedTime / 1000,
    );
  });
  app.get("/metrics", { schema: { hide: true } }, async (request, reply) => {
    if (request.ip !== "127.0.0.1" && request.ip !== "::1") return reply.callNotFound();
    return reply.type(registry.contentType).send(await registry.metrics());
  });
}
