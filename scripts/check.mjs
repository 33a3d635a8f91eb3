// `npm run check`: everything that can be known without running the house, each with its time; all run even when one fails.
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { bootstrap, main, root } from "./bootstrap.mjs";
import { featureFaults } from "./check-features.mjs";
import { lockFaults } from "./check-lock.mjs";

const AT_ONCE = 2;

/** Name, and what to run with Node 24; a function answers the faults that it found. */
const CHECKS = [
  { name: "依赖锁 package-lock.json", faults: lockFaults },
  { name: "格式与写法 biome", run: ["@biomejs/biome/bin/biome", "check", "--error-on-warnings"] },
  { name: "类型 core", run: ["typescript/bin/tsc", "-p", "core"] },
  { name: "类型 core 的测试", run: ["typescript/bin/tsc", "-p", "core/tsconfig.test.json"] },
  { name: "类型 server", run: ["typescript/bin/tsc", "-p", "server"] },
  { name: "类型 web", run: ["typescript/bin/tsc", "-p", "web"] },
  {
    name: "引用方向与循环 dependency-cruiser",
    run: [
      "dependency-cruiser/bin/dependency-cruiser.mjs",
      "--config",
      ".dependency-cruiser.cjs",
      "--output-type",
      "err",
    ].concat(
      ["core", "server", "web/src", "seeds", "bench", "scripts", "test"].filter((name) =>
        fs.existsSync(path.join(root, name)),
      ),
    ),
  },
  { name: "每张表只有一个写者，每个功能在词汇表", faults: featureFaults },
  { name: "无用的文件与导出 knip", run: ["knip/bin/knip.js", "--no-progress"] },
  { name: "数据库结构 schema.sql", script: ["server/main.ts", "schema", "--check"] },
];

main(async () => {
  const node24 = await bootstrap();
  const began = Date.now();
  const waiting = CHECKS.slice();
  let failed = 0;
  const worker = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const started = Date.now();
      const faults = await faultsOf(check, node24);
      const seconds = ((Date.now() - started) / 1000).toFixed(1);
      process.stdout.write(`${faults === "" ? "✓" : "✗"} ${check.name}  ${seconds} 秒\n`);
      if (faults !== "") {
        failed += 1;
        process.stdout.write(`${faults.replace(/^/gm, "    ")}\n`);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const seconds = ((Date.now() - began) / 1000).toFixed(0);
  process.stdout.write(
    failed === 0
      ? `检查全部通过，用时 ${seconds} 秒。\n`
      : `${failed} 项检查没有通过，用时 ${seconds} 秒。\n`,
  );
  process.exitCode = failed === 0 ? 0 : 1;
});

/** "" when there is nothing to say against it. */
function faultsOf(check, node24) {
  if (check.faults !== undefined) {
    return check.faults().join("\n");
  }
  const [file, ...args] = check.script ?? [path.join("node_modules", check.run[0]), ...check.run.slice(1)];
  return new Promise((resolve) => {
    const child = spawn(node24, [path.join(root, file), ...args], {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    const keep = (chunk) => {
      output += chunk;
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.on("error", (error) => resolve(error.message));
    child.on("close", (code) => resolve(code === 0 ? "" : output.trim() || `退出码 ${code}`));
  });
}
