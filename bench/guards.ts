/** 办前检查的准头. Planted faults caught by kind, sound tickets stopped, and real replies where they are at hand: figures alone. */
import { lookBefore, stopsOf } from "@jiesu/core/guard/guard.ts";
import { loadRules } from "@jiesu/server/platform/rules.ts";
import { measureGuards } from "../seeds/faultfigures.ts";
import { plantedTickets } from "../seeds/faults.ts";
import { REAL_FILES, realDataIsHere, realReplies } from "../seeds/guardreal.ts";
import { measured, type Tell } from "./measure.ts";

const SEED = 2026;
const TICKETS = 2400;

export async function guards(tell: Tell): Promise<void> {
  const list = loadRules().checklists.at(-1)?.body;
  if (!list) throw new Error("no checklist");
  const planted = plantedTickets(SEED, TICKETS);
  const began = performance.now();
  const { faults, sound } = measureGuards(planted, list);
  const perTicket = (performance.now() - began) / planted.length;
  for (const { fault, caught, planted: of, stopped } of faults)
    tell(measured(`guards ${fault}`, caught, "caught", of, `planted; ${stopped} stopped, the rest told`));
  tell(measured("guards sound tickets stopped", sound.stopped, "tickets", sound.tickets, "sound tickets"));
  tell(measured("guards sound tickets with a hint", sound.warned, "tickets", sound.tickets, "sound tickets"));
  tell(measured("guards one ticket", perTicket, "ms", planted.length, "tickets looked at"));
  if (!realDataIsHere()) return;
  for (const each of REAL_FILES) {
    const replies = await realReplies(each);
    const stopped = replies.filter((facts) => stopsOf(lookBefore(facts, list)).length > 0).length;
    tell(measured(`guards ${each.name}`, stopped, "stopped", replies.length, "real replies"));
  }
}
