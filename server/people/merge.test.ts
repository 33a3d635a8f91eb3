import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { resumeImports } from "../intake/jobs.ts";
import { untilWaiting } from "../testing/locks.ts";
import { bring, done, go, look, refused } from "../testing/tickets.ts";
import { type Client, openTown, type Town } from "../testing/town.ts";
import { takeComingNames } from "./unitnames.ts";

let town: Town;
let sysadmin: Client;

before(async () => {
  town = await openTown();
  sysadmin = await town.as("sysadmin");
});
after(() => town?.close());

const unit = async (id: string) => done(await sysadmin.get(`/api/units/${id}`));
const merge = async (id: string, into: string, more: object = {}) =>
  sysadmin.post(`/api/units/${id}/merge`, {
    into,
    from: "2026-11-20",
    source: "区编办〔2026〕12号",
    version: (await unit(id)).version,
    ...more,
  });
const audited = async (what: string) =>
  done(await (await town.as("auditadmin")).get(`/api/audit?what=${what}`));

/** A city's file of one closed ticket of that unit. */
const file = (number: string, unitName: string, at: string) =>
  Buffer.from(
    `\ufeff工单编号,工单类型,标题,主要内容,工单状态,被反映区,处理受理方式,主办单位,来电时间,办结时间,是否联系,是否解决,是否满意\r\n${number},投诉,路灯不亮,市民反映路灯不亮。,转办结案,海淀区,市民热线,${unitName},${at} 08:10,${at} 17:00,是,解决,满意\r\n`,
  );

async function imported(number: string, unitName: string, at: string): Promise<string | null> {
  const triager = await town.as("triager");
  const batch = done(await triager.upload("/api/imports", `${number}.csv`, file(number, unitName, at)));
  const looked = done(
    await triager.post(`/api/imports/${batch.id}/preview`, { mapping: {}, createUnits: false }),
  );
  if (looked.unknownUnits.length > 0) return null;
  done(await triager.post(`/api/imports/${batch.id}/confirm`, { mapping: {}, createUnits: false }));
  assert.equal(await resumeImports(town.shell), 1);
  return (
    done(await triager.get(`/api/tickets/by-number/${encodeURIComponent(number)}`)).leadUnit?.name ?? null
  );
}

test("a merger is refused while work is open, with the tickets and accounts that are left", async () => {
  const [gone, heir] = [await town.unit("上地"), await town.unit("马连洼")];
  const id = await bring(town, "handling", "上地");
  const answer = await merge(gone, heir);
  assert.equal(refused(answer, 409), "unit-has-work");
  assert.match(answer.body.message, /1 件在办工单、1 个可登录账号/);
  assert.deepEqual(
    answer.body.detail.tickets.map((t: { id: string }) => t.id),
    [id],
  );
  assert.equal((await unit(gone)).mergedInto, null);
});

test("merged with its work: open tickets go on under the heir with the same clocks, closed ones stay, and the handler sees them", async () => {
  const [gone, heir] = [await town.unit("上地"), await town.unit("马连洼")];
  const supervisor = await town.as("supervisor");
  const closed = await bring(town, "closed", "上地");
  const open = await bring(town, "handling", "上地");
  const helped = await bring(town, "handling", "学院路", { co: ["上地"] });
  const before = await look(supervisor, open);
  const merged = done(await merge(gone, heir, { moveWork: true }));
  assert.deepEqual(merged, { tickets: 3, users: 1 }); // the one of the test before is among them
  const after = await look(supervisor, open);
  assert.equal(after.leadUnit.id, heir);
  assert.equal(after.dueAt, before.dueAt);
  assert.equal(after.round, before.round);
  assert.equal(after.events[0].zh, "单位撤并承接");
  assert.equal((await look(supervisor, closed)).leadUnit.id, gone);
  const parts = (await look(supervisor, helped)).assignments.map(
    (a: { part: string; unit: { id: string } }) => [a.part, a.unit.id],
  );
  assert.deepEqual(parts, [
    ["lead", await town.unit("学院路")],
    ["co", heir],
  ]);
  const handler = await town.as("handler", "马连洼");
  await go(handler, open, "report", { text: "已修复并告知", outcome: "solved" });
  const told = (await unit(gone)).mergedInto;
  assert.deepEqual(told, { id: heir, name: "马连洼街道" });
  assert.equal((await unit(gone)).validTo, "2026-11-19");
  const [row] = await audited("unit-merged");
  assert.equal(row.detail.tickets, 3);
  assert.equal(row.detail.source, "区编办〔2026〕12号");
});

