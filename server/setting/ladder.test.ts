import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { bring, done, go, refused } from "../testing/tickets.ts";
import { type Client, openTown, type Town } from "../testing/town.ts";
import { ladderOf } from "../testing/urging.ts";

let town: Town;
let ladder: ReturnType<typeof ladderOf>;
let sysadmin: Client;
let leader: Client;

before(async () => {
  town = await openTown(); // Friday 2026-11-20, 09:00
  ladder = ladderOf(town);
  [sysadmin, leader] = [await town.as("sysadmin"), await town.as("leader")];
});
after(() => town?.close());

interface Version {
  readonly name: string;
  readonly standing: string;
  readonly body: { readonly repeatMinutes: number; readonly steps: readonly Record<string, unknown>[] };
}
const versions = async (): Promise<Version[]> => done(await sysadmin.get("/api/settings/rules/urging"));
async function standing(): Promise<Version> {
  const found = (await versions()).find((version) => version.standing === "now");
  assert.ok(found);
  return found;
}
/** The ladder in force, asking one hour before the end instead of at the near point, and repeating by hand after five minutes. */
async function draftOf(from: string, more: object = {}) {
  const { body } = await standing();
  const steps = body.steps.map((step) =>
    step.id === "near" ? { ...step, zh: "到期前一小时", at: { beforeDue: 1, unit: "hours" } } : step,
  );
  const source = "海接诉发〔2026〕31号";
  return { kind: "urging", from, source, body: { ...body, repeatMinutes: 5, steps, ...more } };
}

test("the ladder of the file is the version in force, with its paper; every worker reads it, a sysadmin drafts from it", async () => {
  const [shipped, ...more] = await versions();
  assert.deepEqual([shipped?.name, shipped?.standing, more.length], ["urging-default", "now", 0]);
  const handler = await town.as("handler", "学院路街道");
  assert.equal(done(await handler.get("/api/settings/rules/urging")).length, 1);
  const tried = await handler.post("/api/settings/rules", await draftOf("2026-11-21"));
  assert.equal(refused(tried, 403), "not-allowed");
});

test("a faulty draft is told place by place and cannot be kept: silence all day, nobody after the end, two steps at once", async () => {
  const { body } = await standing();
  const [near, due] = body.steps;
  const wrong = await draftOf("2026-11-21", {
    steps: [near, { ...near, id: "again" }, { ...due, when: { level: [1, 2, 3] } }],
    quiet: [{ levels: [1], owed: ["unit"], from: "00:00", to: "24:00", offDays: false }],
  });
  const looked = done(await sysadmin.post("/api/settings/rules/look", wrong));
  assert.deepEqual(
    looked.problems.map((p: { path: string }) => p.path),
    ["body.steps[1].at", "body.steps", "body.quiet"],
  );
  assert.match(JSON.stringify(looked.problems), /长期/);
  assert.equal(looked.ladder, null);
  assert.equal(refused(await sysadmin.post("/api/settings/rules", wrong), 422), "setting-faults");
});

test("a draft tells in words what differs and which clocks come to which other step, before another person puts it in force", async () => {
  await bring(town, "handling", "学院路街道", { ticket: { level: 2 } });
  await ladder.work();
  const draft = await draftOf("2026-11-20");
  const looked = done(await sysadmin.post("/api/settings/rules/look", draft));
  assert.deepEqual(
    looked.differences.map((d: { path: string; before: string; after: string }) => [
      d.path,
      d.before,
      d.after,
    ]),
    [
      ["人工催办不重复", "30 分钟", "5 分钟"],
      ["步骤“到期前一小时”名称", "临期提醒", "到期前一小时"],
      ["步骤“到期前一小时”时刻", "临期时", "到期前 1 小时"],
    ],
  );
  const { clocks, changed, steps, first } = looked.ladder;
  assert.ok(changed > 0 && changed <= clocks);
  assert.deepEqual(
    steps.map((line: { zh: string }) => line.zh),
    ["临期提醒", "到期前一小时"],
  );
  assert.match(first[0].before, /^临期提醒 /);
  assert.match(first[0].after, /^到期前一小时 /);

  const { name } = done(await sysadmin.post("/api/settings/rules", draft));
  const own = await leader.post("/api/settings/rules", { ...draft, source: "领导自拟" });
  const ownName = done(own).name;
  const approve = (who: Client, of: string) =>
    who.post(`/api/settings/drafts/${of}/put-in-force`, { version: 1 });
  assert.equal(refused(await approve(leader, ownName), 409), "setting-own-draft");
  assert.equal(refused(await approve(sysadmin, name), 403), "not-allowed");
  done(await approve(leader, name));
  assert.equal((await standing()).name, name);
  const told = done(await leader.get("/api/urges/ladder"));
  assert.deepEqual(
    [told.name, told.steps[0].zh, told.source],
    [name, "到期前一小时", "海接诉发〔2026〕31号"],
  );
});

test("the clocks follow at once: the next step is the new ladder's, those made stay made, and by hand after five minutes", async () => {
  const id = await bring(town, "handling", "清河街道", { ticket: { level: 1 } });
  await ladder.work();
  const plan = await town.shell.db
    .selectFrom("urge_plan")
    .select(["rule", "step"])
    .where("ticket_id", "=", id)
    .executeTakeFirstOrThrow();
  assert.match(plan.rule, new RegExp(`^${(await standing()).name}/`));
  const supervisor = await town.as("supervisor");
  await go(supervisor, id, "urge", { text: "请尽快" });
  town.pass(4 * 60_000);
  assert.equal(refused(await supervisor.move(id, "urge", { text: "再催" }), 409), "urged-just-now");
  town.pass(60_000);
  await go(supervisor, id, "urge", { text: "再催" });
});

test("a day has one ladder, and none begins in the past; an old version stays to be read", async () => {
  const past = done(await sysadmin.post("/api/settings/rules", await draftOf("2026-11-19"))).name;
  const refusedPast = await leader.post(`/api/settings/drafts/${past}/put-in-force`, { version: 1 });
  assert.equal(refused(refusedPast, 422), "setting-day");
  const twice = done(await sysadmin.post("/api/settings/rules", await draftOf("2026-11-20"))).name;
  const refusedTwice = await leader.post(`/api/settings/drafts/${twice}/put-in-force`, { version: 1 });
  assert.match(refusedTwice.body.message, /已有一版催办阶梯/);
  const coming = done(await sysadmin.post("/api/settings/rules", await draftOf("2026-11-25"))).name;
  done(await leader.post(`/api/settings/drafts/${coming}/put-in-force`, { version: 1 }));
  const all = await versions();
  assert.deepEqual(
    all.filter((v) => v.standing !== "draft").map((v) => v.standing),
    ["coming", "now", "past"],
  );
});
