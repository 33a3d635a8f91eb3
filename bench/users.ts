/** 虚拟用户. People of the demonstration who sign in and call the routes over HTTP, as a browser does. */
import http from "node:http";
import type { NewAccount } from "../seeds/people.ts";

export type Call = (method: "GET" | "POST", url: string, body?: unknown) => Promise<unknown>;

/** A signed-in person; throws on every answer that is not 200. */
export interface User {
  readonly login: string;
  readonly unit: string | null;
  readonly cookie: string;
  readonly csrf: string;
  readonly call: Call;
}

/** Signs in these accounts over HTTP; at most thirty, since sign-in has its own brake. */
export async function signInAll(
  port: number,
  accounts: readonly NewAccount[],
  logins: readonly string[],
): Promise<ReadonlyMap<string, User>> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
  const users = new Map<string, User>();
  for (const login of logins) {
    const account = accounts.find((a) => a.login === login);
    if (!account) throw new Error(`no account ${login}`);
    const { status, body, headers } = await send(
      agent,
      port,
      "POST",
      "/api/session",
      {},
      { login, password: account.password },
    );
    if (status !== 200) throw new Error(`${login} cannot sign in: ${body}`);
    const cookie = (headers["set-cookie"] ?? []).map((c) => c.split(";")[0]).join("; ");
    const csrf = stringIn(JSON.parse(body), "csrf");
    users.set(login, {
      login,
      unit: account.unit,
      cookie,
      csrf,
      async call(method, url, payload) {
        const answer = await send(agent, port, method, url, { cookie, "x-csrf-token": csrf }, payload);
        if (answer.status !== 200) throw new Error(`${method} ${url}: ${answer.status} ${answer.body}`);
        return JSON.parse(answer.body);
      },
    });
  }
  return users;
}

/** The text under a path of keys in an answer. */
export function stringIn(answer: unknown, ...keys: readonly string[]): string {
  const found = valueIn(answer, ...keys);
  if (typeof found !== "string") throw new Error(`no text ${keys.join(".")} in the answer`);
  return found;
}

export function valueIn(answer: unknown, ...keys: readonly string[]): unknown {
  let at: unknown = answer;
  for (const key of keys) at = typeof at === "object" && at !== null ? Reflect.get(at, key) : undefined;
  return at;
}

interface Reply {
  readonly status: number;
  readonly body: string;
  readonly headers: http.IncomingHttpHeaders;
}

function send(
  agent: http.Agent,
  port: number,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  payload?: unknown,
): Promise<Reply> {
  const text = payload === undefined ? null : JSON.stringify(payload);
  const more =
    text === null
      ? {}
      : { "content-type": "application/json", "content-length": String(Buffer.byteLength(text)) };
  return new Promise((resolve, reject) => {
    const request = http.request(
      { agent, host: "127.0.0.1", port, method, path, headers: { ...headers, ...more } },
      (response) => {
        const parts: Buffer[] = [];
        response.on("data", (part: Buffer) => parts.push(part));
        response.on("error", reject);
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            body: Buffer.concat(parts).toString("utf8"),
            headers: response.headers,
          }),
        );
      },
    );
    request.on("error", reject);
    request.end(text ?? undefined);
  });
}
