import assert from "node:assert/strict";
import { test } from "node:test";
import { MOVES } from "./lifecycle.ts";
import { decideUndo, type LastMove, UNDO } from "./undo.ts";

const RULES = { undoMinutes: 10 };
const signed: LastMove = { move: "sign", userId: "1", at: 0, since: [] };

test("who signed a ticket takes it back at the tenth minute, and no longer one millisecond later", () => {
  assert.deepEqual(decideUndo(signed, "1", 600_000, RULES), { ok: true, value: "restore" });
  const late = decideUndo(signed, "1", 600_001, RULES);
  assert.equal(!late.ok && late.refusal.code, "undo-too-late");
});

test("nobody takes back another's move, nor one on which somebody has gone on", () => {
  const code = (last: LastMove, who: string) => {
    const answer = decideUndo(last, who, 1, RULES);
    return answer.ok ? "ok" : answer.refusal.code;
  };
  assert.equal(code(signed, "2"), "undo-not-yours");
  assert.equal(code({ ...signed, since: [{ userName: "王敏" }] }, "1"), "undo-overtaken");
  assert.equal(code({ ...signed, move: "callback" }, "1"), "undo-never");
});

test("every move of the table is said to be one that can be taken back, or not", () => {
  assert.deepEqual(Object.keys(UNDO).sort(), [...MOVES].sort());
});
