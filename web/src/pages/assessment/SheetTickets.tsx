/** The tickets behind a count of the sheet that is no measure of the ledger: exemptions, shelvings, returns, rework. */
import type { SideKey } from "@jiesu/core/assessment/scoresheet.ts";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { sentenceOf } from "../../api/problem.ts";
import type { ScoreSheet, ScoreSheetRow } from "../../api/types.ts";
import { SHEETS as W } from "../../texts/sheets.ts";
import { T } from "../../texts.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { minuteText } from "../../ui/dates.ts";
import { Failed, Loading, Notice } from "../../ui/States.tsx";
import { WorkTable } from "../../ui/WorkTable.tsx";
import { sheetTicketsQuery } from "./sheetqueries.ts";

export function SheetTickets(props: {
  sheet: ScoreSheet;
  column: SideKey;
  row: ScoreSheetRow;
  close: () => void;
}) {
  const { sheet, column, row, close } = props;
  const found = useQuery(sheetTicketsQuery(sheet.id, column, row.unit.id));
  const rows = found.data?.rows ?? [];
  return (
    <Dialog title={W.tickets(found.data?.columnZh ?? "", row.unit.shortName)} onClose={close} width={720}>
      {found.isPending ? (
        <Loading what={T.loading} />
      ) : found.isError ? (
        <Failed sentence={sentenceOf(found.error)} retry={() => void found.refetch()} />
      ) : (
        <>
          <p className="quiet">
            {found.data.definition}。{W.ticketsShown(found.data.shown)}
          </p>
          {String(rows.length) !== found.data.shown && (
            <Notice tone="near">{W.ticketsNow(rows.length)}</Notice>
          )}
          <WorkTable
            label={found.data.columnZh}
            columns={[
              {
                key: "number",
                title: W.ticket,
                nowrap: true,
                cell: (ticket) => (
                  <Link to="/tickets/$id" params={{ id: ticket.ticketId }}>
                    {ticket.number}
                  </Link>
                ),
              },
              {
                key: "title",
                title: W.what,
                cell: (ticket) => <span className="counted-title">{ticket.title}</span>,
              },
              { key: "at", title: W.when, nowrap: true, cell: (ticket) => minuteText(ticket.at) },
            ]}
            rows={rows}
            rowKey={(ticket) => `${ticket.ticketId} ${ticket.round} ${ticket.at}`}
          />
        </>
      )}
    </Dialog>
  );
}
