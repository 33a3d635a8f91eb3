/** 退单与问题事件. A unit returns with ground and evidence, the centre reads the earlier ones and refuses; a bad closing is answered for. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { bring, done, go, lodge } from "@jiesu/server/testing/tickets.ts";
import { assertReachable, type OpenHouse, openHouse, PHONE } from "./house.ts";

const UNIT = "清河";

let house: OpenHouse;
before(async () => {
  house = await openHouse();
});
after(() => house.close());

test("a unit returns with its ground and evidence; the centre sees the earlier one beside it and refuses; the statistics follow", async () => {
  const { town, url } = house;
  const ticket = { title: "井盖松动", category1: "市政", content: "市民反映清河中街井盖松动。" };
  const earlier = await bring(town, "handling", UNIT, { ticket });
  const before = {
    kind: "owner",
    ground: "井盖属通信公司。",
    evidence: "井盖刻字照片",
    suggestUnit: "通信公司",
  };
  await go(await town.as("handler", UNIT), earlier, "returnToCentre", before);
  await go(await town.as("supervisor"), earlier, "refuseReturn", { reason: "首接负责，请先行处置。" });
  const id = await bring(town, "handling", UNIT, { ticket });

  const unit = await house.seat("handler", { unit: UNIT, name: "任志恒" });
  await unit.page.goto(`${url}/tickets/${id}`);
  await unit.page.getByRole("heading", { name: "井盖松动" }).waitFor();
  await unit.page.keyboard.press("r");
  const form = unit.page.getByRole("form", { name: "退单" });
  await form.getByText("本次为第 1 次退单；满 3 次后由中心指定承办单位").waitFor();
  await form.getByText("审核期间首次联系、办理反馈时限暂停", { exact: false }).waitFor();
  await form.getByText("权属不符", { exact: false }).click();
  await form.getByLabel("退单理由").fill("该井盖为通信井。");
  await form.getByRole("button", { name: "确认退单" }).click();
  await form.getByText("请填写退单依据").waitFor(); // the ground asks for it
  await form.getByLabel("退单依据").fill("井盖刻有通信公司标识，照片已附。");
  await form.getByLabel("建议承办单位").fill("通信公司");
  await unit.page.keyboard.press("Control+Enter");
  await form.waitFor({ state: "detached" });
  await unit.page.locator(".ticket-clocks").getByText("退单审核，暂停").first().waitFor();

  const desk = await house.seat("supervisor", { name: "范建国" });
  await desk.page.goto(`${url}/tickets/${id}`);
  const past = desk.page.getByRole("region", { name: "同一事项以往的退单" });
  await past.getByText("本单位同类别：同意 0 次，驳回 1 次").waitFor();
  await past.getByText("首接负责，请先行处置。", { exact: false }).waitFor();
  await desk.page.getByText("依据：井盖刻有通信公司标识，照片已附。").first().waitFor();
  await assertReachable(desk.page, "退单审核");
  await desk.page.keyboard.press("n");
  const refusal = desk.page.getByRole("form", { name: "驳回退单" });
  await refusal.getByLabel("驳回理由").fill("首接负责，请先行处置并协调通信公司。");
  await desk.page.keyboard.press("Control+Enter");
  await refusal.waitFor({ state: "detached" });

  await desk.page.goto(`${url}/returns?from=2026-11-01&to=2026-11-30`);
  const row = desk.page.getByRole("row").filter({ hasText: UNIT });
  await row.getByRole("link", { name: `${UNIT} 驳回退单 2` }).click();
  const behind = desk.page.getByRole("region", { name: `${UNIT} · 驳回退单 2` }).first();
  await behind.getByText("首接负责，请先行处置并协调通信公司。").waitFor();
  await assertReachable(desk.page, "退单统计");
});

test("a closed-against-standard ticket becomes a problem event; the unit answers with a thumb, the centre passes it", async () => {
  const { town, url } = house;
  const id = await bring(town, "closed", UNIT, { ticket: { title: "路灯不亮" } }); // reported at the minute of its acceptance
  await lodge(town);
  const supervisor = await town.as("supervisor");
  const desk = await house.seat("supervisor", { name: "范建国" });
  await desk.page.goto(`${url}/problems?from=2026-11-20&to=2026-11-20&tab=summary`);
  await desk.page.getByRole("button", { name: "梳理这一天 2026-11-20" }).click();
  await desk.page.getByRole("link", { name: new RegExp(`^${UNIT} 未办先结 1$`) }).waitFor();
  await assertReachable(desk.page, "问题事件汇总");

  const unit = await house.seat("unitLead", { unit: UNIT, size: PHONE, name: "方青云" });
  await unit.page.goto(`${url}/problems?kind=beforeHandled`);
  await unit.page.getByRole("link", { name: "未办先结" }).first().click();
  const form = unit.page.getByRole("form", { name: "答复" });
  await form.getByText("办理或回复不认真").click();
  await form.getByLabel("整改措施").fill("已约谈经办人，今后到场核实后再反馈。");
  await assertReachable(unit.page, "答复问题事件（手机）");
  await unit.page.reload(); // what was typed is still there
  assert.equal(await form.getByLabel("整改措施").inputValue(), "已约谈经办人，今后到场核实后再反馈。");
  await form.getByRole("button", { name: "提交答复" }).click();
  await form.waitFor({ state: "detached" });

  await desk.page.getByRole("link", { name: new RegExp(`^${UNIT} 未办先结 1$`) }).click();
  await desk.page.getByRole("link", { name: "未办先结" }).first().click();
  await desk.page.getByText("已约谈经办人，今后到场核实后再反馈。").first().waitFor();
  await desk.page.locator(".ant-segmented").getByText("审核通过").click();
  await desk.page
    .getByRole("form", { name: "审核通过" })
    .getByRole("button", { name: "提交审核通过" })
    .click();
  await desk.page.getByText("整改中").first().waitFor();
  const { rows } = done(await supervisor.get(`/api/problems?ticket=${id}&kind=beforeHandled`));
  assert.deepEqual(
    rows.map((r: { state: string; causeZh: string }) => [r.state, r.causeZh]),
    [["remedying", "办理或回复不认真"]],
  );
});
