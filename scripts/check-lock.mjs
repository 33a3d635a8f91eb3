// The lock file, judged without a network: what `npm ci` would refuse, and what must not be published.
import fs from "node:fs";
import path from "node:path";
import { root } from "./bootstrap.mjs";

/** The lock is public (it names no registry), exact, and agrees with every package.json: `npm ci` would refuse otherwise. */
export function lockFaults() {
  const { packages } = JSON.parse(fs.readFileSync(path.join(root, "package-lock.json"), "utf8"));
  const faults = [];
  for (const [name, entry] of Object.entries(packages)) {
    if (/^https?:/.test(entry.resolved ?? "")) {
      faults.push(`${name}：写着下载地址 ${new URL(entry.resolved).host}；.npmrc 要求不写`);
    }
    if (name.includes("node_modules/") && !entry.link && entry.integrity === undefined && !entry.inBundle) {
      faults.push(`${name}：没有校验值`);
    }
  }
  for (const workspace of ["", "core", "server", "web"]) {
    const own = JSON.parse(fs.readFileSync(path.join(root, workspace, "package.json"), "utf8"));
    for (const kind of ["dependencies", "devDependencies", "optionalDependencies"]) {
      faults.push(
        ...differences(`${workspace || "根"} 的 ${kind}`, own[kind] ?? {}, packages[workspace]?.[kind] ?? {}),
      );
    }
  }
  return faults;
}

function differences(where, wanted, locked) {
  const names = new Set([...Object.keys(wanted), ...Object.keys(locked)]);
  const faults = [];
  for (const name of names) {
    if (wanted[name] !== locked[name]) {
      faults.push(
        `${where}：${name} 应为 ${wanted[name] ?? "（无）"}，锁为 ${locked[name] ?? "（无）"}；请运行 npm install`,
      );
    } else if (!/^\d/.test(wanted[name])) {
      faults.push(`${where}：${name} 的版本 ${wanted[name]} 不是确切的版本`);
    }
  }
  return faults;
}
