/** Word 表格. A table whose head is repeated on every page, groups of columns under their name, no row cut in two. */
import { columnGroups, type Table, type TableColumn } from "@jiesu/core/report/document.ts";
import {
  AlignmentType,
  Table as DocxTable,
  HeightRule,
  LineRuleType,
  Paragraph,
  TableCell,
  TableLayoutType,
  TableRow,
  TextRun,
  VerticalAlign,
  VerticalMergeType,
  WidthType,
} from "docx";
import { FACES, MARGIN_MM, PAPER_MM, SIZE_PT, twips } from "./gbt9704.ts";

/** The table across the whole text; `wide` paper lies on its side. */
export function docxTable({ columns, rows }: Table, wide: boolean): DocxTable {
  const widths = widthsOf(columns, wide);
  const size = wide ? SIZE_PT.wideTable : SIZE_PT.table;
  const cell = (text: string, at: number, strong: boolean, align: TableColumn["align"]) =>
    cellOf(text, widths[at] ?? 0, size, strong, align);
  const body = rows.map(
    (row) =>
      new TableRow({
        cantSplit: true,
        height: { value: size * 30, rule: HeightRule.ATLEAST },
        children: row.cells.map((text, at) =>
          cell(text, at, row.strong === true, columns[at]?.align ?? "left"),
        ),
      }),
  );
  return new DocxTable({
    layout: TableLayoutType.FIXED,
    alignment: AlignmentType.CENTER,
    columnWidths: [...widths],
    width: { size: widths.reduce((sum, width) => sum + width, 0), type: WidthType.DXA },
    rows: [...headRows(columns, widths, size), ...body],
  });
}

function headRows(columns: readonly TableColumn[], widths: readonly number[], size: number): TableRow[] {
  const titles = (merge: boolean) =>
    new TableRow({
      cantSplit: true,
      tableHeader: true,
      children: columns.map(({ title, group }, at) =>
        cellOf(merge && group === undefined ? "" : title, widths[at] ?? 0, size, true, "center", {
          ...(merge && group === undefined ? { verticalMerge: VerticalMergeType.CONTINUE } : {}),
        }),
      ),
    });
  if (columns.every(({ group }) => group === undefined)) return [titles(false)];
  let from = 0;
  const groups = columnGroups(columns).map(({ group, span }) => {
    const at = from;
    from += span;
    const width = widths.slice(at, at + span).reduce((sum, each) => sum + each, 0);
    return group === null
      ? cellOf(columns[at]?.title ?? "", width, size, true, "center", {
          verticalMerge: VerticalMergeType.RESTART,
        })
      : cellOf(group, width, size, true, "center", { columnSpan: span });
  });
  return [new TableRow({ cantSplit: true, tableHeader: true, children: groups }), titles(true)];
}

function cellOf(
  text: string,
  width: number,
  size: number,
  strong: boolean,
  align: TableColumn["align"],
  more: Partial<ConstructorParameters<typeof TableCell>[0]> = {},
): TableCell {
  const [face] = strong ? FACES.heading : FACES.plain;
  const lines = text.split("\n");
  return new TableCell({
    width: { size: width, type: WidthType.DXA },
    verticalAlign: VerticalAlign.CENTER,
    margins: { left: 60, right: 60, top: 20, bottom: 20 },
    ...more,
    children: lines.map(
      (words) =>
        new Paragraph({
          alignment: { left: AlignmentType.LEFT, right: AlignmentType.RIGHT, center: AlignmentType.CENTER }[
            align
          ],
          spacing: {
            line: Math.round(size * 1.3 * 20),
            lineRule: LineRuleType.AT_LEAST,
            before: 0,
            after: 0,
          },
          children: [
            new TextRun({
              text: words,
              size: size * 2,
              font: { ascii: face, hAnsi: face, eastAsia: face, cs: face },
            }),
          ],
        }),
    ),
  });
}

/** In twips, shared out by weight over the width of the text. */
function widthsOf(columns: readonly TableColumn[], wide: boolean): readonly number[] {
  const text = wide
    ? PAPER_MM.height - 2 * MARGIN_MM.right
    : PAPER_MM.width - MARGIN_MM.left - MARGIN_MM.right;
  const weight = columns.reduce((sum, column) => sum + column.weight, 0);
  return columns.map((column) => Math.floor((twips(text) * column.weight) / weight));
}
