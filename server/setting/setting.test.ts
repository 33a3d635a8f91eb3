import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { untilWaiting } from "../testing/locks.ts";
import { unsound } from "../testing/soundness.ts";
import { bring, done, go, look, refused } from "../testing/tickets.ts";
import { type Client, openTown, type Town } from "../testing/town.ts";
import { moveTicketIn } from "../ticket/actions.ts";
import { beginRules } from "./jobs.ts";

let town: Town;
let sysadmin: Client;
let leader: Client;

before(async () => {
  town = await openTown();
  sysadmin = await town.as("sysadmin");
  leader = await town.as("leader");
});
after(() => town?.close());

interface Version {
  readonly name: string;
  readonly from: string;
  readonly standing: string;
  readonly version: number;
  readonly body: { readonly [field: string]: unknown; readonly rows?: readonly Record<string, unknown>[] };
}

const versions = async (kind: string): Promise<readonly Version[]> =>
  done(await sysadmin.get(`/api/settings/rules/${kind}`));
const named = async (kind: string, name: string): Promise<Version> => {
  const found = (await versions(kind)).find((v) => v.name === name);
  assert.ok(found, name);
  return found;
};

/** Today's limits with another limit for ordinary reports: so many workdays. */
async function limitsOf(from: string, workdays: number) {
  const now = (await versions("deadline")).find((v) => v.standing === "now");
  const rows = (now?.body.rows ?? []).map((row) =>
    row.id === "report"
      ? { ...row, limit: { unit: "workdays", amount: workdays }, near: { hoursLeft: 24 } }
      : row,
  );
  return { kind: "deadline", from, source: "海热线〔2026〕8号", body: { ...now?.body, rows } };
}

async function enforce(draft: object): Promise<{ name: string; moved: number }> {
  const { name } = done(await sysadmin.post("/api/settings/rules", draft));
  const { moved } = done(await leader.post(`/api/settings/drafts/${name}/put-in-force`, { version: 1 }));
  return { name, moved };
}

const reportDue = async (id: string): Promise<string> =>
  (await look(await town.as("supervisor"), id)).clocks.find(
    (c: { kind: string; state: string }) => c.kind === "report" && c.state === "running",
  ).dueAt;

test("every version of the limits is shown with its paper, its rows in words, and which one counts today", async () => {
  const all = await versions("deadline");
  assert.deepEqual(
    all.map((v) => [v.name, v.standing]),
    [
      ["standard-2022", "now"],
      ["city-2020-07", "past"],
      ["city-2020-04", "past"],
      ["city-2020-03", "past"],
      ["backstop", "past"],
    ],
  );
  const answer = done(await sysadmin.get("/api/settings/rules/deadline"));
  const row = answer[0].rows.find((r: { id: string }) => r.id === "report-4");
  assert.equal(
    `${row.clockZh}，${row.whenZh}，${row.limitZh}，${row.nearZh}`,
    "办理反馈，等级：长期，15 个自然日，剩 72 小时",
  );
  assert.match(answer[0].source, /DB11\/T 2021—2022/);
});

test("new limits count for tickets dispatched from their day on; a ticket of the day before keeps its own", async () => {
  town.at("2026-11-20", "09:00"); // a Friday
  const before = await bring(town, "dispatched", "学院路");
  assert.equal(await reportDue(before), "2026-11-27T15:59:59.999Z"); // 7 natural days
  const { name } = await enforce(await limitsOf("2026-11-20", 5));
  const after = await bring(town, "dispatched", "学院路");
  assert.equal(await reportDue(after), "2026-11-27T15:59:59.999Z"); // 5 workdays: Friday again
  assert.equal(await reportDue(before), "2026-11-27T15:59:59.999Z");
  const clocks = (await look(await town.as("supervisor"), after)).clocks;
  assert.ok(clocks.some((c: { rule: string }) => c.rule === `${name}/report`));
  assert.equal((await named("deadline", name)).standing, "now");
  assert.equal((await named("deadline", "standard-2022")).standing, "past");
});

test("limits dated in the future wait for their day", async () => {
  const { name } = await enforce(await limitsOf("2026-12-01", 1));
  assert.equal((await named("deadline", name)).standing, "coming");
  const now = await bring(town, "dispatched", "清河");
  assert.equal(await reportDue(now), "2026-11-27T15:59:59.999Z");
});

