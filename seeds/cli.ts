/** `jiesu seed`: fills the ledger with invented tickets, for demonstrations, trials and measurements. */
import { parseDay, startOfDay } from "@jiesu/core/time/day.ts";
import type { Opened } from "@jiesu/server/platform/shell.ts";
import { type Command, InvalidArgumentError } from "commander";
import { accountLines } from "./demonstration.ts";
import { loadDistrict } from "./district.ts";
import { seed } from "./load.ts";
import { createAccounts } from "./people.ts";

interface Options {
  readonly tickets: number;
  readonly seed: number;
  readonly from?: number;
  readonly to?: number;
  readonly json?: boolean;
}

export function registerSeed(program: Command, open: () => Promise<Opened>): void {
  program
    .command("seed")
    .description("生成演示工单（辖区、人员如缺则一并建立；内容均为虚构）")
    .option("--tickets <件数>", "生成多少件", countOf, 3000)
    .option("--seed <整数>", "随机种子：同一种子、同一时段生成同样的工单", countOf, 1)
    .option("--from <日期>", "最早来电日，如 2026-01-01；不写则按件数推算", dayStart)
    .option("--to <日期>", "截至该日 0 时；不写则截至现在", dayStart)
    .option("--json", "以 JSON 输出")
    .action(async (options: Options) => {
      const opened = await open();
      try {
        await run(opened, options);
      } finally {
        await opened.close();
      }
    });
}

async function run({ shell }: Opened, options: Options): Promise<void> {
  await loadDistrict(shell.db, shell.now());
  const accounts = await createAccounts(shell.db, shell.now());
  const { from, to, tickets } = options;
  const made = await seed(shell, {
    tickets,
    seed: options.seed,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    onProgress: (done, total) => {
      if (done % 20_000 === 0 || done === total) process.stderr.write(`\r已生成 ${done} / ${total} 件`);
    },
  });
  process.stderr.write("\n");
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ ...made, accounts })}\n`);
    return;
  }
  if (accounts.length > 0) {
    process.stdout.write(`演示账号（密码只显示这一次）：\n${accountLines(accounts).join("\n")}\n`);
  }
  process.stdout.write(
    `已生成 ${made.tickets} 件工单、${made.events} 条流转记录，用时 ${made.seconds.toFixed(1)} 秒\n`,
  );
}

function countOf(text: string): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 1) throw new InvalidArgumentError("请写大于 0 的整数");
  return count;
}

function dayStart(text: string): number {
  const day = parseDay(text);
  if (day === null) throw new InvalidArgumentError("请写日期，如 2026-01-01");
  return startOfDay(day);
}
