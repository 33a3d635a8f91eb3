import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { done, refused } from "../testing/tickets.ts";
import { openTown, type Town } from "../testing/town.ts";

let town: Town;
before(async () => {
  town = await openTown();
});
after(() => town.close());

test("phrases that a triager uses most come first; the centre's serve all, and only its leads keep them", async () => {
  const triager = await town.as("triager");
  const lead = await town.as("shiftLead");
  const handler = await town.as("handler", "学院路街道");
  const own = done(await triager.post("/api/phrases", { text: "请按属地原则办理。", move: "dispatch" })).id;
  const centre = done(
    await lead.post("/api/phrases", { text: "请于时限内联系诉求人。", move: "dispatch", centre: true }),
  ).id;
  const closing = done(
    await lead.post("/api/phrases", { text: "同意结案。", move: "approveClosing", centre: true }),
  ).id;
  const list = async (who = triager, move = "dispatch") =>
    done(await who.get(`/api/phrases?move=${move}`)).map((p: { id: string }) => p.id);

  assert.deepEqual(await list(), [own, centre]);
  assert.equal(done(await triager.post(`/api/phrases/${centre}/used`)).used, 1);
  assert.equal(done(await triager.post(`/api/phrases/${centre}/used`)).used, 2);
  assert.deepEqual(await list(), [centre, own]);
  assert.deepEqual(await list(handler), [centre], "another person's own phrases are not shown");
  assert.ok(!(await list()).includes(closing), "a phrase for closing does not stand in the dispatch form");

  assert.equal(refused(await triager.post("/api/phrases", { text: "甲", centre: true }), 403), "not-allowed");
  assert.equal(refused(await triager.patch(`/api/phrases/${centre}`, { text: "乙" }), 403), "not-allowed");
  assert.equal(refused(await handler.delete(`/api/phrases/${own}`), 404), "not-found");
  assert.equal(refused(await handler.post(`/api/phrases/${own}/used`), 404), "not-found");
  const again = await triager.post("/api/phrases", { text: " 请按属地原则办理。 ", move: "dispatch" });
  assert.equal(refused(again, 409), "duplicate");
  done(await triager.patch(`/api/phrases/${own}`, { text: "请依职责办理。" }));
  done(await lead.delete(`/api/phrases/${centre}`));
  assert.deepEqual(await list(), [own]);
});

test("a change of the centre's phrase is on record with its words before and after; who was slower writes nothing over", async () => {
  const lead = await town.as("shiftLead");
  const leader = await town.as("leader");
  const words = { text: "请会同物业查看。", move: "dispatch", centre: true };
  const id = done(await lead.post("/api/phrases", words)).id;
  const shown = async () =>
    done(await leader.get("/api/phrases/centre")).find((p: { id: string }) => p.id === id);
  const seenAt = (await shown()).updatedAt;
  town.pass(60_000);
  done(await lead.patch(`/api/phrases/${id}`, { text: "请会同物业现场查看。", seenAt }));
  const slower = await leader.patch(`/api/phrases/${id}`, { text: "请通知物业。", seenAt });
  assert.equal(refused(slower, 409), "phrase-changed");
  assert.match(slower.body.message, /请会同物业现场查看/);
  assert.equal((await shown()).text, "请会同物业现场查看。");
  const rows = await town.shell.db
    .selectFrom("audit")
    .select(["user_name", "detail"])
    .where("what", "=", "phrase-changed")
    .execute();
  assert.deepEqual(rows, [
    {
      user_name: "shiftLead",
      detail: {
        id,
        changes: [{ field: "常用语", before: "请会同物业查看。", after: "请会同物业现场查看。" }],
      },
    },
  ]);
  done(await leader.patch(`/api/phrases/${id}`, { move: "", seenAt: (await shown()).updatedAt }));
  assert.equal((await shown()).moveZh, "通用");
  done(await lead.delete(`/api/phrases/${id}`));
});

test("a view is the owner's until it is shared; a role's view reaches that role alone, and never a queue that is not theirs", async () => {
  const triager = await town.as("triager");
  const lead = await town.as("shiftLead");
  const handler = await town.as("handler", "学院路街道");
  const names = async (who: typeof triager) =>
    done(await who.get("/api/views")).map((v: { name: string }) => v.name);

  const mine = {
    name: "学院路噪声",
    filter: { street: "学院路", q: "噪声" },
    columns: [{ key: "number", pinned: "left" }],
  };
  const id = done(await triager.post("/api/views", mine)).id;
  assert.deepEqual([await names(triager), await names(lead)], [["学院路噪声"], []]);
  const [kept] = done(await triager.get("/api/views"));
  assert.deepEqual([kept.filter, kept.columns, kept.mine], [mine.filter, mine.columns, true]);

  const role = {
    name: "本单位临期",
    sharing: "role",
    roles: ["handler"],
    filter: { queue: "unit-near" },
    sort: "due",
  };
  done(await lead.post("/api/views", role));
  done(await lead.post("/api/views", { name: "重办", sharing: "shared", filter: { state: ["rework"] } }));
  assert.deepEqual(await names(handler), ["本单位临期"]);
  assert.deepEqual((await names(triager)).sort(), ["学院路噪声", "重办"].sort());

  assert.equal(refused(await triager.post("/api/views", mine), 409), "duplicate");
  assert.equal(
    refused(await triager.post("/api/views", { ...mine, name: "x", sharing: "shared" }), 403),
    "not-allowed",
  );
  assert.equal(refused(await lead.put(`/api/views/${id}`, mine), 404), "not-found");
  assert.equal(refused(await handler.delete(`/api/views/${id}`), 404), "not-found");
  assert.equal(
    refused(await triager.post("/api/views", { name: "x", filter: { colour: "red" } }), 422),
    "bad-input",
  );
  const twice = { ...mine, name: "y", columns: [{ key: "title" }, { key: "title" }] };
  assert.equal(refused(await triager.post("/api/views", twice), 422), "bad-input");
  done(await triager.put(`/api/views/${id}`, { ...mine, name: "学院路施工噪声" }));
  assert.ok((await names(triager)).includes("学院路施工噪声"));
  done(await triager.delete(`/api/views/${id}`));
  assert.deepEqual(await names(triager), ["重办"]);
});

test("preferences follow the person to another machine; what is no setting, or too much of one, is refused", async () => {
  const triager = await town.as("triager");
  const admin = await town.as("sysadmin");
  done(await triager.put("/api/me/preferences/theme", { value: "dark" }));
  const columns = [{ key: "number", width: 180, pinned: "left" }, { key: "title" }];
  done(await triager.put("/api/me/preferences/columns:triage", { value: columns }));
  done(await triager.put("/api/me/preferences/theme", { value: "light" }));
  assert.deepEqual(done(await triager.get("/api/me/preferences")), {
    "columns:triage": columns,
    theme: "light",
  });
  assert.deepEqual(done(await admin.get("/api/me/preferences")), {});

  const put = (key: string, value: unknown) => triager.put(`/api/me/preferences/${key}`, { value });
  assert.equal(refused(await put("password", "x"), 422), "preference-key");
  assert.equal(refused(await put("constructor", "x"), 422), "preference-key");
  assert.equal(refused(await put("theme", "pink"), 422), "preference-shape");
  assert.equal(refused(await put("columns:x", [{ key: "phone" }]), 422), "preference-shape");
  assert.equal(refused(await put("theme", "x".repeat(70_000)), 413), "too-large");
  done(await triager.delete("/api/me/preferences/theme"));
  assert.deepEqual(Object.keys(done(await triager.get("/api/me/preferences"))), ["columns:triage"]);
});