test("a day has one version, no version begins in the past, and who drafted does not approve", async () => {
  const same = done(await sysadmin.post("/api/settings/rules", await limitsOf("2026-12-01", 2)));
  const twice = await leader.post(`/api/settings/drafts/${same.name}/put-in-force`, { version: 1 });
  assert.match(twice.body.message, /2026-12-01 已有一版时限规则/);
  const late = done(await sysadmin.post("/api/settings/rules", await limitsOf("2026-11-19", 2)));
  const past = await leader.post(`/api/settings/drafts/${late.name}/put-in-force`, { version: 1 });
  assert.match(past.body.message, /启用日期 2026-11-19 已过/);
  const own = done(await leader.post("/api/settings/rules", await limitsOf("2026-12-24", 2)));
  const self = await leader.post(`/api/settings/drafts/${own.name}/put-in-force`, { version: 1 });
  assert.equal(refused(self, 409), "setting-own-draft");
  const asked = await sysadmin.post(`/api/settings/drafts/${own.name}/put-in-force`, { version: 1 });
  assert.equal(refused(asked, 403), "not-allowed");
});

test("a draft with a fault is not kept, and each fault is named with its place", async () => {
  const broken = await limitsOf("2026-12-02", -1);
  const looked = done(await sysadmin.post("/api/settings/rules/look", broken));
  assert.ok(looked.problems.some((p: { path: string }) => /^rows\[\d+\]\.limit\.amount$/.test(p.path)));
  assert.equal(refused(await sysadmin.post("/api/settings/rules", broken), 422), "setting-faults");
  const paperless = { ...(await limitsOf("2026-12-02", 3)), source: " " };
  assert.match((await sysadmin.post("/api/settings/rules", paperless)).body.message, /文号或依据/);
});

test("two people at one draft: the second is told; once in force nobody changes it", async () => {
  const { name } = done(await sysadmin.post("/api/settings/rules", await limitsOf("2026-12-10", 3)));
  const better = await limitsOf("2026-12-11", 4);
  done(await sysadmin.put(`/api/settings/drafts/${name}`, { ...better, version: 1 }));
  assert.equal(
    refused(await leader.put(`/api/settings/drafts/${name}`, { ...better, version: 1 }), 409),
    "setting-changed",
  );
  done(await leader.post(`/api/settings/drafts/${name}/drop`, { version: 2 }));
  const { name: kept } = await enforce(await limitsOf("2026-12-12", 3));
  const change = await sysadmin.put(`/api/settings/drafts/${kept}`, { ...better, version: 1 });
  assert.equal(refused(change, 409), "setting-in-force");
});

test("a notice that makes a Saturday a workday tells how many running clocks move, and moves them when it is put in force", async () => {
  const open = await bring(town, "handling", "香山");
  assert.equal(await reportDue(open), "2026-11-27T15:59:59.999Z");
  const { body } = await named("calendar", "calendar-2026");
  const work = [...(Array.isArray(body.work) ? body.work : []), "2026-11-21"]; // a Saturday
  const draft = {
    kind: "calendar",
    from: "2026-11-20",
    source: "国办发明电〔2026〕9号",
    body: { year: 2026, off: body.off, work },
  };
  const looked = done(await sysadmin.post("/api/settings/rules/look", draft));
  assert.deepEqual(looked.problems, []);
  assert.ok(looked.clocks.moved >= 2);
  assert.deepEqual(
    looked.differences.map((d: { after: string | null }) => d.after),
    ['"2026-11-21"'],
  );
  assert.equal(await reportDue(open), "2026-11-27T15:59:59.999Z"); // a look moves nothing
  const { moved } = await enforce(draft);
  assert.equal(moved, looked.clocks.moved);
  assert.equal(await reportDue(open), "2026-11-26T15:59:59.999Z");
  const ticket = await look(await town.as("supervisor"), open);
  assert.equal(ticket.events[0].zh, "时限重算");
  const fresh = await bring(town, "dispatched", "香山");
  assert.equal(await reportDue(fresh), "2026-11-26T15:59:59.999Z");
  assert.deepEqual(
    (await versions("calendar")).filter((v) => v.body.year === 2026).map((v) => v.standing),
    ["now", "past"],
  );
});

/** This year's calendar with one more day off. */
async function withDayOff(day: string, from: string) {
  const all = (await versions("calendar")).filter((v) => v.body.year === 2026);
  const body: Version["body"] = all.find((v) => v.standing === "now")?.body ?? {};
  const off = [...(Array.isArray(body.off) ? body.off : []), day];
  return {
    kind: "calendar",
    from,
    source: "国办发明电〔2026〕10号",
    body: { year: 2026, off, work: body.work },
  };
}

