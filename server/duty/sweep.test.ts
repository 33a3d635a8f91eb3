import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ALL_STATES, STATES } from "@jiesu/core/ticket/state.ts";
import { Command } from "commander";
import { bring, done, go, lodge, refused } from "../testing/tickets.ts";
import { openTown, type Town } from "../testing/town.ts";
import { registerSweep } from "./cli.ts";
import { hourlySweep } from "./sweep.ts";
import { deskOf } from "./sweepstore.ts";

const UNIT = "学院路街道";

let town: Town;
before(async () => {
  town = await openTown(); // Friday 2026-11-20, 09:00
  for (const role of ["triager", "supervisor", "caller", "closer"] as const) await town.as(role);
});
after(() => town.close());

test("every state that the centre holds waits in somebody's queue", () => {
  for (const state of ALL_STATES)
    if (STATES[state].open && STATES[state].held !== "unit") assert.ok(deskOf(state).length > 0, state);
});

test("tickets all along the road are held: the lead's sweep finds nothing and tells what it looked at", async () => {
  const lead = await town.as("shiftLead");
  for (const stop of [
    "received",
    "triage",
    "dispatched",
    "handling",
    "reported",
    "calling",
    "closing",
  ] as const)
    await bring(town, stop, UNIT);
  await bring(town, "closed", UNIT);
  const triager = await town.as("triager");
  const withdrawing = await bring(town, "triage", UNIT);
  await go(triager, withdrawing, "applyWithdraw", { ground: "不属本区" });
  const returned = await bring(town, "handling", UNIT);
  await go(await town.as("handler", UNIT), returned, "returnToCentre", { ground: "非本单位职责" });
  await go(triager, await lodge(town), "watch");
  const resting = await bring(town, "handling", UNIT);
  const pause = { ground: "appraisal", evidence: "京检委〔2026〕18号", days: 5 };
  await go(await town.as("handler", UNIT), resting, "askPause", pause);
  await go(await town.as("supervisor"), resting, "grantPause", { opinion: "请催促鉴定" });
  const run = done(await lead.post("/api/duty/sweeps"));
  assert.deepEqual(
    [run.open, run.centre, run.unit, run.city, run.clocks, run.found, run.tickets],
    [11, 7, 3, 1, 13, 0, []], // a dispatched ticket has three clocks that run, one in hand (contacted) one, running or resting to a day
  );
  assert.equal(run.by, lead.actor.name);
  refused(await triager.post("/api/duty/sweeps"), 403);
});

test("what the ledger's own tables have lost is found: a clock gone, a unit gone; each with what it lacks", async () => {
  const { db } = town.shell;
  const clockless = await bring(town, "reported", UNIT);
  const unitless = await bring(town, "handling", UNIT);
  await db.deleteFrom("timer").where("ticket_id", "=", clockless).execute();
  await db.updateTable("clock").set({ state: "cancelled" }).where("ticket_id", "=", clockless).execute();
  await db.updateTable("ticket").set({ lead_unit_id: null }).where("id", "=", unitless).execute();
  const lead = await town.as("shiftLead");
  const run = done(await lead.post("/api/duty/sweeps"));
  assert.deepEqual(
    run.tickets.map((t: { id: string; lacks: string[] }) => [t.id, t.lacks]),
    [
      [clockless, ["没有在走的时限"]],
      [unitless, ["没有承办单位"]],
    ],
  );
  const [newest] = done(await lead.get("/api/duty/sweeps"));
  assert.deepEqual(newest, run);
  await assert.rejects(db.deleteFrom("sweep_run").execute(), /append-only/);

  const said: string[] = [];
  const jiesu = new Command();
  registerSweep(
    jiesu,
    async () => ({ ...Object(town), close: async () => {} }),
    (text) => said.push(text),
  );
  await jiesu.parseAsync(["node", "jiesu", "sweep"]);
  assert.match(said[0] ?? "", /发现无主工单 2 件/);
  assert.equal(process.exitCode, 1);
  process.exitCode = 0;
});

test("a desk without anybody in use is told as such, and again held once somebody is", async () => {
  const { db } = town.shell;
  const caller = await town.as("caller");
  const lead = await town.as("shiftLead");
  const use = (active: boolean) =>
    db
      .updateTable("app_user")
      .set({ active })
      .where("id", "in", [caller.actor.userId, lead.actor.userId])
      .execute();
  const leader = await town.as("leader");
  await use(false);
  const run = done(await leader.post("/api/duty/sweeps"));
  await use(true);
  const alone = run.tickets.filter((t: { lacks: string[] }) => t.lacks.includes("没有在岗人员的岗位"));
  assert.deepEqual(
    alone.map((t: { stateZh: string }) => t.stateZh),
    ["待回访"],
  );
});

test("the worker sweeps once an hour, whichever process asks", async () => {
  const { db } = town.shell;
  const count = async () =>
    Number(
      (
        await db
          .selectFrom("sweep_run")
          .select((eb) => eb.fn.countAll().as("n"))
          .executeTakeFirst()
      )?.n,
    );
  const before = await count();
  const [one, other] = [hourlySweep(), hourlySweep()];
  await one(town.shell);
  assert.equal(await count(), before, "one was made at nine already");
  town.pass(3_600_000);
  await Promise.all([one(town.shell), other(town.shell)]);
  await one(town.shell);
  assert.equal(await count(), before + 1);
});
