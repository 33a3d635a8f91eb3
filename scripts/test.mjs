// `npm test`: installs, builds the workbench, and runs every test with nothing installed by hand.
// `npm test -- import calendar` runs the files whose path contains one of the words.
import path from "node:path";
import { become, bootstrap, ensureWebBuilt, main, root } from "./bootstrap.mjs";

main(async () => {
  const node24 = await bootstrap();
  await ensureWebBuilt(node24);
  const run = path.join(root, "scripts", "run-tests.ts");
  become(node24, [run].concat(process.argv.slice(2)), { cwd: root });
});