test("a clock that is stopped while a calendar is put in force stays stopped", async () => {
  const id = await bring(town, "handling", "清河");
  const { actor } = await town.as("handler", "清河");
  const { db } = town.shell;
  const draft = await withDayOff("2026-11-24", "2026-11-20");
  const { name } = done(await sysadmin.post("/api/settings/rules", draft));
  const { enforcing } = await db.transaction().execute(async (tx) => {
    await tx.selectFrom("ticket").select("id").where("id", "=", id).forUpdate().execute();
    const enforcing = leader.post(`/api/settings/drafts/${name}/put-in-force`, { version: 1 });
    await untilWaiting(db, 1);
    const input = { text: "已修复并告知", outcome: "solved" as const };
    const made = await moveTicketIn(tx, town.shell, actor, id, "report", input, null);
    assert.ok(made.ok);
    return { enforcing: Promise.resolve(enforcing).then(done) };
  });
  await enforcing;
  assert.deepEqual(await unsound(db), []);
  const { clocks } = await look(await town.as("supervisor"), id);
  assert.equal(clocks.find((c: { kind: string }) => c.kind === "report").state, "stopped");
});

test("a calendar of a day to come moves the running clocks on that day, once, however many workers look", async () => {
  const id = await bring(town, "handling", "上地");
  const due = await reportDue(id);
  const { moved } = await enforce(await withDayOff("2026-11-25", "2026-11-24"));
  assert.equal(moved, 0);
  assert.equal(await beginRules()(town.shell), 0);
  assert.equal(await reportDue(id), due);
  town.at("2026-11-24", "00:05");
  const step = beginRules();
  assert.ok((await step(town.shell)) > 0);
  assert.equal(await step(town.shell), 0);
  assert.equal(await beginRules()(town.shell), 0);
  town.at("2026-11-20", "09:00"); // sessions would have run out
  const after = await look(await town.as("supervisor"), id);
  assert.ok(Date.parse(await reportDue(id)) > Date.parse(due));
  assert.equal(after.events.filter((e: { kind: string }) => e.kind === "reckon").length, 1);
});

test("a year that nobody has published is refused; once it is entered, clocks run into it", async () => {
  town.at("2026-12-31", "10:00");
  const triager = await town.afresh("triager");
  const id = done(await triager.post("/api/tickets", { channel: "电话", content: "路灯不亮。" })).ticket.id;
  await go(triager, id, "sign");
  const input = { leadUnitId: await town.unit("学院路"), coUnitIds: [], opinion: "请办理" };
  const before = await triager.move(id, "dispatch", input);
  assert.equal(refused(before, 409), "calendar-unpublished");
  const admin = await town.afresh("sysadmin");
  const chief = await town.afresh("leader");
  const year = {
    kind: "calendar",
    from: "2026-12-31",
    source: "试验用2027年安排",
    body: { year: 2027, off: ["2027-01-01"], work: [] },
  };
  const { name } = done(await admin.post("/api/settings/rules", year));
  done(await chief.post(`/api/settings/drafts/${name}/put-in-force`, { version: 1 }));
  await go(triager, id, "dispatch", input);
  const clocks = (await look(triager, id)).clocks;
  const report = clocks.find((c: { kind: string }) => c.kind === "report");
  assert.equal(report.dueAt, "2027-01-06T15:59:59.999Z"); // 3 workdays after Thursday: 4, 5, 6 January
});

test("drafting, approving and settings are in the audit with the paper", async () => {
  const rows = done(await (await town.afresh("auditadmin")).get("/api/audit?what=rule-in-force"));
  assert.ok(rows.some((r: { detail: { source: string } }) => r.detail.source === "国办发明电〔2026〕9号"));
});

test("a unit's handler reads the rules but drafts none; secrets among the settings are not shown", async () => {
  const handler = await town.afresh("handler", "学院路");
  assert.ok(done(await handler.get("/api/settings/rules/deadline")).length > 4);
  assert.ok(done(await handler.get("/api/settings/rules")).length > 5);
  const draft = { kind: "calendar", from: "2026-12-31", source: "x", body: {} };
  assert.equal(refused(await handler.post("/api/settings/rules", draft), 403), "not-allowed");
  const settings = done(await (await town.afresh("sysadmin")).get("/api/settings/system"));
  const key = settings.find((s: { name: string }) => s.name === "JIESU_KEY");
  assert.equal(key.value, null);
});
