// `node scripts/run.mjs FILE.ts …`: installs when needed and runs a TypeScript file with Node 24.
import path from "node:path";
import { become, bootstrap, fail, main } from "./bootstrap.mjs";

main(async () => {
  const file = process.argv[2];
  if (file === undefined) {
    fail("用法：node scripts/run.mjs 文件.ts [参数…]");
  }
  const node24 = await bootstrap();
  become(node24, [path.resolve(file)].concat(process.argv.slice(3)));
});
