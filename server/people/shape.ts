/** 单位与账号的字段. What the routes of people and units take and answer, checked at the door. */
import { parseDay } from "@jiesu/core/time/day.ts";
import { z } from "zod";
import type { AuditChange } from "../platform/auth/sessions.ts";
import { addWordings } from "../platform/errors.ts";

addWordings({
  "changed-meanwhile": {
    status: 409,
    zh: (r) => `${String(r.what)}已由他人先一步修改，您的内容未保存；请刷新核对后再改。`,
  },
  "unit-has-work": {
    status: 409,
    zh: (r) => `该单位还有${String(r.left)}，请一并移交承接单位，或先办结、改派、停用。`,
  },
  "unit-part-twice": {
    status: 409,
    zh: (r) => `承接单位已在以下工单中承办或协办，请先撤销其中一方再撤并：${String(r.tickets)}`,
  },
  "unit-applications": {
    status: 409,
    zh: (r) => `该单位还有 ${String(r.n)} 件不纳入考核或挂账申请在途，请先办结再撤并。`,
  },
  "unit-merge": { status: 422, zh: (r) => String(r.message) },
  "unit-name-day": { status: 422, zh: (r) => String(r.message) },
  "last-admin": { status: 409, zh: () => "这是最后一个可用的系统管理员账号，不能停用或改作他岗。" },
  "admin-password": {
    status: 403,
    zh: (r) =>
      `${String(r.post)}的密码由另一位${String(r.post)}重置；没有第二位的，请运维人员在服务器上用命令重置。`,
  },
  "own-password": { status: 409, zh: () => "自己的密码请在“修改密码”中更换，须先输入原密码。" },
  "not-oneself": { status: 409, zh: () => "不能停用自己的账号或改动自己的岗位，请由另一位系统管理员办理。" },
});

export const Id = z.string().regex(/^[1-9]\d{0,17}$/);
export const DayText = z.string().transform((text, context) => {
  const day = parseDay(text);
  if (day !== null && day >= "2000-01-01" && day < "2100-01-01") return day;
  context.addIssue({ code: "custom", message: "应为日期，如 2026-11-20" });
  return z.NEVER;
});
export const VersionNumber = z.number().int().min(1);

/** A line of text that people type: trimmed, without what the database cannot hold. */
export const line = (most: number) =>
  z
    .string()
    .trim()
    .max(most)
    .refine((s) => !s.includes("\0") && s.isWellFormed(), "含有无法保存的字符");
export const Name = line(60).refine((s) => s !== "", "请填写");

/** The fields that changed, before and after, in words: for the audit. */
export function changesOf(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): AuditChange[] {
  return Object.keys(after)
    .filter((field) => after[field] !== undefined && wordsOf(before[field]) !== wordsOf(after[field]))
    .map((field) => ({ field, before: wordsOf(before[field]), after: wordsOf(after[field]) }));
}

function wordsOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  return Array.isArray(value) ? value.join("、") : String(value);
}
