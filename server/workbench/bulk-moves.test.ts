import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { bring, done, lodge, look, refused } from "../testing/tickets.ts";
import { openTown, type Town } from "../testing/town.ts";

let town: Town;
before(async () => {
  town = await openTown();
});
after(() => town.close());

test("the triager signs three tickets at once; the one already signed is told why, the others go on", async () => {
  const triager = await town.as("triager");
  const [first, second] = [await lodge(town), await lodge(town)];
  const signed = await bring(town, "triage", "学院路街道");
  const report = done(
    await triager.post("/api/tickets/bulk-moves", {
      ids: [first, signed, second, first, "999999"],
      move: "sign",
    }),
  );
  assert.deepEqual(
    report.done.map((d: { id: string }) => d.id),
    [first, second],
  );
  const why = new Map(report.refused.map((r: { id: string }) => [r.id, r])) as Map<
    string,
    { code: string; message: string; number: string }
  >;
  assert.equal(why.get(signed)?.code, "wrong-state");
  assert.match(why.get(signed)?.message ?? "", /待分拣.*不能签收/);
  assert.match(why.get(signed)?.number ?? "", /^区收-/);
  assert.deepEqual([why.get("999999")?.code, why.get("999999")?.number], ["not-found", ""]);
  assert.equal((await look(triager, first)).state, "triage");

  const [kept] = done(await triager.get("/api/tickets/bulk-moves"));
  assert.deepEqual([kept.run, kept.moveZh, kept.refused], [report.run, "签收", report.refused]);
  const run = await town.shell.db
    .selectFrom("bulk_run")
    .selectAll()
    .where("id", "=", report.run)
    .executeTakeFirstOrThrow();
  assert.deepEqual([run.asked, run.done, run.move], [4, 2, "sign"]);
});

test("a unit learns nothing of other units' tickets by moving them in bulk", async () => {
  const theirs = await bring(town, "dispatched", "学院路街道");
  const handler = await town.as("handler", "清河街道");
  const report = done(await handler.post("/api/tickets/bulk-moves", { ids: [theirs], move: "accept" }));
  assert.deepEqual(report.done, []);
  assert.deepEqual([report.refused[0].code, report.refused[0].number], ["not-found", ""]);
});

test("a ticket that somebody moved after the list was drawn is refused as stale, if the list says what it showed", async () => {
  const triager = await town.as("triager");
  const lead = await town.as("shiftLead");
  const [calm, moved] = [
    await bring(town, "triage", "学院路街道"),
    await bring(town, "triage", "学院路街道"),
  ];
  const seen = (await look(triager, moved)).version;
  const unit = await town.unit("学院路街道");
  done(await lead.move(moved, "applyWithdraw", { ground: "非本区" }));
  done(await lead.move(moved, "rejectWithdraw", { reason: "属海淀" }));
  const report = done(
    await triager.post("/api/tickets/bulk-moves", {
      ids: [calm, moved],
      move: "dispatch",
      input: { leadUnitId: unit },
      versions: { [calm]: (await look(triager, calm)).version, [moved]: seen },
    }),
  );
  assert.deepEqual([report.done[0].id, report.refused[0].code], [calm, "stale"]);
});

test("an input that fits no ticket, a move for one citizen only, and 201 tickets are refused whole", async () => {
  const triager = await town.as("triager");
  const id = await bring(town, "triage", "学院路街道");
  const bulk = (body: object) => triager.post("/api/tickets/bulk-moves", body);
  assert.equal(
    refused(await bulk({ ids: [id], move: "dispatch", input: { leadUnitId: "" } }), 422),
    "bad-input",
  );
  const caller = await town.as("caller");
  const answer = await caller.post("/api/tickets/bulk-moves", { ids: [id], move: "callback", input: {} });
  assert.equal(refused(answer, 422), "one-by-one");
  assert.match(answer.body.message, /回访.*逐件/);
  const many = Array.from({ length: 201 }, (_, i) => String(i + 1));
  assert.equal(refused(await bulk({ ids: many, move: "sign" }), 422), "bad-input");
});

test("a run is taken back whole in one request; what somebody has gone on with stays, with the reason; asked again it answers the same", async () => {
  const triager = await town.as("triager");
  const lead = await town.as("shiftLead");
  const [first, second, noted] = [await lodge(town), await lodge(town), await lodge(town)];
  const { run } = done(
    await triager.post("/api/tickets/bulk-moves", { ids: [first, second, noted], move: "sign" }),
  );
  done(await lead.move(noted, "note", { text: "已与来电人核实" }));
  const undo = (who = triager) => who.post(`/api/tickets/bulk-moves/${run}/undo`);
  assert.equal(refused(await undo(lead), 404), "not-found", "another's run");

  const back = done(await undo());
  assert.deepEqual(
    back.done.map((d: { id: string }) => d.id),
    [first, second],
  );
  assert.deepEqual([back.refused[0].id, back.refused[0].code], [noted, "undo-overtaken"]);
  assert.match(back.refused[0].message, /shiftLead已接续办理/);
  for (const [id, state] of [
    [first, "received"],
    [second, "received"],
    [noted, "triage"],
  ] as const)
    assert.equal((await look(triager, id)).state, state);

  const { version } = await look(triager, first);
  assert.deepEqual(done(await undo()), back);
  assert.equal((await look(triager, first)).version, version, "nothing was done again");

  done(await triager.move(second, "sign", {}));
  assert.deepEqual(done(await undo()).done, back.done, "the run's own signing stays taken back");
  assert.equal((await look(triager, second)).state, "triage", "a later signing is not the run's");
});

test("a run of reminders is not taken back, and after ten minutes no run is", async () => {
  const triager = await town.as("triager");
  const lead = await town.as("shiftLead");
  const urged = await bring(town, "handling", "学院路街道");
  const runOf = async (who: typeof triager, id: string, move: string, input: object) =>
    done(await who.post("/api/tickets/bulk-moves", { ids: [id], move, input })).run;
  const reminder = await runOf(lead, urged, "urge", { text: "请尽快办理" });
  const answer = await lead.post(`/api/tickets/bulk-moves/${reminder}/undo`);
  assert.equal(refused(answer, 409), "undo-never");
  const id = await lodge(town);
  const late = await runOf(triager, id, "sign", {});
  town.pass(10 * 60_000 + 1);
  const back = done(await triager.post(`/api/tickets/bulk-moves/${late}/undo`));
  assert.deepEqual([back.done, back.refused[0].code], [[], "undo-too-late"]);
});
