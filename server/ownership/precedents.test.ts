import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { bodyOf, openCase, publish, ruledCase, rulingFor, tellOwnership } from "../testing/ownership.ts";
import { done, go, lodge, look, refused } from "../testing/tickets.ts";
import { type Answer, type Client, openTown, type Town } from "../testing/town.ts";

const UNIT = "学院路街道";
const MATTER = {
  title: "学院路东口路灯不亮",
  content: "市民反映海淀区学院路街道学院路东口路灯不亮已有三天。",
};
const SCOPE = {
  ...{ category1: "市政", category2: "路灯", category3: "路灯不亮" },
  street: UNIT,
  words: ["路灯", "不亮"],
};

let town: Town;
let triager: Client;
let supervisor: Client;
let shiftLead: Client;
let handler: Client;
before(async () => {
  town = await openTown(); // Friday 2026-11-20, 09:00
  triager = await town.as("triager");
  supervisor = await town.as("supervisor");
  shiftLead = await town.as("shiftLead");
  handler = await town.as("handler", UNIT);
  await tellOwnership(town);
});
after(() => town?.close());

const offered = async (ticket: string, who = triager) =>
  done(await who.get(`/api/tickets/${ticket}/precedents`));
const ids = (rows: Answer["body"]): string[] => rows.map((row: { precedentId: string }) => row.precedentId);
const read = async (id: string, who = supervisor) => done(await who.get(`/api/ownership/precedents/${id}`));

/** Another ticket about the same, signed and waiting for triage. */
async function another(more: object = {}): Promise<string> {
  const id = await lodge(town, {
    ...MATTER,
    content: "学院路街道学院路东口的路灯又不亮了，请维修。",
    ...more,
  });
  await go(triager, id, "sign");
  return id;
}

test("a ruling is drafted as a precedent with the scope of its ticket, narrowed, and published by another hand", async () => {
  const { caseId } = await ruledCase(town, UNIT, MATTER);
  const draft = done(await supervisor.post(`/api/ownership/cases/${caseId}/precedent`));
  const again = done(await shiftLead.post(`/api/ownership/cases/${caseId}/precedent`));
  assert.equal(again.id, draft.id, "one case, one precedent");
  const [version] = draft.versions;
  assert.deepEqual(
    [version.state, version.lead.name, version.from, version.to],
    ["draft", "学院路", "2026-11-20", "2028-11-19"],
  );
  assert.ok(version.words.includes("路灯"), version.words.join(" "));
  assert.match(version.reason, /属地街镇维护/);
  const path = `/api/ownership/precedents/${draft.id}`;
  assert.equal(refused(await shiftLead.post(`${path}/publish`), 422), "scope-category");
  assert.equal(
    refused(await supervisor.put(path, { ...bodyOf(version), category1: "市政", words: [] }), 422),
    "scope-words",
  );
  done(await supervisor.put(path, { ...bodyOf(version), ...SCOPE }));
  assert.equal(refused(await supervisor.post(`${path}/publish`), 409), "precedent-same-person");
  const published = done(await shiftLead.post(`${path}/publish`));
  assert.deepEqual(
    [
      published.versions[0].standing,
      published.versions[0].publishedBy,
      published.steps.map((s: { stepZh: string }) => s.stepZh),
    ],
    ["standing", "shiftLead", ["起草", "修改", "发布"]],
  );
  assert.equal(refused(await supervisor.put(path, { ...bodyOf(version), ...SCOPE }), 409), "precedent-state");
  await assert.rejects(
    town.shell.db
      .updateTable("precedent_version")
      .set({ reason: "改" })
      .where("id", "=", published.versions[0].id)
      .execute(),
    /not changed/,
  );
});

