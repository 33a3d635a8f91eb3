import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { maskText, normalisePhone } from "./mask.ts";

test("a mobile number said in the complaint is covered, however it is written", () => {
  for (const number of ["19900001234", "199 0000 1234", "199-0000-1234", "+86 19900001234"]) {
    assert.deepEqual(maskText(`请回电${number}。`), { text: "请回电［电话］。", masked: true });
  }
});

test("a land line and an identity number are covered", () => {
  assert.equal(maskText("单位010-62500000，身份证11010819900307123X").text, "单位［电话］，身份证［证件号］");
});

test("ticket numbers, house numbers, sums and dates stay as they are", () => {
  for (const text of [
    "热线-201229-002981",
    "翠微路21号楼3单元1201室",
    "欠费12345.60元",
    "2020-12-31 18:43:24",
    "合同号20190301000012345678",
  ]) {
    assert.deepEqual(maskText(text), { text, masked: false });
  }
});

test("one number is one number with spaces, full-width signs or country code", () => {
  assert.equal(normalisePhone("＋86 199-0000-1234"), "19900001234");
  assert.equal(normalisePhone("１９９００００１２３４"), "19900001234");
});

test("no mobile number survives in any surrounding that is no digit", () => {
  const around = fc.string().filter((s) => !/[\d.+\- ]/.test(s));
  fc.assert(
    fc.property(
      around,
      around,
      fc.integer({ min: 13000000000, max: 19999999999 }),
      (before, after, number) => {
        assert.ok(!maskText(`${before}${number}${after}`).text.includes(String(number)));
      },
    ),
  );
});
