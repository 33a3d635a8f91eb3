import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { claimOf, openCase, ruledCase, rulingFor, tellOwnership, thirdReturn } from "../testing/ownership.ts";
import { done, go, look, refused } from "../testing/tickets.ts";
import { type Answer, type Client, openTown, type Town } from "../testing/town.ts";

const FIRST = "学院路街道";
const SECOND = "清河街道";

let town: Town;
let supervisor: Client;
let shiftLead: Client;
let leader: Client;
let first: Client;
let second: Client;
let stranger: Client;
let bureau: string;
before(async () => {
  town = await openTown(); // Friday 2026-11-20, 09:00
  supervisor = await town.as("supervisor");
  shiftLead = await town.as("shiftLead");
  leader = await town.as("leader");
  first = await town.as("handler", FIRST);
  second = await town.as("unitLead", SECOND);
  stranger = await town.as("handler", "上庄镇");
  bureau = (
    await town.shell.db
      .selectFrom("unit")
      .select(["id", "name"])
      .where("kind", "=", "bureau")
      .orderBy("id")
      .executeTakeFirstOrThrow()
  ).id;
  await tellOwnership(town);
});
after(() => town?.close());

const read = async (who: Client, id: string) => done(await who.get(`/api/ownership/cases/${id}`));
const step = (who: Client, id: string, what: string, body: object = {}): Promise<Answer> =>
  who.post(`/api/ownership/cases/${id}/${what}`, body);
const stepsIn = (one: Answer["body"]): string[] => one.steps.map((each: { step: string }) => each.step);

test("提交确权 after the third return opens a case with the units that returned it, in the same transaction", async () => {
  const ticket = await thirdReturn(town);
  const { returns } = await look(supervisor, ticket);
  assert.equal(returns, 3);
  await go(supervisor, ticket, "openOwnership", { reason: "三次退单，权属不清" });
  const [row] = done(await supervisor.get(`/api/ownership/cases?ticket=${ticket}`)).rows;
  const one = await read(supervisor, row.id);
  assert.deepEqual(
    [one.state, one.reason, one.claims.map((each: { unit: { name: string } }) => each.unit.name).sort()],
    ["claims", "三次退单，权属不清", ["学院路", "清河"]],
  );
  assert.deepEqual(
    one.returned.map((each: { unit: string }) => each.unit),
    ["学院路", "清河", "学院路"],
  );
  assert.equal(one.claimBy, new Date(town.shell.now() + 24 * 3_600_000).toISOString());
  assert.ok(one.dueAt !== null, "the ticket's own clock of 确权裁定 runs");
  // taken back at once, the case is over with it; opened again, it is another
  done(await supervisor.post(`/api/tickets/${ticket}/undo`));
  assert.equal((await read(supervisor, row.id)).state, "withdrawn");
  await go(supervisor, ticket, "openOwnership", { reason: "再次提交" });
  const rows = done(await supervisor.get(`/api/ownership/cases?ticket=${ticket}&state=all`)).rows;
  assert.deepEqual(
    rows.map((each: { state: string }) => each.state),
    ["claims", "withdrawn"],
  );
});

