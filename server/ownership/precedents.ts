/**
 * 先例的办理. A ruling is drafted as a precedent, its scope narrowed, published by another person; amended by a further version,
 * overruled with a reason. What was published stays as it was, with the tickets that cited it.
 */
import {
  isVersionState,
  type PrecedentStep,
  precedentStepZh,
  precedentTo,
  scopeFault,
  VERSION_STATES,
} from "@jiesu/core/ownership/precedent.ts";
import { addDays, dayOf } from "@jiesu/core/time/day.ts";
import type { Actor } from "../platform/auth/actor.ts";
import { audit } from "../platform/auth/sessions.ts";
import type { Db } from "../platform/db/open.ts";
import { addWordings, Refused } from "../platform/errors.ts";
import { ownershipRulesOn } from "../platform/rules.ts";
import type { Shell } from "../platform/shell.ts";
import { cutterFor } from "../ticket/words.ts";
import type { Person } from "./actions.ts";
import {
  addPrecedentStep,
  type Content,
  insertPrecedent,
  insertVersion,
  lockPrecedent,
  type PrecedentVersion,
  precedentOfCase,
  setState,
  updateDraft,
  versionsOf,
} from "./precedentstore.ts";
import { caseOf } from "./store.ts";

const stateZh = (state: unknown): string =>
  typeof state === "string" && isVersionState(state) ? VERSION_STATES[state] : "";

addWordings({
  "precedent-not-yours": { status: 403, zh: () => "当前岗位不能进行此项先例办理。" },
  "precedent-state": {
    status: 409,
    zh: (r) => `先例这一版现为“${stateZh(r.state)}”，不能${precedentStepZh(String(r.step))}，请刷新后查看。`,
  },
  "precedent-same-person": {
    status: 409,
    zh: () => "先例须由起草人以外的人员发布，请另一位督办员、值班长或领导办理。",
  },
  "precedent-not-ruled": { status: 409, zh: () => "确权案尚未裁定，或正在复议，不能作为先例。" },
  "precedent-days": { status: 422, zh: () => "有效期的止日不能早于起日。" },
  "precedent-drafted": { status: 409, zh: () => "已有修订草稿，请在该草稿上修改。" },
  "scope-category": { status: 422, zh: () => "请填写一级分类：没有分类的先例会在各类工单上出现。" },
  "scope-words": {
    status: 422,
    zh: () => "范围过宽：请至少填写二级分类、街镇、社区、点位或事项词中的一项。",
  },
});

/** Few words are enough to know a matter by; who drafts mends them. */
const WORDS = 6;

/** 作为先例: a draft with the scope of its ticket; one a case, asked for again it is the same. */
export function draftPrecedent(shell: Shell, actor: Person, caseId: string): Promise<string> {
  return shell.db.transaction().execute(async (tx) => {
    const one = await caseOf(tx, actor, caseId);
    if (one === null) throw new Refused({ code: "not-found" });
    const answer = precedentTo("edit", "draft", { roles: actor.roles, isWriter: true });
    if (!answer.ok) throw new Refused(answer.refusal);
    await mustBeRuled(tx, actor, caseId);
    const known = await precedentOfCase(tx, caseId);
    const versions = known === null ? [] : await versionsOf(tx, known);
    if (known !== null && versions.some(({ state }) => state === "draft" || state === "published"))
      return known;
    const ticket = await tx
      .selectFrom("ticket")
      .select(["title", "content", "category1", "category2", "category3", "street", "community"])
      .where("id", "=", one.ticketId)
      .executeTakeFirstOrThrow();
    const now = shell.now();
    const from = dayOf(now);
    const { validDays } = ownershipRulesOn(shell.rules, now);
    const { title, content, ...scope } = ticket;
    const drafted: Content = {
      ...scope,
      title: title.trim() || content.slice(0, 40),
      spot: "",
      words: await tellingWords(
        shell,
        [scope.category3 || scope.category2, title.trim() || content.slice(0, 80)].filter(
          (part) => part !== "",
        ),
        [scope.street, scope.community],
      ),
      leadUnitId: one.leadUnitId ?? "",
      coUnitIds: one.coUnitIds,
      reason: [one.basis, one.reasons].filter((words) => words).join("\n"),
      from,
      to: addDays(from, validDays),
    };
    if (known === null) return insertPrecedent(tx, caseId, drafted, actor, now);
    // What was drafted before was discarded or ended: the ruling as it is now begins a version of its own.
    const next = Math.max(...versions.map((each) => each.version)) + 1;
    await insertVersion(tx, known, next, drafted, actor, now);
    await addPrecedentStep(tx, known, next, "draft", "", actor, now);
    return known;
  });
}

export function editPrecedent(shell: Shell, actor: Person, id: string, content: Content): Promise<void> {
  return step(shell, actor, id, "edit", "draft", async ({ tx, version, now }) => {
    mustBeSound(content);
    await updateDraft(tx, version.id, content, actor, now);
    return "";
  });
}

