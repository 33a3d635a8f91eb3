/** 列与显示. Chooses the columns of a list, their order and which are pinned, and how dense the rows stand. */
import { ArrowDownOutlined, ArrowUpOutlined, PushpinFilled, PushpinOutlined } from "@ant-design/icons";
import { LIST_COLUMNS } from "@jiesu/core/ticket/listing.ts";
import { Button, Checkbox } from "antd";
import { T } from "../../texts.ts";
import { Choice } from "../../ui/Choice.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import type { Density, ListColumn } from "./columns.tsx";

export function ColumnPanel(props: {
  readonly columns: readonly ListColumn[];
  readonly change: (next: readonly ListColumn[] | null) => void;
  readonly density: Density;
  readonly setDensity: (density: Density) => void;
  readonly onClose: () => void;
}) {
  const { columns, change } = props;
  const set = (key: string, part: Partial<ListColumn>) =>
    change(columns.map((column) => (column.key === key ? { ...column, ...part } : column)));
  const shift = (at: number, by: 1 | -1) => {
    const next = [...columns];
    const [moved] = next.splice(at, 1);
    if (moved) next.splice(at + by, 0, moved);
    change(next);
  };
  const q = T.queue;
  return (
    <Dialog
      title={q.columns}
      onClose={props.onClose}
      width={520}
      footer={
        <>
          <Button onClick={() => change(null)}>{q.reset}</Button>
          <Button type="primary" onClick={props.onClose}>
            {q.done}
          </Button>
        </>
      }
    >
      <p className="quiet">{q.columnsAbout}</p>
      <Choice
        label={q.density}
        options={[
          { value: "compact", label: q.densities.compact },
          { value: "middle", label: q.densities.middle },
          { value: "comfortable", label: q.densities.comfortable },
        ]}
        value={props.density}
        onChange={(density) => density && props.setDensity(density)}
      />
      <ul className="column-panel">
        {columns.map((column, at) => {
          const { zh } = LIST_COLUMNS[column.key];
          return (
            <li key={column.key}>
              <Checkbox
                checked={column.shown}
                disabled={column.shown && columns.filter((c) => c.shown).length === 1}
                onChange={(e) => set(column.key, { shown: e.target.checked })}
              >
                {zh}
              </Checkbox>
              <Button
                type="text"
                icon={
                  column.pinned ? (
                    <PushpinFilled aria-hidden="true" />
                  ) : (
                    <PushpinOutlined aria-hidden="true" />
                  )
                }
                aria-label={q.pin(zh)}
                aria-pressed={column.pinned}
                title={q.pin(zh)}
                onClick={() => set(column.key, { pinned: !column.pinned })}
              />
              <Button
                type="text"
                icon={<ArrowUpOutlined aria-hidden="true" />}
                aria-label={q.columnUp(zh)}
                disabled={at === 0}
                onClick={() => shift(at, -1)}
              />
              <Button
                type="text"
                icon={<ArrowDownOutlined aria-hidden="true" />}
                aria-label={q.columnDown(zh)}
                disabled={at === columns.length - 1}
                onClick={() => shift(at, 1)}
              />
            </li>
          );
        })}
      </ul>
    </Dialog>
  );
}
