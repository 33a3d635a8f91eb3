/** 画面总表. Every screen of the workbench, in the order of the index; the routes that the workbench has. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { ADMINISTRATION } from "./administration.ts";
import { CITY_RESULT } from "./cityresult.ts";
import { GUARDS } from "./guards.ts";
import { LEDGER } from "./ledger.ts";
import { LIAISON } from "./liaison.ts";
import { OWNERSHIP } from "./ownership.ts";
import { POINTS } from "./points.ts";
import { REST } from "./rest.ts";
import { RETURNS } from "./returns.ts";
import { RULEBOOK } from "./rulebook.ts";
import { SCORE_SHEETS } from "./scoresheets.ts";
import type { Screen } from "./screen.ts";
import { SUPERVISION } from "./supervision.ts";
import { URGING } from "./urging.ts";
import { WATCH } from "./watch.ts";
import { WORK } from "./work.ts";

export const SCREENS: readonly Screen[] = [
  ...WORK,
  ...GUARDS,
  ...REST,
  ...LEDGER,
  ...RULEBOOK,
  ...SCORE_SHEETS,
  ...URGING,
  ...RETURNS,
  ...OWNERSHIP,
  ...WATCH,
  ...SUPERVISION,
  ...LIAISON,
  ...CITY_RESULT,
  ...POINTS,
  ...ADMINISTRATION,
];

/** The paths in web/src/router.tsx. */
export function routesOfTheWorkbench(): readonly string[] {
  const file = path.join(import.meta.dirname, "..", "..", "web", "src", "router.tsx");
  return [...readFileSync(file, "utf8").matchAll(/\bpath: "([^"]+)"/g)].map((m) => m[1] ?? "");
}
