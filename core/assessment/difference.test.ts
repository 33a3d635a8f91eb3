import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { differences } from "./difference.ts";
import { files } from "./rules.fixture.ts";

test("the district's rules and the equal ones differ in names, weights, ties and the total row", () => {
  const paths = differences(files.district, files.equal).map((each) => each.path);
  assert.deepEqual(paths, [
    "approvedBy",
    "name",
    "source",
    "status",
    "ties",
    "title",
    "total",
    "weights.response",
    "weights.satisfaction",
    "weights.solution",
  ]);
});

test("what is only in one version is told as missing in the other", () => {
  assert.deepEqual(differences({ a: [1] }, { a: [1, "2"] }), [{ path: "a[1]", before: null, after: '"2"' }]);
});

test("a version does not differ from itself, and the other way round swaps before and after", () => {
  fc.assert(
    fc.property(fc.json(), fc.json(), (x, y) => {
      const [a, b]: unknown[] = [JSON.parse(x), JSON.parse(y)];
      assert.deepEqual(differences(a, a), []);
      assert.deepEqual(
        differences(b, a),
        differences(a, b).map(({ path, before, after }) => ({ path, before: after, after: before })),
      );
    }),
  );
});
