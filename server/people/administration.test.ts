import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { LIFECYCLE } from "@jiesu/core/ticket/lifecycle.ts";
import ExcelJS from "exceljs";
import { deviceOf } from "../platform/auth/device.ts";
import { done, refused } from "../testing/tickets.ts";
import { type Client, openTown, type Town } from "../testing/town.ts";

let town: Town;
let sysadmin: Client;
let secadmin: Client;
let auditadmin: Client;

before(async () => {
  town = await openTown();
  sysadmin = await town.as("sysadmin");
  secadmin = await town.as("secadmin");
  auditadmin = await town.as("auditadmin");
});
after(() => town?.close());

interface User {
  readonly id: string;
  readonly login: string;
  readonly version: number;
  readonly sessions: number;
  readonly lastSignInAt: string | null;
}
const user = async (login: string): Promise<User> => {
  const found = done(await secadmin.get("/api/users")).find((u: User) => u.login === login);
  assert.ok(found, login);
  return found;
};
const audited = async (query: string) => done(await auditadmin.get(`/api/audit?${query}`));

test("who is signed in where is seen by both administrators, and a session ended is at once no session", async () => {
  const triager = await town.as("triager");
  const all = done(await secadmin.get("/api/sessions"));
  const one = all.find((s: { user: { login: string } }) => s.user.login === "triager");
  assert.deepEqual(one.user.rolesZh, ["分拣员"]);
  assert.equal(one.since, "2026-11-20T01:00:00.000Z");
  assert.equal(all.filter((s: { mine: boolean }) => s.mine).length, 1);
  assert.equal((await user("triager")).sessions, 1);
  done(await sysadmin.delete(`/api/sessions/${one.id}`));
  assert.equal(refused(await triager.get("/api/queues"), 401), "not-signed-in");
  assert.equal(refused(await sysadmin.delete(`/api/sessions/${one.id}`), 404), "not-found");
  const [row] = await audited("what=session-ended");
  assert.equal(row.detail.user, "triager");
});

test("all sessions of a person end with one press; a person ends own ones, never another's", async () => {
  await town.as("caller");
  const again = await town.afresh("caller");
  const mine = done(await again.get("/api/me/sessions"));
  assert.equal(mine.length, 2);
  const closer = await town.as("closer");
  const other = mine.find((s: { mine: boolean }) => !s.mine);
  assert.equal(refused(await closer.delete(`/api/me/sessions/${other.id}`), 404), "not-found");
  done(await again.delete(`/api/me/sessions/${other.id}`));
  assert.equal(done(await again.get("/api/me/sessions")).length, 1);
  const { id } = await user("caller");
  assert.deepEqual(done(await secadmin.post(`/api/users/${id}/sign-out`)), { ended: 1 });
  assert.equal(refused(await again.get("/api/queues"), 401), "not-signed-in");
});

test("a session that has idled out is not shown as somebody signed in", async () => {
  await town.as("analyst");
  town.pass(61 * 60_000);
  const admin = await town.afresh("secadmin");
  const logins = done(await admin.get("/api/sessions")).map((s: { user: { login: string } }) => s.user.login);
  assert.deepEqual(logins, ["secadmin"]);
  town.at("2026-11-20", "09:00");
});

test("the security administrator switches accounts off and on, but gives no roles; each change says before and after", async () => {
  await town.as("editor");
  const { id, version } = await user("editor");
  assert.equal(refused(await secadmin.patch(`/api/users/${id}`, { roles: ["leader"] }), 403), "not-allowed");
  done(await secadmin.patch(`/api/users/${id}`, { active: false, version }));
  assert.equal((await user("editor")).sessions, 0);
  done(await sysadmin.patch(`/api/users/${id}`, { active: true, roles: ["editor", "analyst"] }));
  const [row] = await audited("what=user-changed");
  assert.deepEqual(row.detail.changes, [
    { field: "roles", before: "知识库管理员", after: "知识库管理员、报告员" },
    { field: "active", before: "停用", after: "启用" },
  ]);
  assert.equal(
    refused(await secadmin.patch(`/api/users/${id}`, { active: false, version }), 409),
    "changed-meanwhile",
  );
});

