/** 批量. What can be done with the chosen tickets: its buttons and keys, the form of the move, and what came of it. */
import { isForMany } from "@jiesu/core/ticket/bulk.ts";
import { type Move, movesFor, stepOf } from "@jiesu/core/ticket/lifecycle.ts";
import { isState } from "@jiesu/core/ticket/state.ts";
import { Button } from "antd";
import { useMemo, useState } from "react";
import { useHotkeys } from "react-hotkeys-hook";
import { rolesOf, useSession } from "../../api/session.ts";
import type { TicketRow, UndoReport } from "../../api/types.ts";
import { T } from "../../texts.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { BulkDialog } from "./BulkDialog.tsx";
import { BulkReportTable } from "./BulkReportTable.tsx";
import type { Selection } from "./useSelection.ts";

export function BulkBar(props: {
  readonly selection: Selection;
  readonly chooseAll: () => Promise<void>;
  /** These tickets have been moved and leave the list. */
  readonly onDone: (ids: readonly string[]) => void;
}) {
  const { selection } = props;
  const [asked, setAsked] = useState<{ move: Move; rows: readonly TicketRow[] } | null>(null);
  const [back, setBack] = useState<UndoReport | null>(null);
  const [choosing, setChoosing] = useState(false);
  const moves = useBulkMoves(selection.rows);
  const keyed = moves.filter(({ move }) => stepOf(move).key !== null);
  useHotkeys(
    keyed.length > 0 ? keyed.map(({ move }) => stepOf(move).key ?? "") : ["f24"],
    (event, handler) => {
      const found = keyed.find(({ move }) => stepOf(move).key === handler.keys?.join(""));
      if (!found || asked) return;
      event.preventDefault();
      setAsked({ move: found.move, rows: selection.rows });
    },
    { enabled: keyed.length > 0 },
    [keyed, asked, selection.rows],
  );
  const undone = back && (
    <Dialog title={T.moves.undoReport} onClose={() => setBack(null)} width={720}>
      <BulkReportTable
        outcome={back}
        doneCount={T.moves.backCount(back.done.length)}
        refusedCount={T.moves.notBackCount(back.refused.length)}
      >
        <Button type="primary" data-first onClick={() => setBack(null)}>
          {T.queue.close}
        </Button>
      </BulkReportTable>
    </Dialog>
  );
  if (selection.rows.length === 0 && asked === null) return undone;
  return (
    <section className="bulk-bar" aria-label={T.queue.chosen(selection.rows.length)}>
      <strong aria-live="polite">{T.queue.chosen(selection.rows.length)}</strong>
      {moves.length === 0 && <span className="quiet">{T.queue.noBulk}</span>}
      {moves.map(({ move }) => {
        const { zh, key } = stepOf(move);
        return (
          <Button
            key={move}
            aria-keyshortcuts={key ?? undefined}
            onClick={() => setAsked({ move, rows: selection.rows })}
          >
            {zh}
            {key && <kbd>{key.toUpperCase()}</kbd>}
          </Button>
        );
      })}
      <span className="bulk-bar-end">
        <Button
          type="link"
          loading={choosing}
          onClick={() => {
            setChoosing(true);
            void props.chooseAll().finally(() => setChoosing(false));
          }}
        >
          {T.queue.chooseAll}
        </Button>
        <Button type="link" onClick={selection.clear}>
          {T.queue.clear} <kbd>Esc</kbd>
        </Button>
      </span>
      {asked && (
        <BulkDialog
          move={asked.move}
          rows={asked.rows}
          onDone={props.onDone}
          onUndone={setBack}
          onClose={(left) => {
            setAsked(null);
            selection.choose(left);
          }}
        />
      )}
      {undone}
    </section>
  );
}

/** The moves that the table allows me on any of these, those that fit most of them in front. */
function useBulkMoves(rows: readonly TicketRow[]): readonly { readonly move: Move; readonly fits: number }[] {
  const session = useSession();
  return useMemo(() => {
    const roles = rolesOf(session);
    const fits = new Map<Move, number>();
    for (const { state } of rows)
      if (isState(state))
        for (const move of movesFor(roles, state))
          if (isForMany(move)) fits.set(move, (fits.get(move) ?? 0) + 1);
    return [...fits].map(([move, n]) => ({ move, fits: n })).sort((a, b) => b.fits - a.fits);
  }, [rows, session]);
}
