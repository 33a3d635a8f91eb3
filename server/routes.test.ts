import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ALL_ROLES, type Role, sideOf } from "@jiesu/core/ticket/role.ts";
import type { DeclaredRoute } from "./platform/http/app.ts";
import { allows, CENTRE, UNITS, type Who } from "./platform/http/who.ts";
import { type Client, openTown, type Town } from "./testing/town.ts";

/** The reviewed list; `JIESU_TEST_WRITE=1` writes it anew, and the difference is to be read like code. */
const GOLDEN = join(import.meta.dirname, "routes.golden.txt");

/** Every role that a person can hold. */
const PERSONS = ALL_ROLES.filter((role) => sideOf(role) !== "machine");

let town: Town;
let address: string;
const people = new Map<Role, Client>();

before(async () => {
  town = await openTown();
  address = await town.house.app.listen({ host: "127.0.0.1", port: 0 });
  for (const role of PERSONS)
    people.set(role, await town.as(role, sideOf(role) === "unit" ? "学院路" : undefined));
});
after(() => town?.close());

/** "centre units sysadmin": a side that is complete is named by its name. */
function whoText(who: Who): string {
  if (who === "public") return "everybody";
  if (who === "signedIn") return "signed in";
  const sides = [
    { name: "centre", roles: CENTRE },
    { name: "units", roles: UNITS },
  ].filter((side) => side.roles.every((role) => who.includes(role)));
  const covered = sides.flatMap((side) => side.roles);
  return [
    ...sides.map((s) => s.name),
    ...ALL_ROLES.filter((r) => who.includes(r) && !covered.includes(r)),
  ].join(" ");
}

/** The address of a route with parameters that are well formed and name nothing. */
function addressOf(route: DeclaredRoute): string {
  const values: Record<string, string> = { move: "note", coMove: "coAccept", number: "x", alias: "x" };
  return route.url.replace(/:(\w+)/g, (_, name: string) => values[name] ?? "999999999");
}

/** Status and code of a call. */
async function call(
  route: DeclaredRoute,
  who: Client | null,
): Promise<{ status: number; code: string | null }> {
  const url = addressOf(route);
  const headers: Record<string, string> = who ? { cookie: who.cookie, "x-csrf-token": who.csrf } : {};
  if (route.url === "/api/events") return callStream(url, headers);
  const sent = route.method !== "GET" && route.method !== "DELETE";
  const answer = await town.house.app.inject({
    method: route.method as "GET",
    url,
    headers,
    ...(sent ? { payload: {} } : {}),
  });
  const json = String(answer.headers["content-type"]).includes("json") && answer.statusCode >= 400;
  return { status: answer.statusCode, code: json ? answer.json().code : null };
}

/** The stream never ends by itself: it is closed as soon as it has answered. */
async function callStream(
  url: string,
  headers: Record<string, string>,
): Promise<{ status: number; code: string | null }> {
  const aborting = new AbortController();
  const answer = await fetch(`${address}${url}`, { headers, signal: aborting.signal });
  const code = answer.ok ? null : JSON.parse(await answer.text()).code;
  aborting.abort();
  return { status: answer.status, code };
}

test("every route says who may call it, and a new or a widened one is reviewed", () => {
  const lines = town.house.declared.map((r) => `${r.method} ${r.url}: ${whoText(r.who)}`).sort();
  assert.equal(new Set(lines).size, lines.length);
  const text = `${lines.join("\n")}\n`;
  if (process.env.JIESU_TEST_WRITE === "1") writeFileSync(GOLDEN, text);
  assert.equal(
    text,
    readFileSync(GOLDEN, "utf8"),
    "routes.golden.txt: JIESU_TEST_WRITE=1 npm test -- routes",
  );
});

test("outside /api and its documentation nothing is served but the workbench and the figures for this machine", () => {
  const tree = town.house.app.printRoutes({ commonPrefix: false });
  const first = [...tree.matchAll(/^(?:├──|└──) (\S+)/gm)].map((m) => m[1]);
  assert.ok(first.length > 20);
  for (const url of first)
    assert.match(
      String(url),
      /^(\/api\/|\/metrics$|\*$|\/\*?$|\/assets\/|\/[\w-]+\.(html|svg|ico|png|txt|webmanifest|json)(\.(br|gz))?$)/,
    );
});

test("without a session only what is for everybody answers", async () => {
  for (const route of town.house.declared) {
    const { status, code } = await call(route, null);
    assert.equal(code === "not-signed-in", route.who !== "public", `${route.method} ${route.url}: ${status}`);
    assert.equal(status === 401 && route.who !== "public", route.who !== "public");
  }
});

test("each role reaches exactly the routes that it is named in, and no route breaks at names of nothing", async () => {
  let allowed = 0;
  let refused = 0;
  // Signing out comes last: it ends the session that the others need.
  const routes = town.house.declared.toSorted((a, b) => ending(a) - ending(b));
  for (const role of PERSONS) {
    const person = people.get(role);
    assert.ok(person);
    for (const route of routes) {
      const { status, code } = await call(route, person);
      const may = allows(route.who, [role]);
      assert.equal(
        status !== 403 && status !== 401,
        may,
        `${role} ${route.method} ${route.url}: ${status} ${code}`,
      );
      if (!may) assert.equal(code, "not-allowed");
      assert.notEqual(status, 500, `${role} ${route.method} ${route.url}`);
      if (may) allowed += 1;
      else refused += 1;
    }
  }
  assert.equal(allowed + refused, PERSONS.length * town.house.declared.length);
  assert.ok(refused > 100, `${allowed} allowed, ${refused} refused`);
});

const ending = (route: DeclaredRoute): number =>
  route.method === "DELETE" && route.url === "/api/session" ? 1 : 0;