test("who resets a password could use it: another administrator's is out of reach, and so is one's own", async () => {
  const [sys, sec, audit] = [await user("sysadmin"), await user("secadmin"), await user("auditadmin")];
  const reset = (by: Client, of: User) => by.post(`/api/users/${of.id}/password`);
  assert.equal(refused(await reset(secadmin, sys), 403), "admin-password");
  assert.equal(refused(await reset(secadmin, audit), 403), "admin-password");
  assert.equal(refused(await reset(sysadmin, sec), 403), "admin-password");
  assert.equal(refused(await reset(sysadmin, sys), 409), "own-password");
  done(await sysadmin.get("/api/users")); // nobody's session ended by what was refused
  done(await secadmin.get("/api/users"));
  const body = { login: "third", name: "三号", roles: ["sysadmin"], unitId: null };
  done(await sysadmin.post("/api/users", body));
  done(await reset(sysadmin, await user("third")));
  done(await secadmin.patch(`/api/users/${(await user("third")).id}`, { active: false }));
});

test("two system administrators who switch each other off at one moment leave one", async () => {
  const made = done(
    await sysadmin.post("/api/users", { login: "rival", name: "对手", roles: ["sysadmin"], unitId: null }),
  );
  const { id } = await user("sysadmin");
  const off = (of: string) => secadmin.patch(`/api/users/${of}`, { active: false });
  const answers = await Promise.all([off(id), off(made.user.id)]);
  assert.deepEqual(answers.map((a) => a.status).toSorted(), [200, 409]);
  if (answers[0]?.status === 200) {
    done(await secadmin.patch(`/api/users/${id}`, { active: true }));
    sysadmin = await town.afresh("sysadmin");
  }
  done(await secadmin.patch(`/api/users/${made.user.id}`, { active: false }));
});

test("nobody locks the district out: the last system administrator stays, and nobody changes the own post", async () => {
  const { id } = await user("sysadmin");
  assert.equal(refused(await sysadmin.patch(`/api/users/${id}`, { active: false }), 409), "not-oneself");
  assert.equal(refused(await secadmin.patch(`/api/users/${id}`, { active: false }), 409), "last-admin");
  done(
    await sysadmin.post("/api/users", { login: "second", name: "二号", roles: ["sysadmin"], unitId: null }),
  );
  done(await secadmin.patch(`/api/users/${(await user("second")).id}`, { active: false }));
  assert.equal(refused(await secadmin.patch(`/api/users/${id}`, { active: false }), 409), "last-admin");
});

test("the matrix of roles says what the routes and the lifecycle say, route by route", async () => {
  const matrix = done(await auditadmin.get("/api/roles"));
  const flow = matrix.areas.find((a: { zh: string }) => a.zh === "工单流转").rows;
  for (const step of LIFECYCLE) {
    const row = flow.find((r: { zh: string }) => r.zh === step.zh);
    assert.deepEqual([...row.roles].sort(), step.by.filter((r) => r !== "importer").toSorted(), step.zh);
  }
  const told = matrix.areas.flatMap((a: { rows: unknown[] }) => a.rows).length - flow.length;
  const routes = town.house.declared.filter((r) => r.who !== "public" && r.summary !== "");
  assert.equal(told, routes.length);
  const audits = matrix.areas.find((a: { zh: string }) => a.zh === "审计").rows;
  assert.ok(audits.every((r: { roles: string[] }) => r.roles.join() === "auditadmin"));
  assert.equal(refused(await (await town.as("assessor")).get("/api/roles"), 403), "not-allowed");
});

test("the audit is found by person, action, object and day, a page at a time", async () => {
  const { whats, users } = done(await auditadmin.get("/api/audit/facets"));
  assert.ok(whats.includes("session-ended"));
  const by = users.find((u: { login: string }) => u.login === "sysadmin").id;
  const mine = await audited(`user=${by}`);
  assert.ok(mine.length > 0 && mine.every((r: { userName: string }) => r.userName === "sysadmin"));
  assert.ok(
    (await audited("q=editor")).every((r: { detail: object }) => JSON.stringify(r.detail).includes("editor")),
  );
  assert.deepEqual(await audited("from=2026-11-21"), []);
  assert.ok((await audited("from=2026-11-20&to=2026-11-20")).length > 3);
  const first = await audited("limit=2");
  const next = await audited(`limit=2&before=${first[1].id}`);
  assert.ok(Number(next[0].id) < Number(first[1].id));
  assert.equal(refused(await auditadmin.get("/api/audit?from=2026-02-30"), 422), "bad-input");
});

