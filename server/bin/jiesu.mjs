#!/usr/bin/env node
// `npx jiesu …`: runs server/main.ts with Node 24, in the folder where the user stands, so that file names mean what they say.
import fs from "node:fs";
import path from "node:path";
import { become, fail, findNode24, main, root } from "../../scripts/bootstrap.mjs";

main(async () => {
  if (!fs.existsSync(path.join(root, "node_modules", "@jiesu", "server"))) {
    fail("依赖尚未安装。请先在项目目录运行 npm start（或 npm ci）。");
  }
  become(findNode24(), [path.join(root, "server", "main.ts")].concat(process.argv.slice(2)));
});
