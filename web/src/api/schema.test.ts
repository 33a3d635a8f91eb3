import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { openTown } from "@jiesu/server/testing/town.ts";
import openapiTS, { astToString, COMMENT_HEADER } from "openapi-typescript";

const KEPT = join(import.meta.dirname, "schema.d.ts");

const town = await openTown();
after(town.close);

test("the screens are compiled against the API that the server has", async () => {
  const { body } = await town.house.app.inject({ method: "GET", url: "/api/openapi.json" });
  const written = `${COMMENT_HEADER}${astToString(await openapiTS(body))}`;
  if (process.env.JIESU_TEST_WRITE === "1") writeFileSync(KEPT, written);
  assert.ok(
    readFileSync(KEPT, "utf8") === written,
    "schema.d.ts is not the server's API: JIESU_TEST_WRITE=1 npm test -- api/schema",
  );
});
