/** The HTTP house: parsing and checking by zod, sessions, who may call what, one shape of error, OpenAPI 3.1. */
import { randomUUID } from "node:crypto";
import cookie from "@fastify/cookie";
import helmet from "@fastify/helmet";
import multipart from "@fastify/multipart";
import rateLimit from "@fastify/rate-limit";
import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import Fastify, {
  type FastifyBaseLogger,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from "fastify";
import {
  hasZodFastifySchemaValidationErrors,
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from "fastify-type-provider-zod";
import { z } from "zod";
import type { Actor } from "../auth/actor.ts";
import { findSession, type Session } from "../auth/sessions.ts";
import { problemOf, type Refusal, Refused } from "../errors.ts";
import type { Shell } from "../shell.ts";
import { allows, type Who } from "./who.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Who may call this route. Required on every route under /api. */
    who?: Who;
    /** What a screen keeps asking by itself: never counts as use of the session. */
    background?: boolean;
  }
  interface FastifyRequest {
    session: Session | null;
  }
}

z.config(z.locales.zhCN()); // what zod says about a wrong field is read by users

export const COOKIE = "jiesu_session";
/** Sent by the workbench with what nobody's hand asked for (refreshes): the session is not kept alive by it. */
const BACKGROUND = "x-background";
export const MAX_UPLOAD_BYTES = 200 * 1024 * 1024;

/** One declared route: what the role × route test enumerates. */
export interface DeclaredRoute {
  readonly method: string;
  readonly url: string;
  readonly who: Who;
  /** What it does, in words. */
  readonly summary: string;
}

export type App = Awaited<ReturnType<typeof buildApp>>["app"];

export interface AppOptions {
  readonly logger: FastifyBaseLogger | false;
  readonly version: string;
}

/** Builds the app without any feature; `declared` fills as features add their routes. */
export async function buildApp(shell: Shell, options: AppOptions) {
  const base = {
    genReqId: () => randomUUID(),
    bodyLimit: 2 * 1024 * 1024,
    // A reverse proxy on this machine says who calls and whether by https; nobody else is believed.
    trustProxy: "loopback",
    // An address that cannot be read never reaches a route; the framework's own answer would repeat it.
    frameworkErrors: (_error: Error, _request: FastifyRequest, reply: FastifyReply): void => {
      const problem = problemOf({ code: "not-found" });
      reply.status(problem.status).send(problem.body);
    },
    routerOptions: { maxParamLength: 200 },
  };
  const app = (
    options.logger === false
      ? Fastify(base)
      : Fastify({
          ...base,
          loggerInstance: options.logger,
          logController: new LogController({ disableRequestLogging: true }),
        })
  ).withTypeProvider<ZodTypeProvider>();
  app.removeContentTypeParser("text/plain"); // no route takes it
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);

  const declared: DeclaredRoute[] = [];
  app.decorateRequest("session", null);
  app.addHook("onRoute", (route) => {
    if (!route.url.startsWith("/api/") || route.url.startsWith("/api/docs")) return;
    const who = route.config?.who;
    if (who === undefined)
      throw new Error(`route ${String(route.method)} ${route.url} does not say who may call it`);
    for (const method of [route.method].flat())
      if (method !== "HEAD")
        declared.push({ method, url: route.url, who, summary: route.schema?.summary ?? "" });
  });

  await app.register(cookie);
  await app.register(helmet, {
    contentSecurityPolicy: {
      directives: {
        defaultSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"], // Ant Design writes its styles at run time
        imgSrc: ["'self'", "data:", "blob:"],
        fontSrc: ["'self'", "data:"],
        upgradeInsecureRequests: null,
      },
    },
    strictTransportSecurity: false,
  });
  await app.register(rateLimit, { global: false });
  await app.register(multipart, { limits: { fileSize: MAX_UPLOAD_BYTES, files: 1, fields: 20, parts: 21 } });
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "接诉 jiesu",
        version: options.version,
        description: "区级市民热线（12345 接诉即办）工作台接口",
      },
    },
    transform: jsonSchemaTransform,
  });
  await app.register(swaggerUi, { routePrefix: "/api/docs" });

  app.addHook("onRequest", async (request) => {
    const token = request.cookies[COOKIE];
    const used = !request.routeOptions.config?.background && request.headers[BACKGROUND] === undefined;
    request.session = token ? await findSession(shell.db, shell.now(), token, used) : null;
    const who = request.routeOptions.config?.who;
    if (who === undefined || who === "public") return;
    if (!request.session) throw new Refused({ code: "not-signed-in" });
    if (!allows(who, request.session.actor.roles)) throw new Refused({ code: "not-allowed" });
    if (
      request.method !== "GET" &&
      request.method !== "HEAD" &&
      request.headers["x-csrf-token"] !== request.session.csrf
    ) {
      throw new Refused({ code: "csrf" });
    }
  });

  app.setErrorHandler((error, request, reply) => {
    const problem = problemOf(refusalOf(error, request));
    if (problem.status >= 500) {
      // The message of a database error can quote values: only its code and place are logged.
      const fault = error as { code?: string; stack?: string; name?: string; routine?: string };
      const frames = (fault.stack ?? "")
        .split("\n")
        .filter((line) => line.trimStart().startsWith("at "))
        .slice(0, 6);
      request.log.error(
        { fault: fault.name, faultCode: fault.code, routine: fault.routine, frames, reqId: request.id },
        "request failed",
      );
    }
    return reply.status(problem.status).send(problem.body);
  });
  app.setNotFoundHandler((_request, reply) => {
    const problem = problemOf({ code: "not-found" });
    return reply.status(problem.status).send(problem.body);
  });
  return { app, declared: declared as readonly DeclaredRoute[] };
}

