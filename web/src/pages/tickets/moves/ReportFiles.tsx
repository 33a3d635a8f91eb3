/** 反馈附件. Chosen, photographed, pasted into the form or dropped on it; on the ticket before the report is sent. */
import { type RefObject, useEffect } from "react";
import { FilePick, UploadList } from "../../../ui/FilePick.tsx";
import { filesOf } from "../../../ui/upload.ts";
import { useTicketUploads } from "./useTicketUploads.ts";

export function ReportFiles({
  ticket,
  form,
}: {
  ticket: { readonly id: string; readonly number: string };
  form: RefObject<HTMLFormElement | null>;
}) {
  const uploads = useTicketUploads(ticket, "report");
  const { add } = uploads;
  useEffect(() => {
    const element = form.current;
    const take = (event: ClipboardEvent | DragEvent) => {
      const files = filesOf("clipboardData" in event ? event.clipboardData : event.dataTransfer);
      if (files.length === 0) return;
      event.preventDefault();
      event.stopPropagation(); // the page takes files too
      add(files);
    };
    const allow = (event: DragEvent) => event.preventDefault();
    element?.addEventListener("paste", take);
    element?.addEventListener("drop", take);
    element?.addEventListener("dragover", allow);
    return () => {
      element?.removeEventListener("paste", take);
      element?.removeEventListener("drop", take);
      element?.removeEventListener("dragover", allow);
    };
  }, [form, add]);
  return (
    <div className="field-gap">
      <div className="move-buttons">
        <FilePick uploads={uploads} camera />
        <FilePick uploads={uploads} />
      </div>
      <UploadList uploads={uploads} showDone />
    </div>
  );
}
