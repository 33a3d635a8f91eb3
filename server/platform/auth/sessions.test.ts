import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { createUser } from "../../people/users.ts";
import { done, refused } from "../../testing/tickets.ts";
import { type Answer, type Client, openTown, type Town } from "../../testing/town.ts";
import { sweepStep } from "../../worker.ts";
import { randomPassword } from "./password.ts";

const MINUTE = 60_000;

let town: Town;
let sysadmin: Caller;
let people = 0;

before(async () => {
  town = await openTown();
});
after(() => town?.close());
beforeEach(async () => {
  town.pass(14 * 60 * MINUTE); // everybody's session is over: each test signs in whom it needs
  sysadmin = await fresh(["sysadmin"]);
});

type Caller = Pick<Client, "cookie" | "get" | "post" | "patch" | "delete">;
interface Signed extends Caller {
  readonly id: string;
  readonly login: string;
  readonly password: string;
}

/** A new account of these roles, signed in. */
async function fresh(roles: readonly ("triager" | "sysadmin" | "secadmin" | "caller")[]): Promise<Signed> {
  people += 1;
  const login = `p${people}`;
  const password = randomPassword();
  const user = { login, name: `人员${people}`, roles, unitId: null, password };
  const userId = await createUser(town.shell.db, town.shell.now(), user, { userId: null, name: "test" });
  const answer = await tryIn(login, password);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return { ...clientOf(answer), id: userId, login, password };
}

/** Sign-ins come from an address of their own each, so that the limit by address stays out of the way. */
let hosts = 0;
async function tryIn(login: string, password: string, from?: string): Promise<Answer & { cookies: string }> {
  hosts += 1;
  const reply = await town.house.app.inject({
    method: "POST",
    url: "/api/session",
    payload: { login, password },
    remoteAddress: from ?? `10.1.${Math.trunc(hosts / 250)}.${hosts % 250}`,
  });
  return {
    status: reply.statusCode,
    body: reply.json(),
    headers: reply.headers,
    raw: reply.rawPayload,
    cookies: reply.cookies.map((c) => `${c.name}=${c.value}`).join("; "),
  };
}

function clientOf(answer: Answer & { cookies: string }): Caller {
  const headers = { cookie: answer.cookies, "x-csrf-token": answer.body.csrf };
  const call = async (
    method: "GET" | "POST" | "PATCH" | "DELETE",
    url: string,
    payload?: unknown,
  ): Promise<Answer> => {
    const reply = await town.house.app.inject({
      method,
      url,
      headers,
      ...(payload === undefined ? {} : { payload: payload as object }),
    });
    return { status: reply.statusCode, body: reply.json(), headers: reply.headers, raw: reply.rawPayload };
  };
  return {
    cookie: answer.cookies,
    get: (url) => call("GET", url),
    post: (url, body = {}) => call("POST", url, body),
    patch: (url, body = {}) => call("PATCH", url, body),
    delete: (url) => call("DELETE", url),
  };
}

const signedIn = async (who: Caller): Promise<boolean> => (await who.get("/api/session")).status === 200;

test("the cookie is for this house alone: not readable by scripts, not sent from elsewhere, secure behind https", async () => {
  const { login, password } = await fresh(["triager"]);
  const plain = String((await tryIn(login, password)).headers["set-cookie"]);
  assert.match(plain, /HttpOnly/);
  assert.match(plain, /SameSite=Strict/);
  assert.doesNotMatch(plain, /Secure/);
  const send = (remoteAddress: string) =>
    town.house.app.inject({
      method: "POST",
      url: "/api/session",
      payload: { login, password },
      headers: { "x-forwarded-proto": "https", "x-forwarded-for": "203.0.113.9" },
      remoteAddress,
    });
  assert.match(String((await send("127.0.0.1")).headers["set-cookie"]), /Secure/); // the proxy on this machine is believed
  assert.doesNotMatch(String((await send("203.0.113.7")).headers["set-cookie"]), /Secure/); // nobody else is
});

