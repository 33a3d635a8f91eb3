import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { FILE, lifecycleDocument } from "./lifecycle.ts";

test("the drawn lifecycle is the table's", () => {
  assert.equal(readFileSync(FILE, "utf8"), lifecycleDocument());
});
