/** 确权与先例画面. Cases, one with claims and meeting, the unit's own on the telephone; the library, one precedent, and triage citing it. */
import type { Page } from "playwright-core";
import type { District } from "./district.ts";
import type { Screen } from "./screen.ts";
import { seen } from "./screen.ts";

export const OWNERSHIP: readonly Screen[] = [
  {
    key: "ownership",
    zh: "确权案",
    route: "/ownership",
    login: "fanjg",
    path: async (district) => {
      await made(district);
      return "/ownership?state=all";
    },
    act: seen("main tbody tr"),
  },
  {
    key: "ownership-case",
    zh: "一件确权案：各方意见、会议、初步意见",
    route: "/ownership/$id",
    login: "fanjg",
    path: async (district) => `/ownership/${(await made(district)).open}`,
    act: seen(".claim .case-words"),
  },
  {
    key: "ownership-ruling",
    zh: "确权裁定",
    route: "/ownership/$id",
    login: "linhai",
    path: async (district) => `/ownership/${(await made(district)).open}`,
    act: async (page) => {
      await page.getByRole("button", { name: /^裁定/ }).click();
      await page.getByRole("form", { name: "裁定" }).waitFor();
    },
  },
  {
    key: "ownership-claim",
    zh: "单位提交确权意见",
    route: "/ownership/$id",
    login: "renzh",
    path: async (district) => `/ownership/${(await made(district)).open}`,
    act: claiming,
    phone: "too",
  },
  {
    key: "precedents",
    zh: "先例库",
    route: "/ownership/precedents",
    login: "linhai",
    path: async (district) => {
      await made(district);
      return "/ownership/precedents";
    },
    act: seen("main tbody tr"),
  },
  {
    key: "precedents-one",
    zh: "一个先例",
    route: "/ownership/precedents/$id",
    login: "linhai",
    path: async (district) => `/ownership/precedents/${(await made(district)).precedent}`,
    act: seen(".case .panel"),
  },
  {
    key: "precedents-draft",
    zh: "修改先例草稿",
    route: "/ownership/precedents/$id",
    login: "fanjg",
    path: async (district) => `/ownership/precedents/${(await made(district)).draft}`,
    act: async (page) => {
      await page.getByRole("button", { name: "修改草稿" }).click();
      await page.getByRole("form", { name: "修改草稿" }).waitFor();
    },
  },
  {
    key: "precedents-offered",
    zh: "分拣时可引的先例",
    route: "/tickets/$id",
    login: "zhouxl",
    path: async (district) => `/tickets/${(await made(district)).next}`,
    act: seen(".offered li"),
  },
];

async function claiming(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^提交意见/ }).click();
  await page.getByRole("form", { name: "提交意见" }).waitFor();
}

interface Made {
  /** A case being heard. */
  readonly open: string;
  /** A precedent in force, a draft, and a ticket that the first speaks of. */
  readonly precedent: string;
  readonly draft: string;
  readonly next: string;
}

const kept = new WeakMap<District, Promise<Made>>();

/** Once for all these screens. */
function made(district: District): Promise<Made> {
  const before = kept.get(district);
  if (before) return before;
  const making = make(district);
  kept.set(district, making);
  return making;
}

const LAMPS = {
  ...{
    channel: "电话",
    kind: "投诉",
    street: "学院路街道",
    category1: "市政",
    category2: "路灯",
    category3: "路灯不亮",
  },
  title: "学院路东口路灯不亮",
  content: "市民反映海淀区学院路街道学院路东口路灯不亮已有一周，夜间通行不便，希望尽快修复。",
};

