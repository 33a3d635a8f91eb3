// What every command needs before it can run: an installed node_modules, Node 24 out of it, a built workbench.
// It runs on whatever Node the machine has, so the syntax stays old and nothing here is imported from node_modules.
import { spawn, spawnSync } from "node:child_process";
import crypto from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { oneAtATime } from "./one-at-a-time.mjs";

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const WANTED = 24;
const PARENT = process.ppid;

/** Stops with one line when the machine's own Node is older than 20. */
export function requireNode20() {
  if (majorOf(process.version) < 20) {
    fail(`本机的 Node 是 ${process.version}，需要 20 或更新的版本。请安装 Node 20 以上后重试。`);
  }
}

/** Prints one line and exits with 1: for what the reader can put right, where a stack would only hide it. */
export function fail(line) {
  process.stderr.write(`${line}\n`);
  process.exit(1);
}

/** Runs `npm ci` when what is installed is not what package-lock.json names. */
export async function ensureInstalled() {
  const lock = fs.readFileSync(path.join(root, "package-lock.json"));
  const wanted = sha256(lock);
  const stamp = path.join(root, "node_modules", ".jiesu-lock");
  if (readText(stamp) === wanted) {
    return;
  }
  const named = JSON.parse(lock.toString("utf8"));
  if (!installedAgrees(named)) {
    await alone(async () => {
      if (!installedAgrees(named)) {
        await npmCi();
      }
    });
  }
  try {
    fs.writeFileSync(stamp, wanted);
  } catch (_error) {
    // A node_modules that belongs to someone else: the comparison is made again next time, no harm.
  }
}

/** The path of a Node ≥ 24: the one that npm brought, or the one that runs this. Stops with one line when there is none. */
export function findNode24() {
  const own = majorOf(process.version) >= WANTED ? process.execPath : undefined;
  const brought = broughtNode();
  if (brought !== undefined && (own === brought || runs(brought))) {
    return brought;
  }
  if (own !== undefined) {
    return own;
  }
  const machine = `${process.platform}-${process.arch}`;
  return fail(
    `本机（${machine}）没有可用的 Node ${WANTED}：npm 没有带来适用的版本，本机自带的是 ${process.version}。` +
      `请从 nodejs.org 安装 Node ${WANTED}（或更新）后重试。`,
  );
}

/** Builds web/dist when it is absent or older than its sources. The old one stays in place until the new one is whole. */
export async function ensureWebBuilt(node24) {
  const dist = path.join(root, "web", "dist");
  const wanted = hashOfWebSources();
  if (readText(path.join(dist, ".sources")) === wanted) {
    return;
  }
  await alone(async () => {
    if (readText(path.join(dist, ".sources")) !== wanted) {
      await buildWeb(node24, dist, wanted);
    }
  });
}

async function buildWeb(node24, dist, wanted) {
  const scratch = path.join(root, "web", ".cache");
  const fresh = path.join(scratch, `dist-${process.pid}`);
  const old = path.join(scratch, `old-${process.pid}`);
  fs.mkdirSync(scratch, { recursive: true });
  const vite = path.join(root, "node_modules", "vite", "bin", "vite.js");
  const args = [vite, "build", "--outDir", fresh, "--emptyOutDir", "--logLevel", "warn"];
  try {
    await step("构建网页（几秒）", node24, args, { cwd: path.join(root, "web") });
    fs.writeFileSync(path.join(fresh, ".sources"), wanted);
    if (fs.existsSync(dist)) {
      fs.renameSync(dist, old);
    }
    fs.renameSync(fresh, dist);
  } finally {
    fs.rmSync(fresh, { recursive: true, force: true });
    fs.rmSync(old, { recursive: true, force: true });
  }
}

/** Node 24, installed dependencies and nothing else: enough for scripts that need no workbench. */
export async function bootstrap() {
  requireNode20();
  await ensureInstalled();
  return findNode24();
}

/**
 * Becomes `command`: same terminal, signals handed on, same exit code. Never returns.
 * A terminal's Ctrl+C already reaches the whole group, so SIGINT is handed on only when there is no terminal.
 * A signal to npm ends the shell between npm and us without reaching us: then the shell's end is the signal.
 */
export function become(command, args, options) {
  const child = spawn(command, args, Object.assign({ stdio: "inherit" }, options));
  const handOn = (signal) => {
    if (!(signal === "SIGINT" && process.stdin.isTTY)) {
      child.kill(signal);
    }
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, handOn);
  }
  if (process.env.npm_lifecycle_event !== undefined) {
    const watch = setInterval(() => {
      if (process.ppid !== PARENT) {
        clearInterval(watch);
        child.kill("SIGTERM");
      }
    }, 250);
  }
  child.on("error", (error) => fail(`无法启动 ${command}：${error.message}`));
  child.on("exit", (code, signal) => {
    process.exit(signal === null ? code : 128 + (os.constants.signals[signal] || 0));
  });
}

/** Runs a script's main function; what it throws becomes one line. */
export function main(run) {
  requireNode20();
  run().catch((error) => fail(whatWentWrong(error)));
}