test("taking the audit out as Excel is itself in the audit, with the filter", async () => {
  const answer = await auditadmin.post("/api/audit/export", { what: "user-changed" });
  assert.equal(answer.status, 200);
  const book = new ExcelJS.Workbook();
  await book.xlsx.load(Uint8Array.from(answer.raw).buffer);
  const sheet = book.worksheets[0];
  assert.ok(sheet && sheet.rowCount >= 3);
  assert.equal(sheet.getRow(2).getCell(4).value, "user-changed");
  const [row] = await audited("what=audit-exported");
  assert.deepEqual(row.detail, { rows: sheet.rowCount - 1, filter: ["what=user-changed"] });
});

test("a category is added with its paper, renamed, closed from a day; what is closed is no choice any more", async () => {
  const made = done(
    await sysadmin.post("/api/categories", {
      ...{
        level1: "低空经济",
        level2: "无人机",
        level3: "噪声扰民",
        code: "99-01-01",
        source: "海热线〔2026〕9号",
      },
    }),
  );
  assert.equal(made.validFrom, "2026-11-20");
  const { id: _id, ...same } = made;
  const closed = { ...same, level3: "飞行噪声", validTo: "2026-11-19", validFrom: "2026-11-01" };
  done(await sysadmin.put(`/api/categories/${made.id}`, closed));
  assert.equal(refused(await sysadmin.put(`/api/categories/${made.id}`, closed), 409), "changed-meanwhile");
  const has = async (query: string) =>
    done(await sysadmin.get(`/api/categories${query}`)).some((c: { id: string }) => c.id === made.id);
  assert.deepEqual([await has(""), await has("?all=1")], [false, true]);
  const [row] = await audited("what=category-changed");
  assert.deepEqual(row.detail.changes[0], { field: "level3", before: "噪声扰民", after: "飞行噪声" });
  const twice = { ...same, code: null, level1: "供热", level2: "居民供热", level3: "停止供热" };
  assert.equal(refused(await sysadmin.post("/api/categories", twice), 409), "duplicate");
  const gap = await sysadmin.post("/api/categories", { level1: "甲", level2: "", level3: "丙" });
  assert.match(gap.body.message, /先填写二级分类/);
});

test("a community is put under another street, with before and after", async () => {
  const [from, to] = [await town.unit("清河"), await town.unit("西三旗")];
  const [community] = done(await sysadmin.get(`/api/communities?unit=${from}`));
  const { code, name, kind } = community;
  done(await sysadmin.put(`/api/communities/${code}`, { name, kind, unitId: to }));
  assert.ok(
    done(await sysadmin.get(`/api/communities?unit=${to}`)).some((c: { code: string }) => c.code === code),
  );
  const [row] = await audited("what=community-changed");
  assert.deepEqual(row.detail.changes, [{ field: "unitId", before: from, after: to }]);
});

test("the centre's phrases come with how often and by how many they were used", async () => {
  const lead = await town.as("shiftLead");
  const { id } = done(
    await lead.post("/api/phrases", { text: "请尽快联系诉求人。", move: "dispatch", centre: true }),
  );
  done(await lead.post(`/api/phrases/${id}/used`));
  done(await lead.post(`/api/phrases/${id}/used`));
  done(await (await town.as("supervisor")).post(`/api/phrases/${id}/used`));
  const [phrase] = done(await sysadmin.get("/api/phrases/centre"));
  assert.deepEqual([phrase.used, phrase.people, phrase.moveZh], [3, 2, "派单"]);
});

test("a device is told in the words by which its owner knows it", () => {
  const agents: readonly [string, string][] = [
    [
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.0.0 Safari/537.36",
      "Chrome 147 · Windows",
    ],
    [
      "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/147.0.0.0 Safari/537.36 Edg/147.0.0.0",
      "Edge 147 · Windows",
    ],
    [
      "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1",
      "Safari 18 · iPhone",
    ],
    [
      "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36 MicroMessenger/8.0.50",
      "微信 8 · 安卓手机",
    ],
    ["curl/8", "其他设备"],
  ];
  for (const [agent, words] of agents) assert.equal(deviceOf(agent), words);
});
