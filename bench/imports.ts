/** 导入. A city-style file of invented tickets, as CSV and as xlsx, imported whole, beside the usual libraries reading the same file. */

import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { dayOf, msOfDay } from "@jiesu/core/time/day.ts";
import { importFile } from "@jiesu/server/intake/actions.ts";
import { importerFor } from "@jiesu/server/platform/auth/actor.ts";
import { parse as parseCsv } from "csv-parse";
import ExcelJS from "exceljs";
import { generate, spanFor } from "../seeds/generator.ts";
import type { Tale } from "../seeds/tale.ts";
import type { Ground } from "./ground.ts";
import { measured, type Tell } from "./measure.ts";

const HEADER = [
  "工单编号",
  "工单类型",
  "问题分类",
  "标题",
  "主要内容",
  "工单状态",
  "来电人",
  "来电人电话/账号",
  "被反映区",
  "被反映街乡镇",
  "村/社区",
  "处理受理方式",
  "主办单位",
  "来电时间",
  "办结时间",
  "办理结果",
  "企业名称",
  "是否联系",
  "是否解决",
  "是否满意",
] as const;
const BATCH = 1000;

export async function imports(ground: Ground, tell: Tell, rows: number): Promise<void> {
  const ledger = await ground.ledger(0, "_import");
  const { shell } = ledger.opened;
  // Two files of different tickets: the second import creates as the first does.
  const csv = join(shell.files, "bench.csv");
  const xlsx = join(shell.files, "bench.xlsx");
  await writeCsv(csv, lines(ledger.opened, rows, 11, 0));
  await writeXlsx(xlsx, lines(ledger.opened, rows, 12, 500_000));
  for (const [kind, path] of [
    ["csv", csv],
    ["xlsx", xlsx],
  ] as const) {
    await ledger.settle();
    const alone = await perSecond(rows, () => readByLibrary(path));
    const ours = await perSecond(rows, async () => {
      const outcome = await importFile(shell, importerFor("测量"), path, { createUnits: true });
      if (!outcome.ok) throw new Error(`the import was refused: ${JSON.stringify(outcome.refusal)}`);
      const { created, errors } = outcome.value;
      if (created !== rows)
        throw new Error(`${created} of ${rows} rows became tickets: ${JSON.stringify(errors[0])}`);
    });
    const mb = ((await stat(path)).size / 1e6).toFixed(0);
    tell(
      measured(
        `import ${kind} ${rows} rows`,
        ours,
        "rows/s",
        alone,
        `${kind === "csv" ? "csv-parse" : "exceljs"} reading the ${mb} MB alone`,
      ),
    );
  }
}

async function perSecond(rows: number, work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return rows / ((performance.now() - began) / 1000);
}

/** The same file read to its end by the libraries that anybody would take for it; nothing is done with the cells. */
async function readByLibrary(path: string): Promise<void> {
  let read = 0;
  if (path.endsWith(".csv")) {
    const records = createReadStream(path).pipe(parseCsv({ bom: true, relax_column_count: true }));
    for await (const _record of records) read += 1;
  } else {
    const book = new ExcelJS.stream.xlsx.WorkbookReader(path, { worksheets: "emit", sharedStrings: "cache" });
    for await (const sheet of book) for await (const _row of sheet) read += 1;
  }
  if (read === 0) throw new Error("nothing was read");
}

function* lines(
  opened: { shell: { rules: Parameters<typeof generate>[0]["rules"]; now: () => number } },
  tickets: number,
  seed: number,
  serialsAfter: number,
): Generator<readonly string[]> {
  const { rules, now } = opened.shell;
  for (const tale of generate({ tickets, seed, ...spanFor(tickets, now()), rules, serialsAfter }))
    yield lineOf(tale);
}

const YES_NO = { yes: "是", no: "否" } as const;
const SOLVED = { yes: "解决", partly: "部分解决", no: "未解决" } as const;
const SATISFIED = { satisfied: "满意", basically: "基本满意", dissatisfied: "不满意" } as const;

function lineOf(tale: Tale): readonly string[] {
  const { matter, at, requester } = tale;
  const answers = tale.results.at(-1)?.answers;
  return [
    tale.number,
    matter.kind,
    `${matter.category1}->${matter.category2}->${matter.category3}`,
    tale.title,
    tale.content,
    tale.state === "closed" ? "已办结" : "办理中",
    requester.name,
    requester.phone,
    "海淀区",
    at.street.name,
    at.community.name,
    tale.channel,
    tale.leadUnit ?? at.street.name,
    minute(tale.receivedAt),
    tale.closedAt === null ? "" : minute(tale.closedAt),
    tale.reply,
    tale.enterprise,
    answers?.contacted ? YES_NO[answers.contacted] : "",
    answers?.solved ? SOLVED[answers.solved] : "",
    answers?.satisfied ? SATISFIED[answers.satisfied] : "",
  ];
}

function minute(at: number): string {
  const minutes = Math.floor(msOfDay(at) / 60_000);
  const two = (n: number): string => String(n).padStart(2, "0");
  return `${dayOf(at)} ${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:00`;
}

async function writeCsv(path: string, rows: Iterable<readonly string[]>): Promise<void> {
  const file = createWriteStream(path);
  const quoted = (field: string): string =>
    /[",\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
  let text = `\uFEFF${HEADER.join(",")}\r\n`;
  let count = 0;
  for (const row of rows) {
    text += `${row.map(quoted).join(",")}\r\n`;
    count += 1;
    if (count % BATCH !== 0) continue;
    if (!file.write(text)) await once(file, "drain");
    text = "";
  }
  file.end(text);
  await once(file, "finish");
}

async function writeXlsx(path: string, rows: Iterable<readonly string[]>): Promise<void> {
  const book = new ExcelJS.stream.xlsx.WorkbookWriter({ filename: path });
  const sheet = book.addWorksheet("工单");
  sheet.addRow(HEADER).commit();
  for (const row of rows) sheet.addRow(row).commit();
  sheet.commit();
  await book.commit();
}