test("from the claims through meeting, opinion and report to the ruling: each step by whom it is due, all on the ticket's timeline", async () => {
  const { caseId: id, ticketId } = await openCase(town);
  done(await step(first, id, "claims", claimOf("notMine", "该路段已移交区级管理")));
  done(await step(second, id, "claims", claimOf("notMine", "不在本街道范围")));
  done(await step(supervisor, id, "parties", { unitId: bureau }));
  const photo = done(
    await supervisor.upload(`/api/tickets/${ticketId}/attachments`, "现场.png", PNG, "image/png"),
  ).id;
  done(await step(supervisor, id, "site", { text: "灯杆编号无，位于红线内。", files: [photo] }));
  const startsAt = new Date(town.shell.now() + 3_600_000).toISOString();
  done(await step(supervisor, id, "meeting", { kind: "onSite", startsAt, place: "学院路东口" }));
  const moved = done(
    await step(supervisor, id, "meeting", { kind: "office", startsAt, place: "中心会议室" }),
  );
  assert.deepEqual(
    moved.meetings.map((each: { state: string; place: string }) => [each.state, each.place]),
    [
      ["called", "中心会议室"],
      ["moved", "学院路东口"],
    ],
  );
  const attendance = [
    { unitId: first.actor.unitId, name: "任某", post: "副主任", presence: "present" },
    { unitId: second.actor.unitId, name: "高某", post: "", presence: "excused" },
    { unitId: null, name: "市级代表", post: "", presence: "observer" },
  ];
  done(await step(supervisor, id, "meeting/minutes", { attendance, minutes: "各方核对了移交清单。" }));
  const opinion = { leadUnitId: await town.unit(FIRST), coUnitIds: [bureau], text: "建议由属地主办。" };
  done(await step(supervisor, id, "opinion", opinion));
  done(await step(supervisor, id, "report", { to: "区政府主管领导", note: "请批示" }));
  const answer = { decision: "agreed", text: "同意", from: "主管领导", paper: "海领批〔2026〕8号" };
  const answered = done(await step(leader, id, "answer", answer));
  assert.deepEqual([answered.state, answered.report.answer.text], ["answered", "同意"]);
  const ruled = done(
    await step(shiftLead, id, "rule", { ...rulingFor(await town.unit(FIRST)), coUnitIds: [bureau] }),
  );
  assert.deepEqual(stepsIn(ruled), [
    ...["open", "claim", "claim", "invite", "site", "callMeeting", "callMeeting", "minutes", "opine"],
    ...["reportUp", "answerUp", "rule"],
  ]);
  assert.deepEqual(
    [ruled.state, ruled.ruling.lead.name, ruled.ruling.reasons, ruled.ruling.articles[0].article],
    ["ruled", "学院路", "现场核对道路移交清单。", "第十二条"],
  );
  const ticket = await look(first, ticketId);
  assert.deepEqual([ticket.state, ticket.round, ticket.assignments[0].designated], ["dispatched", 4, true]);
  const back = await first.move(ticketId, "returnToCentre", { ground: "仍非本单位" });
  assert.match(refused(back, 409), /^(designated|returns-used-up)$/);
  const told = ticket.events.filter((e: { kind: string }) => e.kind === "ownership");
  assert.equal(told.length, 10);
  assert.ok(
    !JSON.stringify(ticket.events).includes("该路段已移交区级管理"),
    "a claim is read on the case alone",
  );
});

const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABpfZFQAAAAABJRU5ErkJggg==",
  "base64",
);

test("each unit sees the cases that it is party to, its own claim at once, the others' once its own is in, the opinion once ruled", async () => {
  const { caseId: id, ticketId } = await openCase(town);
  done(await step(first, id, "claims", claimOf("notMine", "属城管委")));
  done(await step(supervisor, id, "opinion", { leadUnitId: bureau, text: "拟由城管委主办" }));
  const seen = async (who: Client) =>
    (await read(who, id)).claims.map((c: { standing: string }) => c.standing);
  assert.deepEqual(await seen(supervisor), ["shown", "none"]);
  assert.deepEqual(await seen(second), ["hidden", "none"]);
  assert.equal((await read(second, id)).opinion, null);
  assert.ok(!stepsIn(await read(second, id)).includes("opine"));
  assert.equal(refused(await stranger.get(`/api/ownership/cases/${id}`), 404), "not-found");
  assert.deepEqual(done(await stranger.get("/api/ownership/cases?state=all")).rows, []);
  assert.equal(refused(await step(stranger, id, "claims", claimOf("mine", "归我")), 404), "not-found");
  // 上庄镇 is asked: it reads the case, not the ticket, and may add a photo of its own
  const other = await openCase(town);
  done(await step(supervisor, other.caseId, "parties", { unitId: stranger.actor.unitId }));
  assert.equal((await read(stranger, other.caseId)).ticketText.open, false);
  assert.equal((await stranger.get(`/api/tickets/${other.ticketId}`)).status, 404);
  const file = done(await stranger.upload(`/api/tickets/${other.ticketId}/attachments`, "界桩.png", PNG)).id;
  const said = { ...claimOf("notMine", "界桩以东"), files: [file] };
  const claimed = done(await step(stranger, other.caseId, "claims", said));
  assert.equal(
    claimed.claims.find((c: { claim: unknown }) => c.claim !== null).claim.files[0].name,
    "界桩.png",
  );
  assert.equal((await stranger.get(`/api/tickets/${other.ticketId}/attachments/${file}`)).status, 200);
  const theirs = done(await first.upload(`/api/tickets/${ticketId}/attachments`, "清单.png", PNG)).id;
  assert.equal((await stranger.get(`/api/tickets/${ticketId}/attachments/${theirs}`)).status, 404);
});

