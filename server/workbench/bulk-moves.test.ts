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
