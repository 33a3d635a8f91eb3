import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { fromSerial, instantReader, writeInstant } from "./instant.ts";

const { dates } = JSON.parse(
  readFileSync(new URL("../../rules/import/common.json", import.meta.url), "utf8"),
);
const read = instantReader(dates);
const told = (text: string): string => {
  const answer = read(text);
  return answer.ok ? writeInstant(answer.at) : answer.why;
};

test("the five ways in which one column writes the same evening are the same instant", () => {
  for (const text of [
    "2020-12-31 18:43:24",
    "2020-12-31 18:43:24.0",
    "2020/12/31 18:43:24",
    "2020年12月31日 18:43:24",
    "2020年12月31日 18时43分24秒",
    "2020.12.31 18:43:24",
    "2020-12-31T18:43:24",
    "20201231184324",
    "44196.780138888888",
  ])
    assert.equal(told(text), "2020-12-31 18:43:24", text);
});

test("a day without a time is its midnight, a time without seconds its full minute", () => {
  assert.equal(told("2020年3月1日"), "2020-03-01 00:00:00");
  assert.equal(told("2019/4/5"), "2019-04-05 00:00:00");
  assert.equal(told("2019/4/5 9:03"), "2019-04-05 09:03:00");
});

test("a day that is none is refused, never rolled into the next month", () => {
  for (const text of [
    "2020-02-30",
    "2019-02-29 10:00:00",
    "2020-13-01",
    "2020-00-10",
    "2020/4/31",
    "2020-12-31 24:00:00",
    "2020-12-31 10:60",
  ])
    assert.equal(told(text), "no-such-day", text);
  assert.equal(told("2020-02-29"), "2020-02-29 00:00:00");
});

test("what is no moment says so, and so does a year that no ticket has", () => {
  for (const text of ["昨天", "2020-12", "12/31/2020", "18:43", "四月五日", "123", "999999"])
    assert.equal(told(text), "unreadable", text);
  assert.equal(told("0202-12-31"), "out-of-range");
  assert.equal(told("2200-01-01"), "out-of-range");
  assert.equal(told("10000"), "out-of-range"); // the serial number of a day in 1927
});

test("a book that counts from 1904 means a day four years and a day later by the same number", () => {
  const a = fromSerial(42_734, true);
  const b = fromSerial(42_734 + 1462, false);
  assert.deepEqual(a, b);
});

test("what exports write is read back as the same second", () => {
  fc.assert(
    fc.property(fc.integer({ min: 631_152_000, max: 4_070_000_000 }), (second) => {
      assert.deepEqual(read(writeInstant(second * 1000)), { ok: true, at: second * 1000 });
    }),
  );
});
