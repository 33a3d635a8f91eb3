/** `jiesu serve` and `jiesu worker`: the long-running processes, started and stopped gracefully. */
import { spawn } from "node:child_process";
import { flushCompileCache } from "node:module";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { loadDemonstration } from "../../seeds/demonstration.ts";
import { buildHouse } from "../app.ts";
import { sweepCityFiles } from "../assessment/city/fileactions.ts";
import { recountStep } from "../assessment/recount.ts";
import { foldStep, stretchStep } from "../assessment/tally.ts";
import { unitStandings } from "../assessment/unitstanding.ts";
import { hourlySweep } from "../duty/sweep.ts";
import { watchStep } from "../duty/watch.ts";
import { sweepOutcomeFiles } from "../exemption/outcomes.ts";
import { inboxStep } from "../inbox/jobs.ts";
import { remindStep } from "../inbox/reminders.ts";
import { incidentStep } from "../incident/find.ts";
import { resumeImports } from "../intake/jobs.ts";
import { liaisonStepDue } from "../liaison/jobs.ts";
import { notifyStep } from "../notify/jobs.ts";
import { ownershipStep } from "../ownership/jobs.ts";
import { takeComingNames } from "../people/unitnames.ts";
import { type Config, shownSettings } from "../platform/config/config.ts";
import { holdDataDir } from "../platform/config/instance.ts";
import { problemStep } from "../problem/jobs.ts";
import { searchStep } from "../search/jobs.ts";
import { beginRules } from "../setting/jobs.ts";
import { supervisionJob } from "../supervision/jobs.ts";
import { forgetOnce } from "../ticket/once.ts";
import { forgetSnapshots } from "../ticket/snapshot.ts";
import { urgeStep, urgingStep } from "../urging/jobs.ts";
import { forgetDrafts } from "../workbench/drafts.ts";
import { sealedStep, startWorker, sweepStep, timerStep } from "../worker.ts";
import { openShell, settings } from "./open.ts";

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

export interface ServeOptions {
  readonly port?: number;
  readonly worker: boolean;
}

/** Serves until a signal; answers when everything is closed. */
export async function serve(options: ServeOptions): Promise<void> {
  const config = { ...settings(), ...(options.port === undefined ? {} : { port: options.port }) };
  const address = `http://${config.host}:${config.port}`;
  const lock = await holdDataDir(config.dataDir, address);
  const log = logger(config, "server");
  const opened = await openShell(config, { say, onLost: fatal(log) });
  if (config.demo) await loadDemonstration(opened.shell, config.dataDir, say);
  const { app } = await buildHouse(opened.shell, log, shownSettings(process.env));
  try {
    await app.listen({ host: config.host, port: config.port });
  } catch (error) {
    await app.close();
    await opened.close();
    await lock.release();
    throw error;
  }
  const bound = app.server.address();
  const port = typeof bound === "object" && bound ? bound.port : config.port;
  const stopWorker = options.worker ? superviseWorker(log) : null;
  say(`接诉已启动：http://${config.host === "0.0.0.0" ? "127.0.0.1" : config.host}:${port}`);
  await untilSignal();
  say("正在停止…");
  await stopWorker?.();
  await app.close();
  await opened.close();
  await lock.release();
}

/** What is due goes first; what looks through the ledger or tidies up can wait while a heap falls due. */
const ORDER = {
  first: ["timers", "urges", "urgesBeside"],
  patient: [
    "watch",
    "incidents",
    "problems",
    "supervision",
    "sweep",
    "search",
    "stretches",
    "recount",
    "undo",
    "once",
    "drafts",
    "sessions",
    "sealed",
    "reminders",
  ],
} as const;

/** Works until a signal. */
export async function work(): Promise<void> {
  const config = settings();
  const log = logger(config, "worker");
  const opened = await openShell(config, { pool: 6, onLost: fatal(log) });
  const worker = startWorker(
    opened.shell,
    {
      timers: timerStep,
      liaison: liaisonStepDue,
      imports: resumeImports,
      tally: foldStep,
      stretches: stretchStep(),
      recount: recountStep,
      urging: urgingStep(),
      // Two lanes: the tickets that one has locked are skipped by the other, and each has a core to itself.
      urges: urgeStep,
      supervision: supervisionJob(unitStandings),
      urgesBeside: urgeStep,
      sweep: hourlySweep(),
      watch: watchStep(),
      ownership: ownershipStep,
      incidents: incidentStep(),
      problems: problemStep(),
      inbox: inboxStep,
      notify: notifyStep,
      reminders: remindStep(),
      search: searchStep,
      undo: forgetSnapshots,
      once: forgetOnce,
      drafts: forgetDrafts,
      sessions: sweepStep(),
      sealed: sealedStep(sweepCityFiles, sweepOutcomeFiles),
      unitNames: takeComingNames,
      rules: beginRules(),
    },
    (step, error) =>
      log.error(
        {
          step,
          fault: error instanceof Error ? error.name : "unknown",
          faultCode: (error as { code?: string }).code,
        },
        "step failed",
      ),
    ORDER,
  );
  log.info("worker started");
  flushCompileCache(); // one that is killed leaves it to the next
  await untilSignal();
  await worker.stop();
  await opened.close();
  if (process.connected) process.disconnect();
}

/** Keeps one worker process alive beside the server: started again two seconds after it dies. */
function superviseWorker(log: pino.Logger): () => Promise<void> {
  let stopping = false;
  let stop: () => Promise<void> = async () => {};
  const run = async (): Promise<void> => {
    while (!stopping) {
      const child = spawn(process.execPath, [process.argv[1] ?? "", "worker"], {
        stdio: ["ignore", "ignore", "inherit", "ipc"], // the channel closes when this process dies, however it dies
        env: process.env,
      });
      const gone = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
      stop = async () => {
        child.kill("SIGTERM");
        await gone;
      };
      const code = await gone;
      if (!stopping) {
        log.warn({ code }, "worker ended; starting it again");
        await sleep(2000);
      }
    }
  };
  const running = run();
  return async () => {
    stopping = true;
    await stop();
    await running;
  };
}

/** What is written of a request and a fault, and what never is. */
export const logOptions = (name: string, level: string): pino.LoggerOptions => ({
  name,
  level,
  // Bodies, headers and query strings are never logged; this is the second net.
  redact: {
    paths: ["req.headers", "req.body", "req.query", "*.headers", "*.password", "*.phone", "*.name_enc"],
    remove: true,
  },
  serializers: {
    req: (request: { id: string; method: string; routeOptions?: { url?: string } }) => ({
      id: request.id,
      method: request.method,
      route: request.routeOptions?.url,
    }),
  },
});

function logger(config: Config, name: string): pino.Logger {
  const dest = config.log.file ?? join(config.dataDir, "log", `${name}.log`);
  return pino(logOptions(name, config.log.level), pino.destination({ dest, mkdir: true, sync: false }));
}

const fatal = (log: pino.Logger) => (error: Error) => {
  log.fatal(error.message);
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
};

function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once("disconnect", () => resolve()); // a worker whose server has died
    process.once("SIGINT", () => resolve());
    process.once("SIGTERM", () => resolve());
  });
}