async function make({ town, call }: District): Promise<Made> {
  const [street, bureau] = [await town.unit("学院路"), await town.unit("区城市管理委")];
  const opened = async (): Promise<string> => {
    const ticket = idOf(Reflect.get(Object(await call("zhouxl", "POST", "/api/tickets", LAMPS)), "ticket"));
    for (const [move, input] of [
      ["sign", {}],
      ["openOwnership", { reason: "两家单位均称灯杆非本单位管护，多次退单。" }],
    ] as const)
      await call("zhouxl", "POST", `/api/tickets/${ticket}/moves/${move}`, {
        version: await versionOf(ticket),
        input,
      });
    const rows: unknown = Reflect.get(
      Object(await call("fanjg", "GET", `/api/ownership/cases?ticket=${ticket}`)),
      "rows",
    );
    const id = idOf(Array.isArray(rows) ? rows[0] : null);
    for (const unitId of [street, bureau])
      await call("fanjg", "POST", `/api/ownership/cases/${id}/parties`, { unitId });
    return id;
  };
  const versionOf = async (ticket: string): Promise<unknown> =>
    Reflect.get(Object(await call("zhouxl", "GET", `/api/tickets/${ticket}`)), "version");
  const step = (login: string, id: string, what: string, body: object) =>
    call(login, "POST", `/api/ownership/cases/${id}/${what}`, body);
  const articles = [{ paper: "北京市市政设施管理办法", article: "第十二条", text: "市政照明由管护单位维护" }];
  const ruled = async (): Promise<string> => {
    const id = await opened();
    const ruling = { leadUnitId: bureau, basis: "灯杆已移交区级管护，由区城市管理委主办。", articles };
    await step("fanjg", id, "rule", ruling);
    return idOf(await call("fanjg", "POST", `/api/ownership/cases/${id}/precedent`));
  };
  const precedent = await ruled();
  const scope = {
    ...{
      title: "市政道路路灯不亮由区城市管理委主办",
      category1: "市政",
      category2: "路灯",
      category3: "路灯不亮",
    },
    ...{
      street: "学院路街道",
      community: "",
      spot: "",
      words: ["路灯", "不亮"],
      leadUnitId: bureau,
      coUnitIds: [],
    },
    ...{ reason: "灯杆已移交区级管护，由区城市管理委主办。", from: "2026-11-20", to: "2028-11-19" },
  };
  await call("fanjg", "PUT", `/api/ownership/precedents/${precedent}`, scope);
  await call("linhai", "POST", `/api/ownership/precedents/${precedent}/publish`, {});
  const draft = await ruled();
  const open = await opened();
  await step("fanjg", open, "claims", {
    ...{ unitId: street, position: "notMine", articles },
    statement: "该路段路灯2024年移交区级管护，街道无维修权限。",
  });
  await step("fanjg", open, "site", { text: "灯杆无编号牌，电源箱由区级配电。" });
  const meeting = {
    kind: "onSite",
    startsAt: "2026-11-20T01:00:00.000Z",
    place: "学院路东口",
    agenda: "核对移交清单",
  };
  await step("fanjg", open, "meeting", meeting);
  await step("fanjg", open, "meeting/minutes", {
    attendance: [
      { unitId: street, name: "马清渡", post: "科员", presence: "present" },
      { unitId: bureau, name: "任志恒", post: "副科长", presence: "excused" },
      { unitId: null, name: "范建国", post: "督办员", presence: "present" },
    ],
    minutes: "现场核对移交清单第12项，灯杆在清单内。",
  });
  const next = idOf(
    Reflect.get(
      Object(
        await call("zhouxl", "POST", "/api/tickets", {
          ...LAMPS,
          content: "学院路东口的路灯又不亮了，请维修。",
        }),
      ),
      "ticket",
    ),
  );
  await call("zhouxl", "POST", `/api/tickets/${next}/moves/sign`, {
    version: await versionOf(next),
    input: {},
  });
  return { open, precedent, draft, next };
}

function idOf(found: unknown): string {
  const id: unknown = Reflect.get(Object(found), "id");
  if (typeof id !== "string") throw new Error(`nothing was made: ${JSON.stringify(found)}`);
  return id;
}
