/** 演示排班. Who is on in the days around the present, by turns, and what the last shift left to the next. */
import { roster } from "@jiesu/core/duty/shifts.ts";
import type { Shell } from "@jiesu/server/platform/shell.ts";
import { CHARACTERS } from "./people.ts";

const DAY_MS = 86_400_000;
const CREW = 4;

const LEFT =
  "供热报修较昨日增多，集中在田村路、四季青，已与北部供热公司值班室建立联系，有集中停暖先电话再派单。\n市级热线来电要求：涉学校周边路灯的工单请当班办结派出。\n打印机缺纸已报修；今晚系统无维护。";

/** Enters the shifts of a week before and a week after now, and one hand-over; a roster with anything in it is left. */
export async function loadDuty(shell: Shell): Promise<void> {
  const { db } = shell;
  const known = await db.selectFrom("shift").select("id").limit(1).executeTakeFirst();
  if (known) return;
  const now = shell.now();
  const people = await db
    .selectFrom("app_user")
    .select(["id", "login", "name"])
    .where(
      "login",
      "in",
      CHARACTERS.map((p) => p.login),
    )
    .orderBy("id")
    .execute();
  const byLogin = new Map(people.map((p) => [p.login, p]));
  const withRole = (role: string) =>
    CHARACTERS.filter((p) => p.unit === null && p.role === role).flatMap((p) => byLogin.get(p.login) ?? []);
  const leads = withRole("shiftLead");
  const crew = ["triager", "caller", "supervisor", "closer"].flatMap(withRole);
  if (leads.length === 0) return;
  const slots = roster(shell.rules.duty, [], now - 7 * DAY_MS, now + 7 * DAY_MS);
  let last: { id: string; endsAt: number; lead: (typeof leads)[number] } | null = null;
  for (const [i, slot] of slots.entries()) {
    const lead = leads[i % leads.length];
    if (!lead) continue;
    const { id } = await db
      .insertInto("shift")
      .values({
        name: slot.name,
        starts_at: new Date(slot.startsAt),
        ends_at: new Date(slot.endsAt),
        lead_id: lead.id,
      })
      .returning("id")
      .executeTakeFirstOrThrow();
    const members = Array.from({ length: CREW }, (_, k) => crew[(i + k * 2) % crew.length]?.id ?? "");
    await db
      .insertInto("shift_member")
      .values([...new Set(members)].filter((m) => m !== "").map((user_id) => ({ shift_id: id, user_id })))
      .execute();
    if (slot.endsAt <= now) last = { id, endsAt: slot.endsAt, lead };
  }
  if (last)
    await db
      .insertInto("handover")
      .values({
        shift_id: last.id,
        text: LEFT,
        open: JSON.stringify({ at: new Date(last.endsAt).toISOString(), queues: [], tickets: [] }),
        user_id: last.lead.id,
        user_name: last.lead.name,
        at: new Date(last.endsAt),
      })
      .execute();
}