test("at triage the precedent is offered with why, cited by the dispatch, counted, and a return against it is said to the reviewer", async () => {
  const { caseId } = await ruledCase(town, UNIT, MATTER);
  const { id, versionId } = await publish(town, caseId, SCOPE);
  const ticket = await another();
  const found = await offered(ticket);
  const one = found.find((each: { precedentId: string }) => each.precedentId === id);
  assert.ok(one, JSON.stringify(found));
  assert.equal(
    one.score,
    one.reasons.reduce((sum: number, each: { points: number }) => sum + each.points, 0),
  );
  assert.ok(one.reasons.some((each: { text: string }) => each.text === "事项词 2 个中有 2 个：路灯、不亮"));
  const to = { leadUnitId: await town.unit(UNIT), opinion: "按先例办理", precedents: [versionId] };
  await go(triager, ticket, "dispatch", to);
  const cited = await read(id);
  assert.deepEqual(
    [cited.versions[0].cited, cited.citing[0].ticket.id, cited.citing[0].unit],
    [1, ticket, "学院路"],
  );
  await go(handler, ticket, "returnToCentre", { ground: "灯杆属电力公司" });
  const told = done(await supervisor.get(`/api/tickets/${ticket}/ownership`)).cited[0];
  assert.deepEqual(
    [told.number, told.returned, told.ground, told.standing],
    [`先例${id}`, "asked", "灯杆属电力公司", "standing"],
  );
  await go(supervisor, ticket, "acceptReturn", {});
  assert.deepEqual(
    [(await read(id)).citing[0].returned, (await read(id)).versions[0].returned],
    ["returned", 1],
  );
  // a unit reads which precedent its round rests on, not the library
  const own = done(await handler.get(`/api/tickets/${ticket}/ownership`));
  assert.deepEqual([own.cited[0].precedentId, own.cited[0].number], [null, `先例${id}`]);
  assert.equal((await handler.get(`/api/ownership/precedents/${id}`)).status, 403);
  assert.equal((await handler.get(`/api/tickets/${ticket}/precedents`)).status, 403);
  assert.equal(
    (await (await town.as("handler", "上庄镇")).get(`/api/tickets/${ticket}/ownership`)).status,
    404,
  );
});

test("overruled it is offered no more and cannot be cited; who cited it is listed still", async () => {
  const { caseId } = await ruledCase(town, UNIT, MATTER);
  const { id, versionId } = await publish(town, caseId, SCOPE);
  const [before, later] = [await another(), await another()];
  const to = { leadUnitId: await town.unit(UNIT), opinion: "", precedents: [versionId] };
  await go(triager, before, "dispatch", to);
  assert.ok(ids(await offered(later)).includes(id));
  const path = `/api/ownership/precedents/${id}/overrule`;
  assert.equal((await supervisor.post(path, { reason: "移交协议已变更" })).status, 403);
  const over = done(await shiftLead.post(path, { reason: "移交协议已变更" }));
  assert.deepEqual([over.versions[0].standing, over.steps.at(-1).note], ["overruled", "移交协议已变更"]);
  assert.ok(!ids(await offered(later)).includes(id));
  const refusedCite = await triager.move(later, "dispatch", to);
  assert.equal(refused(refusedCite, 409), "precedent-gone");
  assert.equal((await look(triager, later)).state, "triage", "nothing was done");
  assert.equal((await read(id)).citing[0].ticket.id, before);
});

test("amended, the new version takes the old one's place when it is published; what cited the old one still says so", async () => {
  const { caseId } = await ruledCase(town, UNIT, MATTER);
  const { id, versionId } = await publish(town, caseId, SCOPE);
  const ticket = await another();
  await go(triager, ticket, "dispatch", {
    leadUnitId: await town.unit(UNIT),
    opinion: "",
    precedents: [versionId],
  });
  const path = `/api/ownership/precedents/${id}`;
  const drafted = done(await supervisor.post(`${path}/amend`, { note: "缩小到东口" }));
  assert.deepEqual(
    drafted.versions.map((v: { state: string }) => v.state),
    ["draft", "published"],
  );
  assert.equal(refused(await supervisor.post(`${path}/amend`), 409), "precedent-drafted");
  const later = await another({ content: "学院路街道二里庄北里门前路灯不亮。", title: "二里庄路灯不亮" });
  assert.ok(ids(await offered(later)).includes(id), "until it is published the old version stands");
  done(await supervisor.put(path, { ...bodyOf(drafted.versions[0]), spot: "学院路东口" }));
  const now = done(await shiftLead.post(`${path}/publish`));
  assert.deepEqual(
    now.versions.map((v: { version: number; state: string }) => [v.version, v.state]),
    [
      [2, "published"],
      [1, "amended"],
    ],
  );
  assert.deepEqual([now.citing[0].version, now.versions[1].cited, now.versions[0].cited], [1, 1, 0]);
  assert.ok(!ids(await offered(later)).includes(id), "another spot than the narrowed one");
  assert.ok(ids(await offered(await another())).includes(id));
});