test("neither the token nor the password is kept: only their digests", async () => {
  const who = await fresh(["triager"]);
  const token = who.cookie.split("=")[1] ?? "";
  const { rows } = await town.shell.db
    .selectFrom("session as s")
    .innerJoin("app_user as u", "u.id", "s.user_id")
    .selectAll()
    .execute()
    .then((rows) => ({ rows: JSON.stringify(rows) }));
  assert.ok(!rows.includes(token) && !rows.includes(who.password));
  assert.match(rows, /\$argon2id\$/);
});

test("after an hour without a touch a session is over; one that is used stays, but no longer than thirteen hours", async () => {
  const [idle, busy] = [await fresh(["triager"]), await fresh(["triager"])];
  town.pass(59 * MINUTE);
  assert.ok(await signedIn(busy));
  town.pass(2 * MINUTE);
  assert.equal(refused(await idle.get("/api/session"), 401), "not-signed-in");
  assert.ok(await signedIn(busy));
  for (let n = 0; n < 14; n++) {
    town.pass(55 * MINUTE);
    await busy.get("/api/queues");
  }
  assert.equal(refused(await busy.get("/api/session"), 401), "not-signed-in");
});

test("what a screen asks by itself keeps nobody signed in; a hand on it does, and each answer says until when", async () => {
  const { cookie } = await fresh(["triager"]);
  const ask = (url: string, headers: Record<string, string> = {}) =>
    town.house.app.inject({ method: "GET", url, headers: { cookie, ...headers } });
  const began = town.shell.now();
  town.pass(50 * MINUTE);
  const background = await ask("/api/session", { "x-background": "1" });
  assert.equal(Date.parse(background.json().idleAt), began + 60 * MINUTE);
  assert.equal((await ask("/api/queues", { "x-background": "1" })).statusCode, 200);
  const byHand = await ask("/api/session");
  assert.equal(Date.parse(byHand.json().idleAt), began + 110 * MINUTE);
  town.pass(59 * MINUTE);
  assert.equal((await ask("/api/queues", { "x-background": "1" })).statusCode, 200);
  town.pass(2 * MINUTE);
  assert.equal((await ask("/api/queues")).statusCode, 401);
});

test("sessions that ended by themselves are swept away; those in use stay", async () => {
  await fresh(["triager"]);
  town.pass(61 * MINUTE);
  const used = await fresh(["caller"]);
  await sweepStep()(town.shell);
  const left = await town.shell.db.selectFrom("session").select("user_id").execute();
  assert.deepEqual(
    left.map((row) => row.user_id),
    [used.id],
  );
  assert.equal((await used.get("/api/session")).status, 200);
});

test("who signs out is out, and the old cookie is worth nothing", async () => {
  const who = await fresh(["triager"]);
  done(await who.delete("/api/session"));
  assert.equal(refused(await who.get("/api/queues"), 401), "not-signed-in");
});

test("a new password, other roles, another unit or switching off ends every session of that person, and nobody else's", async () => {
  const bystander = await fresh(["triager"]);
  const changes: readonly ((id: string) => Promise<Answer>)[] = [
    (id) => sysadmin.post(`/api/users/${id}/password`),
    (id) => sysadmin.patch(`/api/users/${id}`, { roles: ["caller"] }),
    (id) => sysadmin.patch(`/api/users/${id}`, { active: false }),
  ];
  for (const change of changes) {
    const who = await fresh(["triager"]);
    const elsewhere = clientOf(await tryIn(who.login, who.password));
    done(await change(who.id));
    assert.deepEqual([await signedIn(who), await signedIn(elsewhere)], [false, false]);
  }
  assert.ok(await signedIn(bystander));
});

test("one's own new password must be strong, needs the old one, and ends one's sessions", async () => {
  const who = await fresh(["triager"]);
  const change = (old: string, next: string) => who.post("/api/me/password", { old, new: next });
  assert.equal(refused(await change("wrong-password-1", "new-password-1"), 401), "bad-credentials");
  assert.equal(refused(await change(who.password, "short1"), 422), "weak-password");
  assert.equal(refused(await change(who.password, "onlyletters"), 422), "weak-password");
  done(await change(who.password, "neues-passwort-9"));
  assert.equal(await signedIn(who), false);
  assert.equal((await tryIn(who.login, who.password)).status, 401);
  assert.equal((await tryIn(who.login, "neues-passwort-9")).status, 200);
});

