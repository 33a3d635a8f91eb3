/** 附件. Files on the ticket as small pictures, those on their way, and how to add: choose, take a picture, paste or drag. */
import { FileExcelOutlined, FilePdfOutlined, FileTextOutlined, FileWordOutlined } from "@ant-design/icons";
import { type ReactNode, useState } from "react";
import type { Attachment, TicketDetail } from "../../../api/types.ts";
import { T } from "../../../texts.ts";
import { DetailPanel } from "../../../ui/DetailPanel.tsx";
import { shortText } from "../../../ui/dates.ts";
import { FilePick, UploadList } from "../../../ui/FilePick.tsx";
import { useNow } from "../../../ui/now.ts";
import type { Uploads } from "../../../ui/upload.ts";
import { Preview } from "./Preview.tsx";

const F = T.ticket.files;

export function Attachments({ ticket, uploads }: { ticket: TicketDetail; uploads: Uploads }) {
  const now = useNow();
  const [shown, setShown] = useState<string | null>(null);
  const [hiddenToo, setHiddenToo] = useState(false);
  const files = ticket.attachments.filter((file) => file.hidden === null);
  const hidden = ticket.attachments.filter((file) => file.hidden !== null);
  const at = files.findIndex((file) => file.id === shown);
  const opened = files[at];
  return (
    <DetailPanel
      title={F.title(files.length)}
      extra={
        <span className="files-add">
          <FilePick uploads={uploads} camera className="files-camera text-button" />
          <FilePick uploads={uploads} className="text-button" />
        </span>
      }
    >
      {files.length === 0 && uploads.items.length === 0 && <p className="quiet files-hint">{F.hint}</p>}
      {files.length > 0 && (
        <ul className="files">
          {files.map((file) => (
            <li key={file.id}>
              <button
                type="button"
                className="file"
                onClick={() => setShown(file.id)}
                title={`${file.name}\n${F.by(file.userName, shortText(file.at, now))}`}
              >
                <Thumb ticketId={ticket.id} file={file} />
                <span className="file-name">{file.name}</span>
                <span className="quiet">{sizeText(file.size)}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <UploadList uploads={uploads} />
      {hidden.length > 0 && (
        <button
          type="button"
          className="plain-button quiet files-hidden"
          aria-expanded={hiddenToo}
          onClick={() => setHiddenToo(!hiddenToo)}
        >
          {F.hiddenSome(hidden.length)}
        </button>
      )}
      {hiddenToo &&
        hidden.map((file) => (
          <p key={file.id} className="quiet">
            {file.name}：
            {file.hidden &&
              F.hidden(file.hidden.userName, shortText(file.hidden.at, now), file.hidden.reason)}
          </p>
        ))}
      {opened && (
        <Preview
          key={opened.id}
          ticketId={ticket.id}
          file={opened}
          onClose={() => setShown(null)}
          previous={files[at - 1] ? () => setShown(files[at - 1]?.id ?? null) : null}
          next={files[at + 1] ? () => setShown(files[at + 1]?.id ?? null) : null}
        />
      )}
    </DetailPanel>
  );
}

function Thumb({ ticketId, file }: { ticketId: string; file: Attachment }): ReactNode {
  if (file.mime.startsWith("image/"))
    return <img src={addressOf(ticketId, file.id)} alt="" loading="lazy" decoding="async" />;
  const icon = file.mime.includes("pdf") ? (
    <FilePdfOutlined aria-hidden="true" />
  ) : file.mime.includes("sheet") || file.mime.includes("excel") ? (
    <FileExcelOutlined aria-hidden="true" />
  ) : file.mime.includes("word") ? (
    <FileWordOutlined aria-hidden="true" />
  ) : (
    <FileTextOutlined aria-hidden="true" />
  );
  return <span className="file-icon">{icon}</span>;
}

const addressOf = (ticketId: string, id: string): string =>
  `/api/tickets/${ticketId}/attachments/${id}?show=1`;

/** "1.4 MB", "86 KB" */
function sizeText(bytes: number): string {
  return bytes >= 1024 * 1024
    ? `${(bytes / 1024 / 1024).toFixed(1)} MB`
    : `${Math.max(1, Math.round(bytes / 1024))} KB`;
}
