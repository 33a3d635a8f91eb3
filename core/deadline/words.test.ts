import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../time/day.ts";
import { leftWords, spanWords, standingWords } from "./words.ts";

test("what is left is said in the two largest units", () => {
  assert.equal(leftWords(3 * HOUR_MS + 12 * MINUTE_MS + 59_999), "剩 3 小时 12 分");
  assert.equal(leftWords(2 * DAY_MS + 3 * HOUR_MS + 59 * MINUTE_MS), "剩 2 天 3 小时");
  assert.equal(leftWords(3 * HOUR_MS), "剩 3 小时");
  assert.equal(leftWords(45 * MINUTE_MS), "剩 45 分");
  assert.equal(leftWords(0), "剩不足 1 分");
  assert.equal(leftWords(-DAY_MS), "超 1 天");
  assert.equal(leftWords(-DAY_MS - 5 * MINUTE_MS), "超 1 天");
  assert.equal(leftWords(-1), "超不足 1 分");
});

test("a clock at rest says so, an ended one how it ended", () => {
  const standing = { near: false, overdue: false, leftMs: DAY_MS };
  assert.equal(standingWords({ ...standing, state: "running" }), "剩 1 天");
  assert.equal(standingWords({ ...standing, state: "paused" }), "已暂停，剩 1 天");
  assert.equal(standingWords({ ...standing, state: "stopped" }), "按时，提前 1 天");
  assert.equal(
    standingWords({ ...standing, state: "stopped", overdue: true, leftMs: -HOUR_MS }),
    "超期 1 小时",
  );
  assert.equal(standingWords({ ...standing, state: "cancelled" }), "已撤销");
});

test("nobody is promised more time than is left", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 400 * DAY_MS }), (ms) => {
      const [, d, h, m] =
        /^(?:(\d+) 天)? ?(?:(\d+) 小时)? ?(?:(\d+) 分)?$/.exec(spanWords(ms).replace("不足 1 分", "0 分")) ??
        [];
      const said = Number(d ?? 0) * DAY_MS + Number(h ?? 0) * HOUR_MS + Number(m ?? 0) * MINUTE_MS;
      assert.ok(said <= ms && ms - said < (d ? HOUR_MS : MINUTE_MS));
    }),
  );
});