export function discardDraft(shell: Shell, actor: Person, id: string, note: string): Promise<void> {
  return step(shell, actor, id, "discard", "draft", async ({ tx, version, now }) => {
    await setState(tx, version.id, "discarded", actor, now);
    return note;
  });
}

/** 发布: what stood until now is amended by it. */
export function publishPrecedent(shell: Shell, actor: Person, id: string): Promise<void> {
  return step(shell, actor, id, "publish", "draft", async ({ tx, version, versions, now }) => {
    mustBeSound(version);
    await mustBeRuled(tx, actor, version.caseId);
    const before = versions.find((each) => each.state === "published");
    if (before) {
      await setState(tx, before.id, "amended", actor, now);
      await addPrecedentStep(tx, id, before.version, "supersede", `第 ${version.version} 版`, actor, now);
    }
    await setState(tx, version.id, "published", actor, now);
    await audit(tx, now, actor.userId, actor.name, "precedent-published", {
      detail: { precedent: id, version: version.version },
    });
    return "";
  });
}

/** 修订: a draft of the next version; the published one stands until that one is published. */
export function amendPrecedent(shell: Shell, actor: Person, id: string, note: string): Promise<void> {
  return step(shell, actor, id, "amend", "published", async ({ tx, version, versions, now }) => {
    if (versions.some((each) => each.state === "draft")) throw new Refused({ code: "precedent-drafted" });
    const next = Math.max(...versions.map((each) => each.version)) + 1;
    await insertVersion(tx, id, next, version, actor, now);
    return note;
  });
}

export function overrulePrecedent(shell: Shell, actor: Person, id: string, reason: string): Promise<void> {
  return step(shell, actor, id, "overrule", "published", async ({ tx, version, now }) => {
    await setState(tx, version.id, "overruled", actor, now);
    await audit(tx, now, actor.userId, actor.name, "precedent-overruled", {
      detail: { precedent: id, version: version.version },
    });
    return reason;
  });
}

/** One step on the version in that state; refused with the state of the newest where there is none. */
function step(
  shell: Shell,
  actor: Person,
  id: string,
  what: PrecedentStep,
  on: "draft" | "published",
  work: (at: {
    tx: Db;
    version: PrecedentVersion;
    versions: readonly PrecedentVersion[];
    now: number;
  }) => Promise<string>,
): Promise<void> {
  return shell.db.transaction().execute(async (tx) => {
    if ((await lockPrecedent(tx, id)) === null) throw new Refused({ code: "not-found" });
    const versions = await versionsOf(tx, id);
    const version = versions.find((each) => each.state === on) ?? versions[0];
    if (version === undefined) throw new Refused({ code: "not-found" });
    const isWriter = version.writtenBy === actor.userId;
    const answer = precedentTo(what, version.state, { roles: actor.roles, isWriter });
    if (!answer.ok) throw new Refused(answer.refusal);
    const now = shell.now();
    const note = await work({ tx, version, versions, now });
    await addPrecedentStep(tx, id, version.version, what, note, actor, now);
  });
}

function mustBeSound(content: Content): void {
  if (content.to !== null && content.to < content.from)
    throw new Refused({ code: "precedent-days", field: "to" });
  const fault = scopeFault(content);
  if (fault !== null) throw new Refused({ code: fault });
}

/** A ruling that stands: given, and not under appeal. */
async function mustBeRuled(tx: Db, actor: Actor, caseId: string): Promise<void> {
  const one = await caseOf(tx, actor, caseId);
  if (one === null || !["ruled", "upheld", "changed"].includes(one.state))
    throw new Refused({ code: "precedent-not-ruled" });
}

/** 事项词 of category and title, cut as the search cuts them; places are the scope's own. */
async function tellingWords(
  shell: Shell,
  told: readonly string[],
  places: readonly string[],
): Promise<string[]> {
  const cutter = await cutterFor(shell.db);
  // The category says it best, where it is known.
  const cut = told.map((part) => cutter.wordsOf(part));
  const words = [...new Set((cut[0] ?? []).length > 1 ? cut[0] : cut.flat())];
  return words
    .filter((word) => !words.some((longer) => longer !== word && longer.includes(word)))
    .filter((word) => !COMMON.has(word) && !PLACE.test(word) && !places.some((place) => place.includes(word)))
    .slice(0, WORDS);
}

/** Words of every complaint, and how the names of roads, crossings and estates end. */
const COMMON: ReadonlySet<string> = new Set([
  ...["市民", "反映", "来电", "投诉", "咨询", "求助", "建议", "问题", "希望", "有关"],
]);
const PLACE = /(?:路|街|口|桥|[东西南北]|里|村|镇|社区|小区|街道|地区)$/u;
