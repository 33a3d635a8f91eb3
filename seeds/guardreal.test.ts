/** The checks over real public replies: how many would be stopped, and why; figures only. Skipped where the files are not. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseChecklist } from "@jiesu/core/guard/checklistfile.ts";
import { lookBefore, stopsOf } from "@jiesu/core/guard/guard.ts";
import file from "../rules/checklist/2026-default.json" with { type: "json" };
import { REAL_FILES, realDataIsHere, realReplies } from "./guardreal.ts";

const read = parseChecklist(file);
if (!read.ok) throw new Error(JSON.stringify(read.problems));
const list = read.value.body;

for (const each of REAL_FILES)
  test(`of the real replies of ${each.name} few would be stopped`, async (t) => {
    if (!realDataIsHere()) return t.skip("the public data folder ../shared/data is not here");
    const why = new Map<string, number>();
    let stopped = 0;
    const replies = await realReplies(each);
    for (const facts of replies) {
      const stops = stopsOf(lookBefore(facts, list));
      if (stops.length > 0) stopped++;
      for (const { key } of stops) why.set(key, (why.get(key) ?? 0) + 1);
    }
    t.diagnostic(`${stopped} of ${replies.length} stopped: ${JSON.stringify(Object.fromEntries(why))}`);
    assert.ok(replies.length > 1000);
    assert.ok(stopped <= replies.length * 0.04, `${stopped} of ${replies.length}`);
    assert.ok(stopped > 0, "of so many, some were never answered");
  });
