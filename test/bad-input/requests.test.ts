/**
 * 坏请求. Malformed and forbidden requests (requests.txt), each with its expected answer; none gives a 500, none leaves a
 * trace, none is answered with somebody's data or our code.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { isRole } from "@jiesu/core/ticket/role.ts";
import { ledgerDigest } from "@jiesu/server/testing/digest.ts";
import { bring } from "@jiesu/server/testing/tickets.ts";
import { type Client, openTown, type Town } from "@jiesu/server/testing/town.ts";

interface Bad {
  readonly name: string;
  /** A role, with its unit behind a colon; "" when nobody is signed in. */
  readonly who: string;
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
  readonly status: number;
  readonly code: string;
}

const PHONE = "13800009999";
const NAME = "钱某某";

const BAD: readonly Bad[] = readFileSync(join(import.meta.dirname, "requests.txt"), "utf8")
  .split("\n")
  .slice(2)
  .filter((line) => line !== "" && !line.startsWith("# "))
  .map((line) => {
    const [name = "", who = "", request = "", headers = "", body = "", answer = "", ...more] =
      line.split(" | ");
    const [method = "", url = ""] = request.split(" ");
    const [status, code = ""] = answer.split(" ");
    if (more.length > 0 || !status || url === "") throw new Error(`requests.txt: ${line}`);
    return { name, who, method, url, headers: headersOf(headers), body, status: Number(status), code };
  });

let town: Town;
let address: string;
const people = new Map<string, Client>();
const named = new Map<string, string>();
let untouched: ReadonlyMap<string, string>;

before(async () => {
  town = await openTown();
  address = await town.house.app.listen({ host: "127.0.0.1", port: 0 });
  const ticket = { requesterName: NAME, requesterPhone: PHONE };
  named.set("T", await bring(town, "triage", "", { ticket }));
  named.set("D", await bring(town, "dispatched", "学院路", { ticket }));
  named.set("H", await bring(town, "handling", "学院路", { co: ["清河"], ticket }));
  named.set("U", await town.unit("学院路"));
  named.set("U2", await town.unit("清河"));
  const { id } = await town.shell.db
    .selectFrom("assignment")
    .select("id")
    .where("ticket_id", "=", named.get("H") ?? "")
    .where("part", "=", "co")
    .executeTakeFirstOrThrow();
  named.set("CO", id);
  for (const who of new Set(BAD.map((b) => b.who).filter((who) => who !== ""))) {
    const [role = "", unit] = who.split(":");
    assert.ok(isRole(role), who);
    people.set(who, await town.as(role, unit));
  }
  named.set("CSRF", people.get("caller")?.csrf ?? "");
  untouched = await ledgerDigest(town.databaseUrl);
});
after(() => town?.close());

function headersOf(cell: string): readonly (readonly [string, string])[] {
  return cell
    .split("; ")
    .filter((each) => each !== "")
    .map((each) => {
      const colon = each.indexOf(":");
      return [each.slice(0, colon), each.slice(colon + 1).trim()] as const;
    });
}

function fill(text: string): string {
  return text
    .replace(/\{(.)\*(\d+)\}/gu, (_, sign: string, times: string) => sign.repeat(Number(times)))
    .replace(/\{(\w+)\}/g, (whole, key: string) => named.get(key) ?? whole);
}

function payloadOf(body: string): { payload?: string | Buffer } {
  if (body === "") return {};
  const bytes = /^\{bytes ([0-9a-f]+)\}$/.exec(body)?.[1];
  if (bytes !== undefined) return { payload: Buffer.from(bytes, "hex") };
  return { payload: body === "(empty)" ? "" : fill(body) };
}

async function send(bad: Bad): Promise<{ status: number; text: string }> {
  const who = people.get(bad.who);
  const answer = await town.house.app.inject({
    method: bad.method as "GET",
    url: fill(bad.url),
    headers: {
      ...(who ? { cookie: who.cookie, "x-csrf-token": who.csrf } : {}),
      ...(bad.body === "" ? {} : { "content-type": "application/json" }),
      ...Object.fromEntries(bad.headers.map(([name, value]) => [name, fill(value)])),
    },
    // Each from an address of its own: the limit of sign-ins by address has a test of its own.
    remoteAddress: `10.0.${BAD.indexOf(bad)}.1`,
    ...payloadOf(bad.body),
  });
  return { status: answer.statusCode, text: answer.body };
}

/** What an answer to a bad request must never hold: data of people, our code, our SQL, the machine's folders. */
const LEAKS = [
  PHONE,
  PHONE.slice(-8),
  NAME,
  "node:",
  "node_modules",
  ".ts:",
  "    at ",
  "select ",
  "insert into",
].concat(["/work", "/home", "FST_ERR", "ZodError", "password_hash"]);

