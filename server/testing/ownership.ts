/** 试验确权. Brings a ticket to 确权 after its third return, and a case to any point of its road, every step through the routes. */
import { ownershipStep } from "../ownership/jobs.ts";
import { done, go, type Lodged, lodge } from "./tickets.ts";
import type { Answer, Town } from "./town.ts";
import { deliverMessages } from "./urging.ts";

/** The units that had it and returned it, in turn. */
export const RETURNERS = ["学院路街道", "清河街道", "学院路街道"] as const;

/** A ticket whose third return waits for the centre's review. */
export async function thirdReturn(town: Town, ticket: Lodged = {}): Promise<string> {
  const id = await lodge(town, ticket);
  const triager = await town.as("triager");
  await go(triager, id, "sign");
  for (const [i, unit] of RETURNERS.entries()) {
    await go(triager, id, "dispatch", { leadUnitId: await town.unit(unit), opinion: "请核实办理" });
    await go(await town.as("handler", unit), id, "returnToCentre", { ground: `非${unit}管理范围` });
    if (i < RETURNERS.length - 1) await go(triager, id, "acceptReturn", {});
  }
  return id;
}

/** The case of a ticket that was returned three times, opened by the supervisor: its id and the ticket's. */
export async function openCase(
  town: Town,
  ticket: Lodged = {},
): Promise<{ readonly caseId: string; readonly ticketId: string }> {
  const ticketId = await thirdReturn(town, ticket);
  const supervisor = await town.as("supervisor");
  await go(supervisor, ticketId, "openOwnership", { reason: "两家均称非本单位职责" });
  const found = done(await supervisor.get(`/api/ownership/cases?ticket=${ticketId}`));
  return { caseId: found.rows[0].id, ticketId };
}

export const claimOf = (position: "mine" | "shared" | "notMine", statement: string) => ({
  ...{ position, statement },
  articles: [{ paper: "北京市市政设施管理办法", article: "第十二条", text: "由产权单位维护" }],
});

export const rulingFor = (leadUnitId: string) => ({
  ...{ leadUnitId, basis: "路灯在市政道路红线内，由属地街镇维护。", reasons: "现场核对道路移交清单。" },
  articles: [{ paper: "北京市市政设施管理办法", article: "第十二条", text: "" }],
});

/** A case that was opened and ruled for that unit. */
export async function ruledCase(town: Town, unit: string, ticket: Lodged = {}) {
  const opened = await openCase(town, ticket);
  const supervisor = await town.as("supervisor");
  const ruling = rulingFor(await town.unit(unit));
  done(await supervisor.post(`/api/ownership/cases/${opened.caseId}/rule`, ruling));
  return opened;
}

/** The ruling as a precedent in force: drafted by the supervisor with this scope, published by the shift lead. */
export async function publish(
  town: Town,
  caseId: string,
  scope: object,
): Promise<{ readonly id: string; readonly versionId: string }> {
  const supervisor = await town.as("supervisor");
  const draft = done(await supervisor.post(`/api/ownership/cases/${caseId}/precedent`));
  done(
    await supervisor.put(`/api/ownership/precedents/${draft.id}`, { ...bodyOf(draft.versions[0]), ...scope }),
  );
  const published = done(
    await (await town.as("shiftLead")).post(`/api/ownership/precedents/${draft.id}/publish`),
  );
  return { id: draft.id, versionId: published.versions[0].id };
}

/** What a version says, as it is written. */
export function bodyOf(version: Answer["body"]): object {
  const { title, category1, category2, category3, street, community, spot, words, reason, from, to } =
    version;
  return {
    ...{ title, category1, category2, category3, street, community, spot, words, reason, from, to },
    leadUnitId: version.lead.id,
    coUnitIds: version.co.map((unit: { id: string }) => unit.id),
  };
}

/** Lets everybody be told of what has happened. */
export async function tellOwnership(town: Town): Promise<void> {
  while ((await ownershipStep(town.shell)) > 0);
  await deliverMessages(town);
}
