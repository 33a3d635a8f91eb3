// `npm run soak`: the storms in full. kill -9 of server, worker and PostgreSQL twenty times while people move tickets;
// a hundred thousand timers due at once while the worker is killed.
// `npm run soak -- 50` kills fifty times; JIESU_TEST_SEED=… draws another storm.
import path from "node:path";
import { become, bootstrap, fail, main, root } from "./bootstrap.mjs";

main(async () => {
  const kills = process.argv[2] ?? "20";
  if (!/^[1-9]\d{0,3}$/.test(kills)) {
    fail("用法：npm run soak -- [次数]");
  }
  const node24 = await bootstrap();
  process.env.JIESU_TEST_KILLS = kills;
  process.env.JIESU_TEST_TIMERS ??= "100000";
  const reporter = path.join(root, "scripts", "reporter.mjs");
  become(
    node24,
    [
      "--test",
      `--test-reporter=${reporter}`,
      "--test-concurrency=1",
      ...["kill.test.ts", "timers.test.ts"].map((name) => path.join("test", "storm", name)),
    ],
    {
      cwd: root,
    },
  );
});
