/** 照片与附件. Files go to the ticket as soon as they are chosen, so that the report only has to speak of them. */
import { useQueryClient } from "@tanstack/react-query";
import { uploadToTicket } from "../../../api/client.ts";
import { ticketQuery } from "../../../api/queries.ts";
import { type Uploads, useUploads } from "../../../ui/upload.ts";

/** Uploads to one ticket from one place of its page; the ticket is read anew after each file, with its new version. */
export function useTicketUploads(
  ticket: { readonly id: string; readonly number: string },
  place: "page" | "bar" | "report",
): Uploads {
  const queries = useQueryClient();
  return useUploads(
    `${place} ${ticket.id}`,
    { id: ticket.id, title: ticket.number },
    (file, onProgress, signal) => uploadToTicket(ticket.id, file, onProgress, signal),
    () => void queries.invalidateQueries({ queryKey: ticketQuery(ticket.id).queryKey }),
  );
}