test("the list holds a hundred requests and more, each with a name of its own", () => {
  assert.equal(new Set(BAD.map((b) => b.name)).size, BAD.length);
  assert.ok(BAD.length >= 100, String(BAD.length));
  assert.ok(BAD.every((b) => b.status >= 400 && b.status < 500));
});

for (const bad of BAD) {
  test(`${bad.name}: ${bad.status}`, async () => {
    const { status, text } = await send(bad);
    assert.equal(status, bad.status, text.slice(0, 300));
    const { code, message } = JSON.parse(text);
    assert.equal(code, bad.code, text.slice(0, 300));
    assert.match(message, /\p{Script=Han}/u);
    for (const leak of LEAKS) assert.ok(!text.includes(leak), `${leak} in ${text.slice(0, 300)}`);
    assert.deepEqual(await ledgerDigest(town.databaseUrl), untouched);
  });
}

/** Bytes that no well-behaved client sends, over a real socket; answers the status line. */
function raw(bytes: string | Buffer): Promise<{ line: string; text: string }> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(address).port), "127.0.0.1", () => socket.write(bytes));
    let text = "";
    socket.setTimeout(5000, () => socket.destroy(new Error("no answer")));
    socket.on("data", (chunk) => {
      text += chunk;
      socket.end();
    });
    socket.once("error", reject);
    socket.once("close", () => resolve({ line: text.split("\r\n")[0] ?? "", text }));
  });
}

const cookie = () =>
  `cookie: ${people.get("triager")?.cookie}\r\nx-csrf-token: ${people.get("triager")?.csrf}\r\n`;
const RAW: readonly { name: string; bytes: () => string | Buffer; line: RegExp }[] = [
  {
    name: "a head of seventeen kilobytes",
    bytes: () => `GET /api/tickets HTTP/1.1\r\nhost: x\r\nx-long: ${"a".repeat(17_000)}\r\n\r\n`,
    line: /^HTTP\/1\.1 431 /,
  },
  {
    name: "no HTTP at all",
    bytes: () => "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 hello\r\n\r\n",
    line: /^HTTP\/1\.1 400 /,
  },
  {
    name: "a method that HTTP does not know",
    bytes: () => "STEAL /api/tickets HTTP/1.1\r\nhost: x\r\n\r\n",
    line: /^HTTP\/1\.1 400 /,
  },
  {
    name: "two lengths that differ",
    bytes: () => `POST /api/session HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\ncontent-length: 20\r\n\r\n{}`,
    line: /^HTTP\/1\.1 400 /,
  },
  {
    name: "a length and chunks together",
    bytes: () =>
      `POST /api/session HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /api/tickets HTTP/1.1\r\n\r\n`,
    line: /^HTTP\/1\.1 400 /,
  },
  {
    name: "a negative length",
    bytes: () => `POST /api/session HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n`,
    line: /^HTTP\/1\.1 400 /,
  },
  {
    name: "a path out of the folder, as it is",
    bytes: () => "GET /../../server/main.ts HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
    line: /^HTTP\/1\.1 404 /,
  },
  {
    name: "a path out of the assets' folder, as it is",
    bytes: () =>
      "GET /assets/../../../server/migrations/0001_ledger.sql HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
    line: /^HTTP\/1\.1 404 /,
  },
  {
    name: "a whole address of another house for a path",
    bytes: () => `GET http://evil.example/api/tickets/1 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`,
    line: /^HTTP\/1\.1 40[14] /,
  },
  {
    name: "a line break in a header",
    bytes: () => `GET /api/queues HTTP/1.1\r\nhost: x\r\nx-a: b\rset-cookie: c\r\n\r\n`,
    line: /^HTTP\/1\.1 400 /,
  },
  {
    name: "bytes that are no UTF-8 in the path",
    bytes: () =>
      Buffer.from(
        `GET /api/tickets/\xff\xfe HTTP/1.1\r\nhost: x\r\n${cookie()}connection: close\r\n\r\n`,
        "latin1",
      ),
    line: /^HTTP\/1\.1 4\d\d /,
  },
];

for (const { name, bytes, line } of RAW) {
  test(`over the wire: ${name}`, async () => {
    const answer = await raw(bytes());
    assert.match(answer.line, line, answer.text.slice(0, 300));
    for (const leak of LEAKS)
      assert.ok(!answer.text.includes(leak), `${leak} in ${answer.text.slice(0, 500)}`);
    assert.deepEqual(await ledgerDigest(town.databaseUrl), untouched);
  });
}

test("after all of them the house stands: the triager signs in anew and works", async () => {
  const triager = people.get("triager");
  assert.equal((await triager?.get("/api/queues"))?.status, 200);
  assert.equal((await town.house.app.inject({ url: "/api/ready" })).statusCode, 200);
});