test("before its first day and after its last a precedent is not offered", async () => {
  const { caseId } = await ruledCase(town, UNIT, MATTER);
  const { id } = await publish(town, caseId, { ...SCOPE, from: "2026-11-21", to: "2026-11-22" });
  const ticket = await another();
  const on = async (day: "2026-11-20" | "2026-11-21" | "2026-11-22" | "2026-11-23", standing: string) => {
    town.at(day, "12:00");
    triager = await town.afresh("triager");
    supervisor = await town.afresh("supervisor");
    assert.equal((await read(id)).versions[0].standing, standing);
    return ids(await offered(ticket)).includes(id);
  };
  assert.deepEqual(
    [
      await on("2026-11-20", "coming"),
      await on("2026-11-21", "standing"),
      await on("2026-11-22", "standing"),
      await on("2026-11-23", "expired"),
    ],
    [false, true, true, false],
  );
  const ended = done(await supervisor.get("/api/ownership/precedents?standing=ended")).rows;
  assert.ok(ids(ended).includes(id));
  town.at("2026-11-20", "09:00");
  for (const role of ["triager", "supervisor", "shiftLead"] as const) await town.afresh(role);
  [triager, supervisor, shiftLead] = [
    await town.as("triager"),
    await town.as("supervisor"),
    await town.as("shiftLead"),
  ];
  handler = await town.afresh("handler", UNIT);
});

test("a ruling under appeal becomes no precedent; changed, what was published of it ends, and it may be drafted anew", async () => {
  const leader = await town.as("leader");
  const { caseId } = await ruledCase(town, UNIT, MATTER);
  const { id } = await publish(town, caseId, SCOPE);
  done(await handler.post(`/api/ownership/cases/${caseId}/appeal`, { reason: "清单有误" }));
  const open = await ruledCase(town, UNIT, MATTER);
  done(await handler.post(`/api/ownership/cases/${open.caseId}/appeal`, { reason: "清单有误" }));
  assert.equal(
    refused(await supervisor.post(`/api/ownership/cases/${open.caseId}/precedent`), 409),
    "precedent-not-ruled",
  );
  const undecided = await openCase(town, MATTER);
  assert.equal(
    refused(await supervisor.post(`/api/ownership/cases/${undecided.caseId}/precedent`), 409),
    "precedent-not-ruled",
  );
  done(await leader.post(`/api/ownership/cases/${caseId}/change`, rulingFor(await town.unit("清河街道"))));
  const ended = await read(id);
  assert.deepEqual([ended.versions[0].standing, ended.steps.at(-1).stepZh], ["overruled", "因改判废止"]);
  assert.ok(!ids(await offered(await another())).includes(id));
  const anew = done(await supervisor.post(`/api/ownership/cases/${caseId}/precedent`));
  assert.deepEqual([anew.id, anew.versions[0].version, anew.versions[0].lead.name], [id, 2, "清河"]);
});

test("the library is searched by words, unit and category", async () => {
  const { caseId } = await ruledCase(town, UNIT, MATTER);
  const { id } = await publish(town, caseId, { ...SCOPE, title: "景观亭照明由属地管护", spot: "玉带湖公园" });
  const found = async (query: string) =>
    ids(done(await triager.get(`/api/ownership/precedents?${query}`)).rows);
  assert.deepEqual(await found(`q=${encodeURIComponent("景观亭 玉带湖")}`), [id]);
  assert.deepEqual(await found(`q=${encodeURIComponent(`先例${id}`)}`), [id]);
  assert.deepEqual(await found(`q=${encodeURIComponent("没有这样的词")}`), []);
  assert.ok((await found(`unit=${await town.unit(UNIT)}&standing=standing`)).includes(id));
  assert.ok(!(await found(`unit=${await town.unit("上庄镇")}`)).includes(id));
  assert.ok(!(await found(`category=${encodeURIComponent("供热")}`)).includes(id));
});
