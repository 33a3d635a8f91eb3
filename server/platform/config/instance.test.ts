import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { holdDataDir } from "./instance.ts";
import { waitForLock } from "./lock.ts";
import { StartError, startErrorOf } from "./start-error.ts";

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "jiesu-instance-"));
after(() => fs.rmSync(scratch, { recursive: true, force: true }));

const HOLDER = `
  import { holdDataDir } from ${JSON.stringify(path.join(import.meta.dirname, "instance.ts"))};
  await holdDataDir(process.argv[1], "http://127.0.0.1:8080");
  console.log("held");
  setInterval(() => {}, 1000);`;

async function otherServer(dataDir: string) {
  const child = spawn(process.execPath, ["--input-type=module", "-e", HOLDER, dataDir], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  return child;
}

test("a second server on the same data directory is told who holds it, in one line", async () => {
  const dataDir = path.join(scratch, "a");
  const first = await otherServer(dataDir);
  await assert.rejects(holdDataDir(dataDir, "second"), (error) => {
    assert.ok(error instanceof StartError);
    assert.ok(
      error.message.includes(`进程 ${first.pid}`) && error.message.includes("http://127.0.0.1:8080"),
      error.message,
    );
    return !error.message.includes("\n");
  });
  first.kill("SIGKILL");
  await once(first, "exit");
});

test("after kill -9 of the first the directory is free at once", async () => {
  const dataDir = path.join(scratch, "b");
  const first = await otherServer(dataDir);
  first.kill("SIGKILL");
  await once(first, "exit");
  const lock = await holdDataDir(dataDir, "second");
  await lock.release();
});

test("two data directories, two servers", async () => {
  const locks = [
    await holdDataDir(path.join(scratch, "c"), ""),
    await holdDataDir(path.join(scratch, "d"), ""),
  ];
  for (const lock of locks) await lock.release();
});

test("who waits for a lock is told once, and gets it when it is free", async () => {
  const first = await waitForLock(`${scratch} turn`, 0, () => {});
  assert.ok(first);
  let told = 0;
  const second = waitForLock(`${scratch} turn`, 10_000, () => told++);
  setTimeout(() => first.release(), 100);
  await (await second)?.release();
  assert.equal(told, 1);
});

test("a port in use is one clear line with the remedy", async () => {
  const first = net.createServer().listen(0, "127.0.0.1");
  await once(first, "listening");
  const address = first.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  const [error] = await once(net.createServer().listen(port, "127.0.0.1"), "error").catch((e: unknown) => [
    e,
  ]);
  assert.match(startErrorOf(error)?.message ?? "", new RegExp(`端口 ${port} 已被占用.*JIESU_PORT`));
  first.close();
});

test("our own mistakes are not dressed up as the machine's", () => {
  assert.equal(startErrorOf(new TypeError("x is not a function")), undefined);
});
