/** 每个画面. Every route of the workbench has a row in the table of screens; those of the daily work walked through. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { routesOfTheWorkbench, SCREENS } from "../screens/all.ts";
import { walk } from "../screens/walk.ts";
import { WORK } from "../screens/work.ts";

test("every route of the workbench has a row in the table of screens, and names no other", () => {
  const routes = new Set(routesOfTheWorkbench());
  const shown = new Set(SCREENS.flatMap((s) => s.route ?? []));
  assert.deepEqual(
    [...routes].filter((r) => !shown.has(r)).sort(),
    [],
    "routes without a screen in test/screens",
  );
  assert.deepEqual(
    [...shown].filter((r) => !routes.has(r)).sort(),
    [],
    "rows of test/screens without a route",
  );
  const keys = SCREENS.map((s) => s.key);
  assert.equal(new Set(keys).size, keys.length, "every row has a name of its own");
});

walk(WORK);