test("who is switched off cannot sign in, and is not told why", async () => {
  const who = await fresh(["triager"]);
  done(await sysadmin.patch(`/api/users/${who.id}`, { active: false }));
  const [off, nobody] = [await tryIn(who.login, who.password), await tryIn("nobody", who.password)];
  assert.deepEqual(off.body, nobody.body);
});

test("five wrong guesses lock an account for a quarter of an hour, the right password too; then it opens", async () => {
  const { login, password } = await fresh(["triager"]);
  for (let n = 0; n < 5; n++)
    assert.equal(refused(await tryIn(login, "guess-guess-1"), 401), "bad-credentials");
  const locked = await tryIn(login, password);
  assert.equal(refused(locked, 429), "locked-out");
  assert.match(locked.body.message, /请于 \d{2}:\d{2} 后再试/);
  town.pass(14 * MINUTE);
  assert.equal((await tryIn(login, password)).status, 429);
  town.pass(2 * MINUTE);
  assert.equal((await tryIn(login, password)).status, 200);
});

test("twenty guesses at the same moment are counted as twenty: at most five are looked at", async () => {
  const { login, password } = await fresh(["triager"]);
  const guesses = await Promise.all(Array.from({ length: 20 }, () => tryIn(login, "guess-guess-1")));
  const codes = guesses.map((g) => g.body.code);
  assert.ok(codes.filter((c) => c === "bad-credentials").length <= 5, codes.join());
  assert.equal(refused(await tryIn(login, password), 429), "locked-out");
});

test("four wrong guesses and the right one: the count begins anew", async () => {
  const { login, password } = await fresh(["triager"]);
  for (let round = 0; round < 2; round++) {
    for (let n = 0; n < 4; n++) assert.equal((await tryIn(login, "guess-guess-1")).status, 401);
    assert.equal((await tryIn(login, password)).status, 200);
  }
});

test("a lock is lifted by a new password from the security administrator", async () => {
  const who = await fresh(["triager"]);
  for (let n = 0; n < 5; n++) await tryIn(who.login, "guess-guess-1");
  const secadmin = await fresh(["secadmin"]);
  const { password } = done(await secadmin.post(`/api/users/${who.id}/password`));
  assert.equal((await tryIn(who.login, password)).status, 200);
});

test("thirty sign-ins a minute from one address, whoever is guessed at; other addresses do not suffer", async () => {
  const { login, password } = await fresh(["triager"]);
  const answers: number[] = [];
  for (let n = 0; n < 33; n++)
    answers.push((await tryIn(`nobody${n}`, "guess-guess-1", "203.0.113.50")).status);
  assert.deepEqual(
    [answers.filter((s) => s === 401).length, answers.filter((s) => s === 429).length],
    [30, 3],
  );
  assert.equal((await tryIn(login, password, "203.0.113.51")).status, 200);
});

test("every sign-in and every refused one is audited, without what was typed", async () => {
  const { login, password } = await fresh(["triager"]);
  await tryIn(login, "geheim-geraten-7");
  await tryIn("geheimer-login", password);
  const rows = await town.shell.db.selectFrom("audit").selectAll().orderBy("id", "desc").limit(3).execute();
  assert.deepEqual(
    rows.map((r) => r.what),
    ["sign-in-refused", "sign-in-refused", "sign-in"],
  );
  assert.ok(!/geheim/.test(JSON.stringify(rows)));
});

test("the audit cannot be changed, not even by us", async () => {
  await assert.rejects(town.shell.db.updateTable("audit").set({ what: "nothing" }).execute(), /append-only/);
  await assert.rejects(town.shell.db.deleteFrom("audit").execute(), /append-only/);
});
