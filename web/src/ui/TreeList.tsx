/** 树. Rows that open, as far as they are open: arrows move and open, Enter chooses, Home and End go to the ends. */
import { CaretDownOutlined, CaretRightOutlined } from "@ant-design/icons";
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from "react";

export interface TreeRow {
  readonly id: string;
  readonly parentId: string | null;
  readonly level: number;
  readonly label: string;
  readonly note?: ReactNode;
  /** null: has nothing below it. */
  readonly open: boolean | null;
}

export function TreeList(props: {
  readonly label: string;
  readonly rows: readonly TreeRow[];
  readonly chosen: string | null;
  readonly onChoose: (id: string) => void;
  readonly onToggle: (id: string) => void;
}) {
  const { rows, chosen } = props;
  const box = useRef<HTMLDivElement>(null);
  const stop = rows.some((row) => row.id === chosen) ? chosen : (rows[0]?.id ?? null);
  useEffect(() => {
    if (chosen)
      box.current?.querySelector(`[data-id="${CSS.escape(chosen)}"]`)?.scrollIntoView({ block: "nearest" });
  }, [chosen]);
  const focusOn = (id: string | undefined | null) => {
    if (id) box.current?.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"]`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent, row: TreeRow, at: number) => {
    const next = {
      ArrowDown: rows[at + 1]?.id,
      ArrowUp: rows[at - 1]?.id,
      Home: rows[0]?.id,
      End: rows.at(-1)?.id,
      ArrowRight: row.open === true ? rows[at + 1]?.id : undefined,
      ArrowLeft: row.open === true ? undefined : row.parentId,
    }[event.key];
    if (event.key === "Enter" || event.key === " ") props.onChoose(row.id);
    else if (
      (event.key === "ArrowRight" && row.open === false) ||
      (event.key === "ArrowLeft" && row.open === true)
    )
      props.onToggle(row.id);
    else if (next) focusOn(next);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div ref={box} role="tree" aria-label={props.label} className="tree-list">
      {rows.map((row, at) => (
        <div
          key={row.id}
          role="treeitem"
          data-id={row.id}
          aria-level={row.level}
          aria-selected={row.id === chosen}
          {...(row.open === null ? {} : { "aria-expanded": row.open })}
          tabIndex={row.id === stop ? 0 : -1}
          className="tree-row"
          style={{ paddingInlineStart: 8 + (row.level - 1) * 18 }}
          onClick={() => props.onChoose(row.id)}
          onKeyDown={(event) => onKeyDown(event, row, at)}
        >
          <span
            className="tree-caret"
            aria-hidden="true"
            onClick={(event) => {
              if (row.open === null) return;
              event.stopPropagation();
              props.onToggle(row.id);
            }}
          >
            {row.open === null ? null : row.open ? <CaretDownOutlined /> : <CaretRightOutlined />}
          </span>
          <span className="tree-label">{row.label}</span>
          {row.note && <span className="tree-note">{row.note}</span>}
        </div>
      ))}
    </div>
  );
}
