/** A table of work: plain, dense, sticky head, digits aligned, every heading able to say its definition. */
import { Tooltip } from "antd";
import type { KeyboardEvent, ReactNode } from "react";
import { ScrollRegion } from "./ScrollRegion.tsx";

export interface Column<Row> {
  readonly key: string;
  readonly title: string;
  /** Shown when the heading is pointed at or focused. */
  readonly definition?: ReactNode;
  readonly align?: "left" | "right" | "center";
  readonly nowrap?: boolean;
  readonly width?: number | string;
  readonly cell: (row: Row) => ReactNode;
  readonly total?: ReactNode;
}

export function WorkTable<Row>(props: {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly marked?: (row: Row) => boolean;
  readonly withTotal?: boolean;
  readonly maxHeight?: string;
  /** Enter on a row, which the arrows move between. */
  readonly onOpen?: (row: Row) => void;
}) {
  const { columns, rows, onOpen } = props;
  return (
    <ScrollRegion
      className="work-table-wrap"
      label={`${props.label}（表）`}
      {...(props.maxHeight ? { maxHeight: props.maxHeight } : {})}
    >
      <table className="work-table">
        <thead>
          <tr>
            {columns.map((c) => (
              <th key={c.key} scope="col" data-align={c.align} style={c.width ? { width: c.width } : {}}>
                {c.definition ? (
                  <Tooltip title={c.definition} trigger={["hover", "focus"]}>
                    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the definition opens on focus too */}
                    <span className="defined" tabIndex={0}>
                      {c.title}
                    </span>
                  </Tooltip>
                ) : (
                  c.title
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr
              key={props.rowKey(row)}
              data-marked={props.marked?.(row) || undefined}
              {...(onOpen ? { tabIndex: 0, onKeyDown: (e) => onRowKey(e, () => onOpen(row)) } : {})}
            >
              {columns.map((c) => (
                <td key={c.key} data-align={c.align} data-nowrap={c.nowrap || undefined}>
                  {c.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
        {props.withTotal && (
          <tfoot>
            <tr>
              {columns.map((c) => (
                <td key={c.key} data-align={c.align} data-nowrap={c.nowrap || undefined}>
                  {c.total}
                </td>
              ))}
            </tr>
          </tfoot>
        )}
      </table>
    </ScrollRegion>
  );
}

/** Arrows go from row to row, Enter opens the row; keys of what stands in the row are left to it. */
function onRowKey(event: KeyboardEvent<HTMLTableRowElement>, open: () => void): void {
  const row = event.currentTarget;
  if (event.target !== row) return;
  const next = event.key === "ArrowDown" ? row.nextElementSibling : row.previousElementSibling;
  if (event.key === "Enter") open();
  else if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  else if (next instanceof HTMLElement) next.focus();
  event.preventDefault();
}
