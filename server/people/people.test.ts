import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { done, refused } from "../testing/tickets.ts";
import { type Client, openTown, type Town } from "../testing/town.ts";

let town: Town;
let sysadmin: Client;
let auditadmin: Client;

before(async () => {
  town = await openTown();
  sysadmin = await town.as("sysadmin");
  auditadmin = await town.as("auditadmin");
});
after(() => town?.close());

const audited = async (what: string) => done(await auditadmin.get(`/api/audit?what=${what}`));

test("a new account gets a random password, shown once and kept by nobody", async () => {
  const made = done(
    await sysadmin.post("/api/users", {
      login: "zhang.san",
      name: "张三",
      roles: ["triager", "caller"],
      unitId: null,
    }),
  );
  assert.match(made.password, /^([a-z]{2}\d){4}$/);
  assert.deepEqual(
    made.user.roles.map((r: { zh: string }) => r.zh),
    ["分拣员", "回访员"],
  );
  const listed = JSON.stringify(done(await sysadmin.get("/api/users")));
  assert.ok(listed.includes("zhang.san") && !listed.includes(made.password) && !listed.includes("argon2"));
  const again = done(await sysadmin.post(`/api/users/${made.user.id}/password`));
  assert.notEqual(again.password, made.password);
});

test("the three administrators exclude one another and every other post; a unit's people hold no post of the centre", async () => {
  const unitId = await town.unit("学院路");
  const tries: readonly [readonly string[], string | null, string][] = [
    [["sysadmin", "secadmin"], null, "roles-conflict"],
    [["auditadmin", "triager"], null, "roles-conflict"],
    [["handler", "triager"], unitId, "roles-conflict"],
    [["handler"], null, "unit-needed"],
    [["triager"], unitId, "bad-input"],
  ];
  for (const [roles, unit, code] of tries) {
    const answer = await sysadmin.post("/api/users", {
      login: "nobody.new",
      name: "某",
      roles,
      unitId: unit,
    });
    assert.equal(refused(answer, 422), code, roles.join());
  }
  const { id } = done(await sysadmin.get("/api/users")).find(
    (u: { login: string }) => u.login === "auditadmin",
  );
  assert.equal(
    refused(await sysadmin.patch(`/api/users/${id}`, { roles: ["auditadmin", "sysadmin"] }), 422),
    "roles-conflict",
  );
});

test("a renamed unit is still found by its old name, and may take it up again; another unit may not", async () => {
  const [unit, other] = [await town.unit("上庄镇"), await town.unit("温泉镇")];
  const rename = (id: string, name: string) => sysadmin.patch(`/api/units/${id}`, { name });
  const before = done(await sysadmin.get("/api/units")).find((u: { id: string }) => u.id === unit).name;
  const renamed = done(await rename(unit, "上庄地区"));
  assert.ok(renamed.aliases.includes(before));
  assert.equal(refused(await rename(other, before), 409), "duplicate");
  const back = done(await rename(unit, before));
  assert.ok(back.aliases.includes("上庄地区") && !back.aliases.includes(before));
});

test("one word names one unit: an alias that another unit has, as name or alias, is refused", async () => {
  const [unit, other] = [await town.unit("清河"), await town.unit("西三旗")];
  done(await sysadmin.post(`/api/units/${unit}/aliases`, { alias: "清河办事处" }));
  assert.equal(
    refused(await sysadmin.post(`/api/units/${other}/aliases`, { alias: "清河办事处" }), 409),
    "duplicate",
  );
  assert.equal(
    refused(await sysadmin.post(`/api/units/${other}/aliases`, { alias: "清河街道" }), 409),
    "duplicate",
  );
  assert.equal(
    refused(await sysadmin.delete(`/api/units/${other}/aliases/${encodeURIComponent("清河办事处")}`), 404),
    "not-found",
  );
  done(await sysadmin.delete(`/api/units/${unit}/aliases/${encodeURIComponent("清河办事处")}`));
});

test("every change of accounts and units is in the audit, by whom, and only the audit administrator reads it", async () => {
  for (const what of ["user-added", "password-reset", "unit-renamed", "alias-added", "alias-removed"]) {
    const rows = await audited(what);
    assert.ok(rows.length > 0, what);
    assert.ok(rows.every((r: { userName: string }) => r.userName !== ""));
  }
  for (const role of ["sysadmin", "secadmin", "shiftLead", "leader"] as const)
    assert.equal(refused(await (await town.as(role)).get("/api/audit"), 403), "not-allowed");
});
