import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { done, refused } from "../testing/tickets.ts";
import { openTown, type Town } from "../testing/town.ts";
import { forgetDrafts } from "./drafts.ts";

let town: Town;
before(async () => {
  town = await openTown();
});
after(() => town.close());

const MINUTE = 60_000;
const DAY = 86_400_000;
const OPINION = { opinion: "请联系 13812345678 的诉求人" };

test("what a triager was typing is found again, newest last written, by nobody else, and lies sealed", async () => {
  const triager = await town.as("triager");
  const other = await town.as("shiftLead");
  done(await triager.put("/api/drafts/triager.7.dispatch", { value: { opinion: "请" } }));
  town.pass(10 * MINUTE);
  const { at } = done(await triager.put("/api/drafts/triager.7.dispatch", { value: OPINION }));
  assert.deepEqual(done(await triager.get("/api/drafts")), [{ key: "triager.7.dispatch", at }]);
  assert.deepEqual(done(await triager.get("/api/drafts/triager.7.dispatch")).draft, { value: OPINION, at });
  assert.deepEqual(done(await other.get("/api/drafts")), []);
  assert.equal(done(await other.get("/api/drafts/triager.7.dispatch")).draft, null);
  done(await other.delete("/api/drafts/triager.7.dispatch"));
  const row = await town.shell.db.selectFrom("draft").selectAll().executeTakeFirstOrThrow();
  assert.equal(row.body_enc.includes("13812345678"), false);
  done(await triager.delete("/api/drafts/triager.7.dispatch"));
  assert.equal(done(await triager.get("/api/drafts/triager.7.dispatch")).draft, null);
});

test("a draft of 64 KB is kept, a larger one and the two hundred and first are refused in words", async () => {
  const caller = await town.as("caller");
  const text = "字".repeat(21_000);
  done(await caller.put("/api/drafts/a", { value: { text } }));
  assert.equal(
    refused(await caller.put("/api/drafts/a", { value: { text: "字".repeat(22_000) } }), 413),
    "too-large",
  );
  assert.equal(done(await caller.get("/api/drafts/a")).draft.value.text, text);
  assert.equal(refused(await caller.put("/api/drafts/a%20b", { value: {} }), 422), "bad-input");
  for (let i = 1; i < 200; i += 1) done(await caller.put(`/api/drafts/d${i}`, { value: {} }));
  assert.equal(refused(await caller.put("/api/drafts/one-more", { value: {} }), 409), "drafts-full");
  done(await caller.put("/api/drafts/a", { value: { text: "改" } }));
});

test("a draft is kept for fourteen days: then it is out of reach at once and swept by the worker", async () => {
  const closer = await town.as("closer");
  done(await closer.put("/api/drafts/old", { value: { note: "旧" } }));
  done(await closer.put("/api/drafts/young", { value: { note: "新" } }));
  const old = town.shell.db.updateTable("draft").where("key", "=", "old");
  const { expires_at } = await town.shell.db
    .selectFrom("draft")
    .select("expires_at")
    .where("key", "=", "old")
    .executeTakeFirstOrThrow();
  assert.equal(expires_at.getTime() - town.shell.now(), 14 * DAY);
  await old.set({ expires_at: new Date(town.shell.now()) }).execute();
  assert.equal(done(await closer.get("/api/drafts/old")).draft, null);
  assert.deepEqual(
    done(await closer.get("/api/drafts")).map((draft: { key: string }) => draft.key),
    ["young"],
  );
  assert.equal(await forgetDrafts(town.shell), 1);
  assert.equal(await forgetDrafts(town.shell), 0);
  assert.equal(done(await closer.get("/api/drafts/young")).draft.value.note, "新");
});
