import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { settingsTable } from "../server/platform/config/config.ts";

test("the operations manual lists the settings that there are", () => {
  const manual = readFileSync(path.join(import.meta.dirname, "..", "docs", "OPERATIONS.md"), "utf8");
  const between = /<!-- settings -->\n([\s\S]*?)\n<!-- \/settings -->/.exec(manual)?.[1];
  assert.equal(between, settingsTable());
});
