/**
 * 导出列表. A list as a sheet, exactly as it is shown: its columns in their order, its filters, its sort, under the same
 * permission. It is read page by page and sent as it grows, so a long list takes no more memory than a short one; a
 * ticket that comes in meanwhile neither repeats nor hides another.
 */
import { once } from "node:events";
import { PassThrough } from "node:stream";
import { isListColumn, LIST_COLUMNS, type ListColumnKey, type Sort } from "@jiesu/core/ticket/listing.ts";
import { dayOf } from "@jiesu/core/time/day.ts";
import ExcelJS from "exceljs";
import type { Actor } from "../platform/auth/actor.ts";
import { audit } from "../platform/auth/sessions.ts";
import { Refused } from "../platform/errors.ts";
import { type App, actorOf } from "../platform/http/app.ts";
import { WORKERS } from "../platform/http/who.ts";
import type { Shell } from "../platform/shell.ts";
import { listTickets, type TicketFilter } from "../ticket/list.ts";
import { filterOf, ListQuery } from "../ticket/routes.ts";
import { text } from "../ticket/schema.ts";
import { COLUMNS } from "./columns.ts";

const PAGE = 500;
/** What one sheet can hold, less a header. */
const MOST_ROWS = 1_000_000;
const BEIJING_MS = 8 * 3_600_000;

export function listExportRoutes(app: App, shell: Shell): void {
  app.get("/api/tickets/list.xlsx", {
    config: { who: WORKERS },
    schema: {
      summary: "把列表按所见的列、条件和排序导出为 Excel",
      querystring: ListQuery.extend({
        /** Keys of columns in their order, with commas between. */
        columns: text(400).default("number,title,state,street,leadUnit,receivedAt,dueAt,left"),
      }),
    },
    handler: async (request, reply) => {
      const actor = actorOf(request);
      const { columns: asked, ...query } = request.query;
      const columns = readColumns(asked);
      const filter = filterOf(query, actor.roles);
      const sort = query.sort ?? (query.queue ? "due" : "-received");
      await audit(shell.db, shell.now(), actor.userId, actor.name, "export", {
        detail: { list: query.queue ?? "all", columns, sort },
      });
      const out = new PassThrough();
      writeSheet(shell, actor, filter, sort, columns, out).catch((error: unknown) =>
        out.destroy(error instanceof Error ? error : new Error("export failed")),
      );
      const name = encodeURIComponent(`工单列表-${dayOf(shell.now())}.xlsx`);
      return reply
        .header("content-type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        .header("content-disposition", `attachment; filename*=UTF-8''${name}`)
        .send(out);
    },
  });
}

function readColumns(asked: string): readonly ListColumnKey[] {
  const keys = asked.split(",");
  const known = keys.filter(isListColumn);
  if (known.length !== keys.length || new Set(keys).size !== keys.length)
    throw new Refused({ code: "bad-input", message: "导出的列不正确，请刷新页面后重试", field: "columns" });
  return known;
}

async function writeSheet(
  shell: Shell,
  actor: Actor,
  filter: TicketFilter,
  sort: Sort,
  columns: readonly ListColumnKey[],
  out: PassThrough,
): Promise<void> {
  const now = shell.now(); // one instant for the whole sheet: what is near due on its first row is on its last
  const book = new ExcelJS.stream.xlsx.WorkbookWriter({
    stream: out,
    useStyles: true,
    useSharedStrings: false,
  });
  const sheet = book.addWorksheet("工单", { views: [{ state: "frozen", ySplit: 1 }] });
  sheet.columns = columns.map((key) => ({ header: LIST_COLUMNS[key].zh, width: COLUMNS[key].width }));
  sheet.getRow(1).font = { bold: true };
  sheet.autoFilter = { from: { row: 1, column: 1 }, to: { row: 1, column: columns.length } };
  let rows = 0;
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listTickets>> = await listTickets(
      shell.db,
      actor,
      filter,
      sort,
      Math.min(PAGE, MOST_ROWS - rows),
      after,
      now,
    );
    for (const ticket of page.rows) {
      const row = sheet.addRow(columns.map((key) => cellOf(COLUMNS[key].value(ticket, now))));
      columns.forEach((key, i) => {
        if (COLUMNS[key].value(ticket, now) instanceof Date) row.getCell(i + 1).numFmt = "yyyy-mm-dd hh:mm";
      });
      row.commit();
    }
    rows += page.rows.length;
    after = page.next;
    if (out.destroyed) return; // nobody is listening any more
    if (out.writableNeedDrain) await once(out, "drain");
  } while (after !== null && rows < MOST_ROWS);
  sheet.commit();
  await book.commit();
}

/** A sheet knows no time zones: what is written is the wall clock of Beijing. */
function cellOf(value: string | number | Date | null): string | number | Date | null {
  return value instanceof Date ? new Date(value.getTime() + BEIJING_MS) : value;
}
