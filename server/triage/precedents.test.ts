/** 先例命中. How well precedents planted in a seeded district are found, on tickets in other words than theirs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Candidate, type Matter, matchPrecedents } from "@jiesu/core/ownership/match.ts";
import type { Scope } from "@jiesu/core/ownership/precedent.ts";
import { buildGazetteer } from "@jiesu/core/triage/gazetteer.ts";
import { said } from "@jiesu/core/triage/text.ts";
import { readDistrict } from "../../seeds/district.ts";
import { readMatters } from "../../seeds/matters.ts";
import { type Neighbourhood, neighbourhoods, placeFor } from "../../seeds/places.ts";
import { randomOf } from "../../seeds/random.ts";
import { describe } from "../../seeds/wording.ts";
import { loadRules, ownershipRulesOn } from "../platform/rules.ts";
import { cutterOf } from "../ticket/words.ts";

const TODAY = "2026-11-20";
const PLANTED = 300;
const rules = loadRules();
const { match } = ownershipRulesOn(rules, Date.parse(`${TODAY}T01:00:00Z`));
const district = readDistrict();
const places = neighbourhoods(district.units);
const matters = readMatters().filter(({ where }) => where !== "none");
const weights = rules.triage[0]?.body;
assert.ok(weights);
const gazetteer = buildGazetteer(
  district.units.map((unit) => ({ ...unit, id: unit.name })),
  district.units.flatMap((unit) => unit.communities.map((each) => ({ ...each, unitId: unit.name }))),
  weights.place,
);
const cutter = cutterOf([
  ...district.units.flatMap((unit) => [unit.name, unit.shortName]),
  ...places.map((each) => each.community.name),
]);

type Kind = "community" | "street" | "spot" | "words";
const KINDS: readonly Kind[] = ["community", "street", "spot", "words"];

interface Planted extends Candidate {
  readonly kind: Kind;
  readonly matter: (typeof matters)[number];
  readonly at: Neighbourhood;
  readonly place: ReturnType<typeof placeFor>;
}

/** One of each kind of scope in turn, for some matter somewhere; every tenth is overruled, every eleventh has run out. */
function plant(): readonly Planted[] {
  return Array.from({ length: PLANTED }, (_, i): Planted => {
    const random = randomOf(71, i);
    const [matter, at] = [random.pick(matters), random.pick(places)];
    const place = placeFor(random, at, matter);
    const kind = KINDS[i % KINDS.length] ?? "words";
    const { category1, category2, category3 } = matter;
    const scope: Scope = {
      ...{ category1, category2, category3 },
      street: kind === "words" ? "" : at.street.name,
      community: kind === "community" ? at.community.name : "",
      spot: kind === "spot" ? place.spot : "",
      words: kind === "spot" ? [] : cutter.needlesOf(category3, true).slice(0, 4),
    };
    return {
      ...{ id: String(i + 1), kind, matter, at, place, scope },
      state: i % 10 === 9 ? "overruled" : "published",
      from: "2026-01-01",
      to: i % 11 === 10 ? "2026-11-19" : "2027-12-31",
    };
  });
}

/** A ticket of the same matter at the same place, told anew; some columns are empty, as they are in life. */
function ticketOf(one: Planted, n: number): Matter {
  const random = randomOf(72, Number(one.id), n);
  const { title, content } = describe(random, one.matter, one.at, one.place, {
    again: n % 2 === 1,
    typed: n % 3 === 2,
  });
  const { category1, category2, category3 } = one.matter;
  const bare = n === 1; // as it comes over the telephone: nothing is filled in but the category
  return {
    ...{ category1, category2, category3: n === 2 ? "" : category3, title, content },
    street: bare ? "" : one.at.street.name,
    community: bare || n === 2 ? "" : one.at.community.name,
    address: n === 2 ? "" : one.place.address,
    words: new Set(cutter.wordsOf(`${title}\n${said(content)}\n${one.place.address}`)),
  };
}

const holds = (one: Planted): boolean => one.state === "published" && (one.to ?? TODAY) >= TODAY;
const planted = plant();

test("planted precedents are found among the first three, by whichever scope, on tickets in other words", (context) => {
  const byKind = new Map(KINDS.map((kind) => [kind, { asked: 0, found: 0 }]));
  for (const one of planted.filter(holds))
    for (const n of [0, 1, 2]) {
      const tally = byKind.get(one.kind);
      if (!tally) continue;
      const offered = matchPrecedents(ticketOf(one, n), planted, gazetteer, match, TODAY);
      tally.asked += 1;
      if (offered.some((each) => each.precedent.id === one.id)) tally.found += 1;
    }
  for (const [kind, { asked, found }] of byKind)
    context.diagnostic(`${kind}: ${found} of ${asked} in the first three`);
  const all = [...byKind.values()].reduce((sum, each) => ({
    asked: sum.asked + each.asked,
    found: sum.found + each.found,
  }));
  assert.ok(all.asked >= 700);
  assert.ok(all.found / all.asked >= 0.97, `${all.found} of ${all.asked}`);
});

test("what is offered is of the ticket's own category and place; what was overruled or has run out never is", (context) => {
  let offered = 0;
  let elsewhere = 0;
  for (let i = 0; i < 600; i++) {
    const random = randomOf(73, i);
    const [matter, at] = [random.pick(matters), random.pick(places)];
    const stranger: Planted = {
      ...{ id: String(100_000 + i), kind: "words", matter, at, place: placeFor(random, at, matter) },
      ...{ state: "published", from: TODAY, to: null },
      scope: { category1: "", category2: "", category3: "", street: "", community: "", spot: "", words: [] },
    };
    for (const ticket of [ticketOf(stranger, 0), ticketOf(planted[i % PLANTED] ?? stranger, 0)])
      for (const { precedent, score, reasons } of matchPrecedents(ticket, planted, gazetteer, match, TODAY)) {
        offered += 1;
        assert.ok(holds(precedent), `${precedent.id} is not in force`);
        assert.equal(precedent.scope.category1, ticket.category1);
        assert.equal(
          score,
          reasons.reduce((sum, each) => sum + each.points, 0),
        );
        const { street, community } = precedent.scope;
        if (
          (street !== "" && street !== ticket.street) ||
          (community !== "" && community !== ticket.community)
        )
          elsewhere += 1;
      }
  }
  context.diagnostic(`${offered} offered on 1200 tickets, ${elsewhere} of another place`);
  assert.ok(offered > 300);
  assert.equal(elsewhere, 0);
});

test("the same precedents in another order are offered alike", () => {
  const [one] = planted;
  assert.ok(one);
  const ids = (list: readonly Planted[]) =>
    matchPrecedents(ticketOf(one, 0), list, gazetteer, match, TODAY).map((each) => each.precedent.id);
  assert.deepEqual(ids([...planted].reverse()), ids(planted));
});