/** The lock lies beside node_modules: `npm ci` empties that folder. */
function alone(work) {
  const say = () => process.stdout.write("另一个命令正在安装或构建，等它完成…\n");
  return oneAtATime(path.join(root, ".jiesu-install"), say, work);
}

function whatWentWrong(error) {
  if (error && error.code === "ENOSPC") {
    return "磁盘已满，无法继续。请清出空间（约需 2 GB）后重试。";
  }
  if (error && (error.code === "EACCES" || error.code === "EROFS" || error.code === "EPERM")) {
    return `没有写入权限：${error.path || root}。请用拥有该目录的用户运行。`;
  }
  return error instanceof Error ? error.message : String(error);
}

async function npmCi() {
  // npm itself runs on the Node that started it: the one in node_modules is about to be replaced.
  const npmCli = process.env.npm_execpath;
  const isNpm = npmCli !== undefined && /npm-cli\.[cm]?js$/.test(npmCli);
  const command = isNpm ? process.env.npm_node_execpath || process.execPath : "npm";
  const flags = ["ci", "--include=dev", "--include=optional", "--ignore-scripts", "--loglevel=error"];
  flags.push("--no-audit", "--no-fund");
  await step("安装依赖（约 1 分钟）", command, isNpm ? [npmCli].concat(flags) : flags, {
    cwd: root,
    shell: !isNpm && process.platform === "win32",
  });
}

/** Runs one command, saying what it is and how long it took; its output is shown only when it fails. */
async function step(title, command, args, options) {
  const began = Date.now();
  const live = process.stdout.isTTY;
  process.stdout.write(`${title}…${live ? "" : "\n"}`);
  const seconds = () => Math.round((Date.now() - began) / 1000);
  const tick = live
    ? setInterval(() => process.stdout.write(`\r${title}… ${seconds()} 秒`), 1000)
    : undefined;
  const result = await collect(command, args, options);
  clearInterval(tick);
  if (result.code === 0) {
    process.stdout.write(`${live ? `\r${title}…` : "…完成，"} ${seconds()} 秒\n`);
  }
  if (result.code !== 0) {
    const output = result.output.trim();
    const hint = /ENOSPC|no space left/i.test(output) ? "磁盘已满。请清出空间（约需 2 GB）后重试。" : "";
    throw new Error(`${output}\n${title.replace(/（.*）/, "")}没有成功。${hint}`.trim());
  }
}

function collect(command, args, options) {
  return new Promise((resolve) => {
    const child = spawn(command, args, Object.assign({ stdio: ["ignore", "pipe", "pipe"] }, options));
    let output = "";
    const keep = (chunk) => {
      output = (output + chunk).slice(-20000);
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.on("error", (error) => resolve({ code: 1, output: error.message }));
    child.on("close", (code) => resolve({ code, output }));
  });
}

/** npm's own record of what it installed, compared with the lock: true after a plain `npm install` too. */
function installedAgrees(lock) {
  const record = readText(path.join(root, "node_modules", ".package-lock.json"));
  if (record === undefined) {
    return false;
  }
  const installed = JSON.parse(record).packages;
  return Object.keys(lock.packages).every((name) => {
    const wanted = lock.packages[name];
    const found = installed[name];
    if (!name.includes("node_modules/") || wanted.link) {
      return name === "" || found !== undefined;
    }
    return found === undefined ? wanted.optional === true : found.version === wanted.version;
  });
}

function broughtNode() {
  const windows = process.platform === "win32";
  const name = `node-${windows ? "win" : process.platform}-${process.arch}`;
  const file = path.join(root, "node_modules", name, "bin", windows ? "node.exe" : "node");
  return fs.existsSync(file) ? fs.realpathSync(file) : undefined;
}

function runs(node) {
  const result = spawnSync(node, ["--version"], { encoding: "utf8" });
  return result.status === 0 && majorOf(result.stdout) >= WANTED;
}

function majorOf(version) {
  return Number(String(version).replace(/^v/, "").split(".")[0]);
}

function hashOfWebSources() {
  const hash = crypto.createHash("sha256");
  const files = ["package-lock.json", "tsconfig.base.json"];
  collectFiles("web", files);
  collectFiles("core", files);
  for (const file of files.sort()) {
    hash
      .update(`${file}\0`)
      .update(fs.readFileSync(path.join(root, file)))
      .update("\0");
  }
  return hash.digest("hex");
}

function collectFiles(folder, into) {
  for (const entry of fs.readdirSync(path.join(root, folder), { withFileTypes: true })) {
    const name = `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (!["dist", "node_modules", ".cache"].includes(entry.name)) {
        collectFiles(name, into);
      }
    } else if (entry.isFile() && !/\.test\.tsx?$/.test(name)) {
      into.push(name);
    }
  }
}

function sha256(bytes) {
  return crypto.createHash("sha256").update(bytes).digest("hex");
}

function readText(file) {
  try {
    return fs.readFileSync(file, "utf8");
  } catch (_error) {
    return undefined;
  }
}
