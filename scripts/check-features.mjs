// Two rules of the house that no tool knows: only the owner writes a table; every feature folder is in the glossary.
import fs from "node:fs";
import path from "node:path";
import { root } from "./bootstrap.mjs";

const NOT_FEATURES = ["bin", "cli", "migrations", "node_modules", "platform", "testing"];

/** Tables with a second writer, and why it may be. */
const SHARED = {
  unit: ["server/intake", "server/people"], // a file's unknown unit is created when the person asked for it
  unit_alias: ["server/intake", "server/people"], // or mapped, once, to the unit that it names
  app_user: ["server/people", "server/platform/auth"], // the account, and its password and failed sign-ins
};

const WRITES = [
  /\b(?:insertInto|updateTable|deleteFrom|mergeInto)\(\s*["'`](?:\w+\.)?(\w+)/g,
  /\binsert\s+into\s+(?:\w+\.)?(\w+)/gi,
  /\bupdate\s+(?:only\s+)?(?:\w+\.)?(\w+)\s+(?:(?:as\s+)?\w+\s+)?set\s/gi,
  /\bdelete\s+from\s+(?:only\s+)?(?:\w+\.)?(\w+)/gi,
  /\bcopy\s+(?:\w+\.)?(\w+)\s*(?:\([^)]*\)\s*)?from\s+stdin/gi,
];

export function featureFaults() {
  return tableFaults().concat(glossaryFaults());
}

/** Every table that more than one folder of the server writes. Seeds and tests fill tables as they need. */
function tableFaults() {
  const tables = tableNames();
  const writers = new Map();
  for (const file of sourcesUnder("server")) {
    const text = fs.readFileSync(path.join(root, file), "utf8");
    for (const pattern of WRITES) {
      for (const [, table] of text.matchAll(pattern)) {
        if (tables.has(table)) {
          writers.set(table, (writers.get(table) || new Set()).add(ownerOf(file)));
        }
      }
    }
  }
  return [...writers]
    .map(([table, found]) => ({ table, extra: [...found].sort() }))
    .filter(({ table, extra }) => extra.length > 1 && !sameSet(extra, SHARED[table]))
    .map(({ table, extra }) => `表 ${table} 有几个写者：${extra.join("、")}；只有它的功能可以写`);
}

function glossaryFaults() {
  const file = path.join(root, "docs", "GLOSSARY.md");
  const glossary = fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "";
  return fs
    .readdirSync(path.join(root, "server"), { withFileTypes: true })
    .filter(
      (entry) =>
        entry.isDirectory() && !NOT_FEATURES.includes(entry.name) && !glossary.includes(`\`${entry.name}\``),
    )
    .map((entry) => `docs/GLOSSARY.md 没有功能目录 \`${entry.name}\``);
}

function tableNames() {
  const folder = path.join(root, "server", "migrations");
  const sql = fs
    .readdirSync(folder)
    .filter((name) => /^\d{4}_.+\.sql$/.test(name))
    .map((name) => fs.readFileSync(path.join(folder, name), "utf8"));
  const created = /create\s+table\s+(?:if\s+not\s+exists\s+)?(?:\w+\.)?(\w+)/gi;
  return new Set([...sql.join("\n").matchAll(created)].map(([, table]) => table));
}

function sourcesUnder(folder) {
  return fs
    .readdirSync(path.join(root, folder), { recursive: true })
    .map((name) => path.posix.join(folder, String(name).split(path.sep).join("/")))
    .filter(
      (file) =>
        file.endsWith(".ts") &&
        !file.endsWith(".test.ts") &&
        !/\/(testing|node_modules|migrations)\//.test(file),
    );
}

/** server/intake/store.ts → server/intake; the platform's parts count each for itself. */
function ownerOf(file) {
  const parts = file.split("/");
  return parts.slice(0, parts[1] === "platform" ? 3 : 2).join("/");
}

function sameSet(a, b) {
  return b !== undefined && a.length === b.length && a.every((item) => b.includes(item));
}