test("the same claim sent again is there once; another takes its place and the first stays on record; after the window it is late", async () => {
  const { caseId: id } = await openCase(town);
  const said = claimOf("notMine", "不在本街道范围");
  done(await step(first, id, "claims", said));
  done(await step(first, id, "claims", said));
  const mine = async () =>
    (await read(first, id)).claims.find((c: { unit: { id: string } }) => c.unit.id === first.actor.unitId)
      .claim;
  assert.equal((await mine()).versions, 1);
  town.pass(25 * 3_600_000);
  const later = await town.afresh("handler", FIRST);
  done(await step(later, id, "claims", { ...said, position: "shared", statement: "可以协办" }));
  first = later;
  const claim = await mine();
  assert.deepEqual([claim.versions, claim.position, claim.late], [2, "shared", true]);
  town.at("2026-11-20", "09:00");
  first = await town.afresh("handler", FIRST);
  const rows = await town.shell.db
    .selectFrom("ownership_claim")
    .select("id")
    .where("case_id", "=", id)
    .execute();
  await assert.rejects(
    town.shell.db
      .deleteFrom("ownership_claim")
      .where("id", "=", rows[0]?.id ?? "")
      .execute(),
    /append-only/,
  );
});

test("a party appeals once within three days; who ruled does not decide; upheld, all stays as it was", async () => {
  const { caseId: id, ticketId } = await ruledCase(town, FIRST);
  const one = await read(first, id);
  assert.equal(one.appealBy, "2026-11-23T15:59:59.999Z"); // the end of Monday
  assert.deepEqual(one.may, ["appeal"]);
  done(await step(first, id, "appeal", { reason: "移交清单有误" }));
  assert.equal(refused(await step(second, id, "appeal", { reason: "再申请" }), 409), "ownership-state");
  assert.equal(
    refused(await step(supervisor, id, "uphold", { reasons: "清单无误" }), 409),
    "ownership-same-person",
  );
  const upheld = done(await step(leader, id, "uphold", { reasons: "清单无误" }));
  assert.deepEqual(
    [upheld.state, upheld.appeal.outcome, upheld.appeal.decidedBy],
    ["upheld", "upheld", "leader"],
  );
  assert.equal((await look(first, ticketId)).leadUnit.name, "学院路");
  assert.equal(refused(await step(first, id, "appeal", { reason: "再来" }), 409), "ownership-state");
});

test("the window for an appeal over, the ruling stands", async () => {
  const { caseId: id } = await ruledCase(town, FIRST);
  town.at("2026-11-24", "00:00"); // Tuesday
  first = await town.afresh("handler", FIRST);
  const late = await step(first, id, "appeal", { reason: "移交清单有误" });
  assert.equal(refused(late, 409), "ownership-appeal-late");
  assert.match(late.body.message, /11-23 23:59/);
  town.at("2026-11-20", "09:00");
  first = await town.afresh("handler", FIRST);
});

