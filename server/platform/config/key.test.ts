import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { loadKey } from "./key.ts";
import { StartError } from "./start-error.ts";

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "jiesu-key-"));
after(() => fs.rmSync(scratch, { recursive: true, force: true }));

let places = 0;
function place() {
  const folder = path.join(scratch, String(++places));
  const [dataDir, file] = [path.join(folder, "data"), path.join(folder, "config", "jiesu.key")];
  return { folder, dataDir, file, usual: { from: "file", candidates: [file], named: false } as const };
}

function refusal(work: () => unknown): string {
  let said = "";
  assert.throws(work, (error) => {
    said = error instanceof StartError ? error.message : "";
    return error instanceof StartError;
  });
  return said;
}

test("the first start makes a key that only its owner can read; the second start uses it", () => {
  const { dataDir, file, usual } = place();
  const first = loadKey(usual, dataDir);
  const second = loadKey(usual, dataDir);
  assert.ok(first.created && !second.created);
  assert.equal(fs.statSync(file).mode & 0o777, 0o600);
  assert.equal(first.bytes.length, 32);
  assert.deepEqual(second.bytes, first.bytes);
});

test("two data directories never share a key", () => {
  const [a, b] = [place(), place()];
  assert.notDeepEqual(loadKey(a.usual, a.dataDir).bytes, loadKey(b.usual, b.dataDir).bytes);
});

test("the data directory remembers which key, and not the key", () => {
  const { dataDir, file, usual } = place();
  loadKey(usual, dataDir);
  const master = fs.readFileSync(file, "utf8").trim();
  const remembered = fs.readFileSync(path.join(dataDir, "key.json"), "utf8");
  assert.ok(!remembered.includes(master));
});

test("a key from the environment leaves no file", () => {
  const { dataDir, file } = place();
  const master = "00112233445566778899aabbccddeeff";
  const key = loadKey({ from: "environment", master }, dataDir);
  assert.equal(key.file, undefined);
  assert.ok(!fs.existsSync(file));
  assert.notEqual(key.bytes.subarray(0, 16).toString("hex"), master);
});

test("a key file that others may read is refused with the command that mends it", () => {
  const { dataDir, file, usual } = place();
  loadKey(usual, dataDir);
  fs.chmodSync(file, 0o640);
  assert.match(
    refusal(() => loadKey(usual, dataDir)),
    /chmod 600/,
  );
});

test("a key file in a git work tree is refused, and none is made there", () => {
  const { dataDir, folder, file, usual } = place();
  fs.mkdirSync(path.join(folder, ".git"), { recursive: true });
  assert.match(
    refusal(() => loadKey({ ...usual, named: true }, dataDir)),
    /git 仓库/,
  );
  assert.ok(!fs.existsSync(file));
});

test("a link does not hide the work tree behind it", () => {
  const { dataDir, folder } = place();
  fs.mkdirSync(path.join(folder, "repo", ".git"), { recursive: true });
  fs.symlinkSync(path.join(folder, "repo"), path.join(folder, "link"));
  const file = path.join(folder, "link", "jiesu.key");
  assert.match(
    refusal(() => loadKey({ from: "file", candidates: [file], named: true }, dataDir)),
    /git 仓库/,
  );
});

test("where the home cannot hold it, the key goes to the next place", () => {
  const { dataDir, folder, file } = place();
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, "home"), ""); // a file where a folder should be: fails for root too
  const candidates = [path.join(folder, "home", "jiesu.key"), file];
  assert.equal(loadKey({ from: "file", candidates, named: false }, dataDir).file, file);
});

test("a lost key is asked for: a new one in its place would make what is sealed unreadable for ever", () => {
  const { dataDir, file, usual } = place();
  loadKey(usual, dataDir);
  fs.rmSync(file);
  assert.match(
    refusal(() => loadKey(usual, dataDir)),
    /找不到密钥文件/,
  );
  assert.ok(!fs.existsSync(file));
});

test("a moved data directory still finds its key; another key is noticed", () => {
  const { dataDir, folder, usual } = place();
  const key = loadKey(usual, dataDir);
  const moved = path.join(folder, "moved");
  fs.renameSync(dataDir, moved);
  const elsewhere = { from: "file", candidates: [path.join(folder, "other.key")], named: false } as const;
  assert.equal(loadKey(elsewhere, moved).id, key.id);
  assert.match(
    refusal(() => loadKey({ from: "environment", master: "0".repeat(32) }, moved)),
    /密钥与数据不符/,
  );
});

test("a damaged key file is refused, not replaced", () => {
  const { dataDir, file, usual } = place();
  loadKey(usual, dataDir);
  fs.writeFileSync(file, "not a key\n");
  assert.match(
    refusal(() => loadKey(usual, dataDir)),
    /32 位十六进制/,
  );
  assert.equal(fs.readFileSync(file, "utf8"), "not a key\n");
});
