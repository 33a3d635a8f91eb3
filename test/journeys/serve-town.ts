/** A server in a process of its own over a town's database, to be killed: address, port and the town's hour are told. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildHouse } from "@jiesu/server/app.ts";
import { openDb } from "@jiesu/server/platform/db/open.ts";
import { loadRules } from "@jiesu/server/platform/rules.ts";
import { secretsOf } from "@jiesu/server/platform/secrets.ts";

const [databaseUrl = "", port = "0", hour = "0"] = process.argv.slice(2);
const began = Date.now();
const { db } = openDb(databaseUrl, 4);
const { app } = await buildHouse(
  {
    db,
    now: () => Number(hour) + Date.now() - began,
    secrets: secretsOf(Buffer.alloc(32, 7)),
    rules: loadRules(),
    files: mkdtempSync(join(tmpdir(), "jiesu-files-")),
  },
  false,
);
await app.listen({ host: "127.0.0.1", port: Number(port) });
process.stdout.write("ready\n");