test("改判 takes the ticket to the other unit in a round of its own; the first round no longer counts for its unit", async () => {
  const { caseId: id, ticketId } = await ruledCase(town, FIRST);
  await go(first, ticketId, "accept");
  const early = await leader.move(ticketId, "rerule", { ...rulingFor(bureau) });
  assert.equal(refused(early, 409), "appeal-none");
  done(await step(first, id, "appeal", { reason: "移交清单有误" }));
  const same = await step(leader, id, "change", rulingFor(await town.unit(FIRST)));
  assert.equal(refused(same, 422), "ownership-no-change");
  const changed = done(await step(leader, id, "change", { ...rulingFor(bureau), reasons: "查明由区级管理" }));
  assert.deepEqual(
    [changed.state, changed.ruling.lead.id, changed.appeal.reasons],
    ["changed", bureau, "查明由区级管理"],
  );
  const ticket = await look(supervisor, ticketId);
  assert.deepEqual([ticket.state, ticket.round, ticket.leadUnit.id], ["dispatched", 5, bureau]);
  const ended = ticket.assignments.find((a: { round: number }) => a.round === 4);
  assert.equal(ended.endedAs, "ruled");
  const running = ticket.clocks.filter((c: { state: string }) => c.state === "running");
  assert.ok(
    running.length > 0 && running.every((c: { round: number }) => c.round === 5),
    JSON.stringify(running),
  );
  const voided = await town.shell.db
    .selectFrom("result")
    .select(["round", "void"])
    .where("ticket_id", "=", ticketId)
    .where("void", "=", false)
    .execute();
  assert.deepEqual(
    voided.map((r) => r.round),
    [5],
  );
});

test("parties and the centre are told of what concerns them, once", async () => {
  const { caseId: id, ticketId } = await openCase(town);
  done(await step(first, id, "claims", claimOf("mine", "归我")));
  await tellOwnership(town);
  await tellOwnership(town);
  const titles = async (who: Client): Promise<string[]> =>
    done(await who.get("/api/inbox?limit=100"))
      .rows.filter((m: { ticket: { id: string } | null }) => m.ticket?.id === ticketId)
      .map((m: { title: string }) => m.title);
  assert.ok((await titles(second)).includes("请提交确权意见"));
  assert.equal((await titles(supervisor)).filter((t) => t === "当事单位已提交确权意见").length, 1);
  assert.equal((await titles(first)).filter((t) => t === "请提交确权意见").length, 1);
  assert.deepEqual(await titles(stranger), []);
});

test("the paper for those above says case, claims, meeting and opinion, in Word and in Excel; units do not get it", async () => {
  const { caseId: id } = await openCase(town);
  done(await step(first, id, "claims", claimOf("notMine", "移交区级管理")));
  done(await step(supervisor, id, "opinion", { leadUnitId: bureau, text: "拟由区级部门主办" }));
  for (const kind of ["docx", "xlsx"]) {
    const answer = await supervisor.get(`/api/ownership/cases/${id}/paper.${kind}`);
    assert.equal(answer.status, 200);
    assert.equal(answer.raw.subarray(0, 2).toString(), "PK");
  }
  assert.equal((await first.get(`/api/ownership/cases/${id}/paper.docx`)).status, 403);
});

test("a step that is not due is refused with the state in words, and a file that is not the ticket's is not taken", async () => {
  const { caseId: id } = await openCase(town);
  const early = await step(supervisor, id, "meeting/minutes", {
    attendance: [{ name: "某人", presence: "present" }],
    minutes: "没有开过",
  });
  assert.equal(refused(early, 409), "ownership-state");
  assert.match(early.body.message, /征求意见.*登记会议/);
  assert.equal(
    refused(await step(first, id, "claims", { ...claimOf("mine", "归我"), files: ["99999999"] }), 422),
    "ownership-file",
  );
  assert.equal(
    refused(await step(supervisor, id, "claims", claimOf("mine", "代登记")), 422),
    "ownership-unit",
  );
  done(
    await step(supervisor, id, "claims", {
      ...claimOf("mine", "电话表示归其管"),
      unitId: first.actor.unitId,
    }),
  );
});
