import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { buildGazetteer, stemOf } from "./gazetteer.ts";
import { communityOf, findPlaces, streetOf } from "./place.ts";
import { COMMUNITIES, HAIDIAN, UNITS, WEIGHTS } from "./town.fixture.ts";

const found = (text: string) => findPlaces(text, HAIDIAN).map((p) => `${p.text}→${p.unitIds.join("/")}`);

test("a street is found however it is written", () => {
  assert.deepEqual(found("在四季青镇"), ["四季青镇→四季青镇"]);
  assert.deepEqual(found("在四季青地区"), ["四季青地区→四季青镇"]);
  assert.deepEqual(found("在四季青街道"), ["四季青街道→四季青镇"]);
  assert.deepEqual(found("海淀区温泉镇"), ["海淀区温泉镇→温泉镇"]);
  assert.deepEqual(found("海淀区田村街道"), ["田村街道→田村路街道"]);
  assert.deepEqual(found("万柳地区"), ["万柳地区→海淀镇"]);
  assert.deepEqual(found("清河镇"), ["清河镇→清河街道"]);
});

test("海淀区 is the district and never 海淀街道; 海淀街道 and 海淀镇 are told apart", () => {
  assert.deepEqual(found("海淀区某处"), []);
  assert.deepEqual(found("北京市海淀区街道上"), []);
  assert.deepEqual(found("家住海淀"), []);
  assert.deepEqual(found("海淀区海淀街道"), ["海淀区海淀街道→海淀街道"]);
  assert.deepEqual(found("海淀区海淀镇"), ["海淀区海淀镇→海淀镇"]);
  assert.deepEqual(found("海淀羊坊店街道"), ["羊坊店街道→羊坊店街道"]);
});

test("清河 the river is not 清河 the street, and 香山公园 is not 香山街道", () => {
  assert.deepEqual(found("在清河河道里钓鱼"), []);
  assert.deepEqual(found("清河两岸垃圾多"), []);
  assert.deepEqual(found("小清河边"), []);
  assert.deepEqual(found("去香山公园"), []);
  assert.deepEqual(found("在清河街道"), ["清河街道→清河街道"]);
  assert.deepEqual(found("住在清河，楼上漏水"), ["清河→清河街道"]);
});

test("学院路 alone may be the road: found, but less sure than 学院路街道", () => {
  assert.deepEqual(
    findPlaces("学院路堵车", HAIDIAN).map((p) => [p.kind, p.sure]),
    [["street", "bare"]],
  );
  assert.deepEqual(
    findPlaces("学院路街道", HAIDIAN).map((p) => [p.kind, p.sure]),
    [["street", "full"]],
  );
});

test("上地 is a place after 在, and nothing in 地上地下", () => {
  assert.deepEqual(found("在上地上班"), ["上地→上地街道"]);
  assert.deepEqual(found("地上地下都积水"), []);
});

test("a street of another district that bears the same name is not ours", () => {
  assert.deepEqual(found("朝阳区八里庄街道"), []);
  assert.deepEqual(found("海淀区八里庄街道"), ["海淀区八里庄街道→八里庄街道"]);
});

test("a community is found with its suffix or without, the longest name first", () => {
  assert.deepEqual(found("翠微南里社区"), ["翠微南里社区→万寿路街道"]);
  assert.deepEqual(found("翠微南里3号楼"), ["翠微南里→万寿路街道"]);
  assert.deepEqual(found("万寿路28号社区"), ["万寿路28号社区→万寿路街道"]);
  assert.deepEqual(found("万寿路２８号社区"), ["万寿路28号社区→万寿路街道"]);
  assert.deepEqual(found("唐家岭村"), ["唐家岭村→西北旺镇"]);
});

test("a name that two streets share points to both", () => {
  assert.deepEqual(found("树村路边"), ["树村→上地街道/海淀镇"]);
  assert.deepEqual(found("复兴路66号"), ["复兴路→万寿路街道/永定路街道/羊坊店街道"]);
});

test("a bridge or road named after a community is weaker than the community", () => {
  assert.deepEqual(
    findPlaces("车道沟桥下", HAIDIAN).map((p) => p.sure),
    ["kin"],
  );
  assert.deepEqual(
    findPlaces("车道沟社区", HAIDIAN).map((p) => p.sure),
    ["full"],
  );
});

test("the street column is understood as files write it", () => {
  for (const written of ["四季青", "四季青镇", "四季青地区", "海淀区四季青镇", " 四季青镇 "]) {
    assert.deepEqual(streetOf(written, HAIDIAN)?.unitIds, ["四季青镇"], written);
  }
  for (const written of ["不详", "", "海淀区", "海淀", "其他"])
    assert.equal(streetOf(written, HAIDIAN), null, written);
  assert.equal(communityOf("恩济里社区居委会", HAIDIAN)?.name, "恩济里社区");
  assert.equal(communityOf("不详", HAIDIAN), null);
});

test("every street and every community of the district is found by its full name", () => {
  for (const unit of UNITS.filter((u) => u.kind === "street" || u.kind === "town")) {
    assert.deepEqual(
      findPlaces(`位于${unit.name}`, HAIDIAN).map((p) => p.unitIds),
      [[unit.id]],
      unit.name,
    );
  }
  for (const c of COMMUNITIES.filter((c) => c.name.length > 2)) {
    const place = findPlaces(`位于${c.name}`, HAIDIAN)[0];
    assert.ok(place?.unitIds.includes(c.unitId), `${c.name} → ${place?.unitIds}`);
  }
});

test("stems of communities and of villages that became companies", () => {
  assert.equal(stemOf("翠微南里社区"), "翠微南里");
  assert.equal(stemOf("唐家岭村股份经济合作社生活区"), "唐家岭村");
  assert.equal(stemOf("万柳（集团）股份经济合作社六郎庄生活区"), "六郎庄");
});

const names = fc.constantFrom(
  ...UNITS.map((u) => u.name),
  ...COMMUNITIES.map((c) => c.name),
  "海淀区",
  "，",
  "在",
  "小区门口",
  "2号楼",
);
const texts = fc.array(names, { maxLength: 12 }).map((parts) => parts.join(""));

test("places lie in the text, in order, never over one another, and say what stands there", () => {
  fc.assert(
    fc.property(texts, (text) => {
      let last = 0;
      for (const place of findPlaces(text, HAIDIAN)) {
        assert.ok(place.start >= last && place.end > place.start && place.end <= text.length);
        last = place.end;
      }
    }),
  );
});

test("the order in which units and communities come changes nothing", () => {
  const turned = buildGazetteer([...UNITS].reverse(), [...COMMUNITIES].reverse(), WEIGHTS.place);
  fc.assert(
    fc.property(texts, (text) => assert.deepEqual(findPlaces(text, turned), findPlaces(text, HAIDIAN))),
    { numRuns: 200 },
  );
});
