import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { HELP, helpOf } from "./help.ts";

const router = readFileSync(join(import.meta.dirname, "..", "router.tsx"), "utf8");
const addresses = [...router.matchAll(/\bpath: "([^"]+)"/g)].map((m) => m[1] ?? "");

test("every address of the workbench says what it is for and how one begins; none is explained that does not exist", () => {
  assert.ok(addresses.length > 10);
  const missing = addresses.filter((path) => !HELP[path]);
  assert.deepEqual(missing, [], "write what these pages are for in web/src/texts/help.ts");
  assert.deepEqual(
    Object.keys(HELP).filter((path) => !addresses.includes(path)),
    [],
  );
  for (const path of addresses) {
    const help = helpOf(path);
    assert.ok(help.about.length > 5 && help.how.length > 0, path);
  }
});
