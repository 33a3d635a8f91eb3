/** 考核各画面之二. Exemption and shelving: lists, applying, one case, by the unit and by the centre. */
import type { District } from "./district.ts";
import type { Screen } from "./screen.ts";
import { seen } from "./screen.ts";

const heading = seen("main h1");
const panel = seen("main .panel");
const table = seen("main tbody tr");

export const LEDGER: readonly Screen[] = [
  {
    key: "exemption-open",
    zh: "不纳入考核：可申请（承办单位）",
    route: "/exemption",
    login: "renzh",
    path: "/exemption",
    act: heading,
    phone: "too",
  },
  {
    key: "exemption-apply",
    zh: "申请不纳入考核",
    route: "/exemption/new",
    login: "renzh",
    path: async (district) => {
      const { ticketId, round } = await openRound(district);
      return `/exemption/new?ticket=${ticketId}&round=${round}`;
    },
    act: panel,
  },
  {
    key: "exemption-case",
    zh: "不纳入考核：审核",
    route: "/exemption/$id",
    login: "fanjg",
    path: async (district) => `/exemption/${await applied(district)}`,
    act: seen("main .effect-scope tbody tr"),
  },
  {
    key: "exemption-list",
    zh: "不纳入考核：待审核",
    route: "/exemption",
    login: "shenyh",
    path: "/exemption?tab=applied",
    act: table,
  },
  {
    key: "exemption-accuracy",
    zh: "不纳入考核：认定情况",
    route: "/exemption",
    login: "shenyh",
    path: "/exemption?tab=accuracy",
    act: table,
  },
  {
    key: "exemption-batches",
    zh: "不纳入考核：报市批次",
    route: "/exemption/batches",
    login: "shenyh",
    path: async (district) => {
      await sentBatch(district);
      return "/exemption/batches";
    },
    act: table,
  },
  {
    key: "exemption-batch-new",
    zh: "不纳入考核：制作报市批次",
    route: "/exemption/batches/new",
    login: "shenyh",
    path: async (district) => {
      await approved(district);
      return "/exemption/batches/new";
    },
    act: table,
  },
  {
    key: "exemption-batch",
    zh: "不纳入考核：一个报市批次",
    route: "/exemption/batches/$id",
    login: "shenyh",
    path: async (district) => `/exemption/batches/${(await sentBatch(district)).id}`,
    act: table,
  },
  {
    key: "exemption-outcomes",
    zh: "不纳入考核：结果导入",
    route: "/exemption/outcomes",
    login: "shenyh",
    path: async (district) => {
      await outcomeFile(district);
      return "/exemption/outcomes";
    },
    act: table,
  },
  {
    key: "exemption-outcome",
    zh: "不纳入考核：认定结果逐行核对",
    route: "/exemption/outcomes/$id",
    login: "shenyh",
    path: async (district) => `/exemption/outcomes/${await outcomeFile(district)}`,
    act: table,
  },
  {
    key: "shelving-apply",
    zh: "申请挂账",
    route: "/shelving/new",
    login: "renzh",
    path: async (district) => `/shelving/new?ticket=${await reported(district)}`,
    act: panel,
  },
  {
    key: "shelving-one",
    zh: "一件挂账",
    route: "/shelving/$id",
    login: "fanjg",
    path: async (district) => `/shelving/${await shelved(district)}`,
    act: panel,
  },
  {
    key: "shelving-list",
    zh: "挂账清单",
    route: "/shelving",
    login: "fanjg",
    path: "/shelving",
    act: table,
  },
];

/** A round of the unit's that it may apply for. */
async function openRound({ call }: District): Promise<{ ticketId: string; round: unknown }> {
  const [first] = listIn(await call("renzh", "GET", "/api/exemptions/rounds"));
  if (!first) throw new Error("no round to apply for");
  return { ticketId: String(field(first, "ticketId")), round: field(first, "round") };
}

/** Of what the ground must have, only the first unless more is given. */
async function applied(
  district: District,
  said: { readonly ground: string; readonly evidence: readonly object[] } = UNREASONABLE,
): Promise<string> {
  const rounds = listIn(await district.call("renzh", "GET", "/api/exemptions/rounds"));
  const last = rounds.at(-1);
  if (!last) throw new Error("no round to apply for");
  const made = await district.call("renzh", "POST", "/api/exemptions", {
    ticketId: field(last, "ticketId"),
    round: field(last, "round"),
    reason: "诉求超出现行物业管理规定，已向市民当面说明。",
    ...said,
  });
  return String(field(made, "id"));
}

const UNREASONABLE = {
  ground: "unreasonable",
  evidence: [{ kind: "legalBasis", text: "《北京市物业管理条例》第三十六条" }],
};
/** A ground for which nobody must have been spoken with: not every round of the district has a contact. */
const NOT_OWNED = {
  ground: "notOwned",
  evidence: [{ kind: "ownership", text: "权属登记：该路段由市级养护单位管理。" }],
};

/** An application that the centre has approved, waiting to go to the city. */
async function approved(district: District): Promise<string> {
  const id = await applied(district, NOT_OWNED);
  const body = { decision: "pass", note: "佐证齐全，同意报市" };
  await district.call("fanjg", "POST", `/api/exemptions/${id}/review`, body);
  return id;
}

async function sentBatch(district: District): Promise<{ id: string; number: string }> {
  const one = await approved(district);
  const body = { key: `screen-batch-${one}`, ids: [one] };
  const made = await district.call("shenyh", "POST", "/api/exemptions/batches", body);
  const sent = await district.call("shenyh", "GET", `/api/exemptions/${one}`);
  return { id: String(field(made, "id")), number: String(field(sent, "number")) };
}

/** A file of the city's with a row that can be recorded and one that names nothing of ours. */
async function outcomeFile(district: District): Promise<string> {
  const { number } = await sentBatch(district);
  const rows = [`${number},,认定,,市热线〔2026〕31号`, "热线-错号-000000,,查否,佐证不足,"];
  const content = ["工单编号,承办单位,认定结果,查否理由,市级文号", ...rows].join("\r\n");
  const taken = await district.upload("shenyh", "/api/exemptions/outcomes", "市级认定结果.csv", content);
  return String(field(taken, "id"));
}

/** A ticket of the unit's that waits for its callback or its review, and so may be shelved. */
async function reported({ call }: District): Promise<string> {
  const list = await call("renzh", "GET", "/api/tickets?queue=unit-waiting&limit=50");
  const found = listIn(field(list, "rows")).find((row) =>
    ["reported", "calling"].includes(String(field(row, "state"))),
  );
  if (!found) throw new Error("nothing that may be shelved");
  return String(field(found, "id"));
}

async function shelved(district: District): Promise<string> {
  const made = await district.call("renzh", "POST", "/api/shelving", {
    ticketId: await reported(district),
    kind: "planned",
    reason: "管线改造列入明年计划",
    plan: "2027年3月开工，6月完工",
    termDay: "2027-06-30",
  });
  const id = String(field(made, "id"));
  await district.call("fanjg", "POST", `/api/shelving/${id}/decide`, { approve: true });
  return id;
}

function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function field(value: unknown, name: string): unknown {
  return value !== null && typeof value === "object" ? Reflect.get(value, name) : undefined;
}