test("what the gone unit had done still counts for it; what was open counts for the heir", async () => {
  const { rows } = {
    rows: await town.shell.db
      .selectFrom("result")
      .innerJoin("ticket", "ticket.id", "result.ticket_id")
      .innerJoin("unit", "unit.id", "result.unit_id")
      .select(["unit.short_name", "ticket.state"])
      .where("unit.short_name", "in", ["上地", "马连洼"])
      .execute(),
  };
  assert.ok(rows.some((r) => r.short_name === "上地" && r.state === "closed"));
  assert.ok(rows.every((r) => r.short_name !== "上地" || r.state === "closed"));
  assert.ok(rows.some((r) => r.short_name === "马连洼"));
});

test("a file that still writes the gone unit's name, or an alias of it, finds the heir from the day of the merger, and the old unit before it", async () => {
  assert.equal(await imported("热线-261120-000001", "上地街道", "2026-11-20"), "马连洼");
  assert.equal(await imported("热线-261120-000002", "上地街道办事处", "2026-11-20"), "马连洼");
  assert.equal(await imported("热线-261101-000003", "上地街道", "2026-11-01"), "上地");
});

test("dispatching to the gone unit is refused, and its names appear as names of the heir", async () => {
  const id = await bring(town, "triage", "学院路");
  const triager = await town.as("triager");
  const answer = await triager.move(id, "dispatch", {
    leadUnitId: await town.unit("上地"),
    coUnitIds: [],
    opinion: "",
  });
  assert.equal(refused(answer, 422), "unit-unknown");
  const heir = await unit(await town.unit("马连洼"));
  assert.ok(heir.inherited.some((n: { name: string }) => n.name === "上地街道办事处"));
  assert.equal(
    refused(await sysadmin.post(`/api/units/${heir.id}/aliases`, { alias: "上地街道" }), 409),
    "duplicate",
  );
});

test("merged into a unit from far below it, the heir steps into its place and the tree stays a tree", async () => {
  const [top, middle, low] = [
    await town.unit("八里庄"),
    await town.unit("甘家口"),
    await town.unit("紫竹院"),
  ];
  done(await sysadmin.patch(`/api/units/${middle}`, { parentId: top }));
  done(await sysadmin.patch(`/api/units/${low}`, { parentId: middle }));
  done(await merge(top, low));
  assert.deepEqual([(await unit(low)).parentId, (await unit(middle)).parentId], [null, low]);
  const circle = await sysadmin.patch(`/api/units/${low}`, { parentId: middle });
  assert.equal(refused(circle, 422), "bad-input");
});

test("a dispatch that is under way while its unit is merged ends up with the heir, never with a unit that is gone", async () => {
  const [gone, heir] = [await town.unit("曙光"), await town.unit("田村路")];
  const id = await bring(town, "triage", "学院路");
  const triager = await town.as("triager");
  const { version } = await look(triager, id);
  const input = { leadUnitId: gone, coUnitIds: [], opinion: "请办理" };
  const under = await town.shell.db.transaction().execute(async (tx) => {
    await tx.selectFrom("ticket").select("id").where("id", "=", id).forUpdate().execute();
    const dispatch = triager.post(`/api/tickets/${id}/moves/dispatch`, { version, input });
    await untilWaiting(town.shell.db, 1);
    const merging = merge(gone, heir, { moveWork: true });
    await untilWaiting(town.shell.db, 2);
    return { both: Promise.all([dispatch, merging]) };
  });
  const [dispatch, merging] = await under.both;
  done(dispatch);
  assert.equal(done(merging).tickets, 1);
  assert.equal((await look(triager, id)).leadUnit.id, heir);
});

