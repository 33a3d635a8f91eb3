// `npm start`: installs, finds Node 24, builds the workbench when its sources changed, then becomes the server.
import path from "node:path";
import { become, bootstrap, ensureWebBuilt, main, root } from "./bootstrap.mjs";

main(async () => {
  const node24 = await bootstrap();
  await ensureWebBuilt(node24);
  const server = path.join(root, "server", "main.ts");
  become(node24, [server, "serve"].concat(process.argv.slice(2)));
});