/** The signed-in person of a request; throws where a public route asks for one. */
export function actorOf(request: FastifyRequest): Actor & { readonly userId: string } {
  if (!request.session) throw new Refused({ code: "not-signed-in" });
  return request.session.actor;
}

function refusalOf(error: unknown, request: FastifyRequest): Refusal {
  if (error instanceof Refused) return error.refusal;
  if (hasZodFastifySchemaValidationErrors(error)) {
    const first = error.validation[0];
    const field = (first?.instancePath ?? "").replace(/^\//, "").replaceAll("/", ".");
    return {
      code: "bad-input",
      message: `${field ? `“${field}”` : ""}${first?.message ?? "格式不正确"}`,
      field,
    };
  }
  const { statusCode, code } = error as { statusCode?: number; code?: string };
  if (statusCode === 413) return { code: "too-large", limit: request.isMultipart() ? "200 MB" : "2 MB" };
  if (statusCode === 415) return { code: "unsupported-type" };
  if (statusCode === 429) return { code: "too-many" };
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return { code: "bad-input", message: "请求格式不正确" };
  if (code !== undefined && CANNOT_HOLD.has(code))
    return { code: "bad-input", message: "含有无法保存的字符或数值" };
  if (isDatabaseAway(error, code)) return { code: "database-away" };
  return { code: "internal", id: request.id };
}

/** What PostgreSQL cannot hold: a NUL, a number or a date out of range, an id that is no number. */
const CANNOT_HOLD: ReadonlySet<string> = new Set(["22021", "22003", "22007", "22008", "22P02", "22P05"]);

/** Shut down, starting up, cut off, no connection to be had: the database is started again meanwhile. */
const AWAY: ReadonlySet<string> = new Set([
  "57P01",
  "57P02",
  "57P03",
  "08000",
  "08003",
  "08006",
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
]);

function isDatabaseAway(error: unknown, code: string | undefined): boolean {
  if (code !== undefined && AWAY.has(code)) return true;
  // The driver's own words for a connection that ended under a query; they carry no code.
  return (
    error instanceof Error &&
    /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/.test(
      error.message,
    )
  );
}