test("a ticket on which both units work stops the merger until one of them is taken off", async () => {
  const number = (
    await look(await town.as("supervisor"), await bring(town, "handling", "香山", { co: ["青龙桥"] }))
  ).number;
  const answer = await merge(await town.unit("香山"), await town.unit("青龙桥"), { moveWork: true });
  assert.equal(refused(answer, 409), "unit-part-twice");
  assert.ok(answer.body.message.includes(number));
  assert.equal((await unit(await town.unit("香山"))).validTo, null);
});

test("a merger into itself, into a unit that is gone, on a day to come, or seen in an older version is refused with its reason", async () => {
  const [a, b] = [await town.unit("永定路"), await town.unit("羊坊店")];
  assert.match((await merge(a, a)).body.message, /不能并入自己/);
  assert.match((await merge(a, await town.unit("上地"))).body.message, /不在有效期内/);
  assert.match((await merge(a, b, { from: "2026-12-01" })).body.message, /不能晚于今天/);
  done(await sysadmin.patch(`/api/units/${a}`, { contact: "城市管理办公室" }));
  assert.equal(refused(await merge(a, b, { version: 1 }), 409), "changed-meanwhile");
});

test("a unit is renamed from a day to come: the worker takes the name up on that day, the old one stays an alias", async () => {
  const id = await town.unit("苏家坨镇");
  const to = {
    name: "苏家坨地区",
    shortName: "苏家坨地区",
    from: "2026-12-01",
    source: "区政府批复〔2026〕3号",
  };
  const seen = await unit(id);
  const put = done(await sysadmin.post(`/api/units/${id}/rename`, { ...to, version: seen.version }));
  assert.equal(put.name, seen.name);
  assert.equal(put.names[0].pending, true);
  assert.equal(await takeComingNames(town.shell), 0);
  town.at("2026-12-01", "00:05");
  assert.equal(await takeComingNames(town.shell), 1);
  assert.equal(await takeComingNames(town.shell), 0);
  town.at("2026-11-20", "09:00"); // the administrator's session would have run out
  const now = await unit(id);
  assert.equal(now.name, "苏家坨地区");
  assert.ok(now.aliases.includes(seen.name));
  assert.deepEqual(
    now.names.map((n: { from: string; name: string; pending: boolean }) => [n.from, n.name, n.pending]),
    [
      ["2026-12-01", "苏家坨地区", false],
      ["2000-01-01", seen.name, false],
    ],
  );
});

test("a unit with open work cannot be closed in the past; where it is used is told before", async () => {
  const id = await town.unit("学院路");
  const { used } = await unit(id);
  assert.ok(used.open > 0 && used.tickets.length > 0);
  const answer = await sysadmin.patch(`/api/units/${id}`, { validTo: "2026-11-19" });
  assert.equal(refused(answer, 409), "unit-has-work");
  assert.equal(refused(await sysadmin.patch(`/api/units/${id}`, { parentId: id }), 422), "bad-input");
});

test("two administrators at one unit: the second is told, nothing of the first is lost", async () => {
  const id = await town.unit("花园路");
  const { version } = await unit(id);
  done(await sysadmin.patch(`/api/units/${id}`, { phone: "010-60000001", version }));
  assert.equal(
    refused(await sysadmin.patch(`/api/units/${id}`, { phone: "010-60000002", version }), 409),
    "changed-meanwhile",
  );
  assert.equal((await unit(id)).phone, "010-60000001");
  const [row] = await audited("unit-changed");
  assert.deepEqual(row.detail.changes, [{ field: "phone", before: "", after: "010-60000001" }]);
});
