/** 照片与附件. Files go to the ticket as soon as they are chosen, so that the report only has to speak of them. */
import { useQueryClient } from "@tanstack/react-query";
import { uploadToTicket } from "../../../api/client.ts";
import { ticketQuery } from "../../../api/queries.ts";
import { type Uploads, useUploads } from "../../../ui/upload.ts";

/** Uploads to one ticket; the ticket is read anew after each file, with its new version. */
export function useTicketUploads(ticketId: string): Uploads {
  const queries = useQueryClient();
  return useUploads(
    (file, onProgress, signal) => uploadToTicket(ticketId, file, onProgress, signal),
    () => void queries.invalidateQueries({ queryKey: ticketQuery(ticketId).queryKey }),
  );
}
