/** 试验督办. Registers items and walks them along the usual road, every step through the routes by the role that owes it. */
import { randomUUID } from "node:crypto";
import type { SupervisionStep } from "@jiesu/core/supervision/lifecycle.ts";
import { done } from "./tickets.ts";
import type { Answer, Client, Town } from "./town.ts";

interface Noted {
  readonly title?: string;
  readonly level?: "general" | "key" | "listed";
  readonly due?: string | null;
  readonly numbers?: readonly string[];
}

/** A leader's note registered by the supervisor; answers the item. */
export async function note(town: Town, more: Noted = {}): Promise<Answer["body"]> {
  const supervisor = await town.as("supervisor");
  return done(
    await supervisor.post("/api/supervision", {
      ...{
        once: randomUUID(),
        title: "学院路东口夜间施工扰民",
        matter: "请属地核实，限期解决。",
        leader: "王区长",
      },
      ...{ notedOn: "2026-11-20", level: "general", due: null, numbers: [], ...more },
    }),
  );
}

/** Sends a step as the screen does; the item's version is looked up unless one is given. */
export async function step(
  who: Client,
  id: string,
  name: SupervisionStep,
  input: Readonly<Record<string, unknown>> = {},
  more: { readonly version?: number; readonly once?: string } = {},
): Promise<Answer> {
  const version = more.version ?? (await who.get(`/api/supervision/${id}`)).body?.version ?? 1;
  return who.post(`/api/supervision/${id}/steps/${name}`, {
    once: more.once ?? randomUUID(),
    version,
    input,
  });
}

const ROAD = ["arrived", "handling", "answered", "review", "closed"] as const;

/** An item of a note brought along the usual road until it stands at `stop`, led by `unit`; answers its id. */
export async function bringItem(
  town: Town,
  stop: (typeof ROAD)[number],
  unit: string,
  more: Noted = {},
): Promise<string> {
  const { id } = await note(town, more);
  const [supervisor, handler, leader] = [
    await town.as("supervisor"),
    await town.as("handler", unit),
    await town.as("leader"),
  ];
  const last = ROAD.indexOf(stop);
  const steps = [
    () => step(supervisor, id, "forward", { unitIds: [unitId], text: "请按期办结" }),
    () => step(handler, id, "answer", { text: "已停工整改并告知居民" }),
    () => step(supervisor, id, "pass", { text: "情况属实" }),
    () => step(leader, id, "close", { text: "同意销号" }),
  ];
  const unitId = await town.unit(unit);
  for (const take of steps.slice(0, last)) done(await take());
  return id;
}
