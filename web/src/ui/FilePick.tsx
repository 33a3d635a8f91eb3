/** 选文件、拍照. Buttons that open the camera or the files, and the list of what is on its way. */
import {
  CameraOutlined,
  CloseOutlined,
  FileOutlined,
  PaperClipOutlined,
  RedoOutlined,
} from "@ant-design/icons";
import { type ReactNode, useRef } from "react";
import type { Upload, Uploads } from "./upload.ts";

const KINDS = "image/*,.pdf,.doc,.docx,.xls,.xlsx,.ppt,.pptx,.txt,.csv";

/** `camera` opens the camera of a phone at once; otherwise the files, several at a time. */
export function FilePick(props: {
  readonly uploads: Uploads;
  readonly camera?: boolean;
  readonly label?: string;
  readonly className?: string;
  readonly children?: ReactNode;
}) {
  const input = useRef<HTMLInputElement>(null);
  const label = props.label ?? (props.camera ? "拍照" : "添加附件");
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        multiple
        aria-label={label}
        accept={props.camera ? "image/*" : KINDS}
        {...(props.camera ? { capture: "environment" as const } : {})}
        onChange={(e) => {
          props.uploads.add(e.target.files ?? []);
          e.target.value = "";
        }}
      />
      <button type="button" className={props.className ?? "file-pick"} onClick={() => input.current?.click()}>
        {props.camera ? <CameraOutlined aria-hidden="true" /> : <PaperClipOutlined aria-hidden="true" />}
        <span>{props.children ?? label}</span>
      </button>
    </>
  );
}

/** What is on its way and what was refused, each with its picture; what has arrived is the page's to show. */
export function UploadList(props: {
  uploads: Pick<Uploads, "items" | "retry" | "remove">;
  showDone?: boolean;
}) {
  const { uploads, showDone } = props;
  const shown = uploads.items.filter((item) => showDone || item.state !== "done");
  if (shown.length === 0) return null;
  return (
    <ul className="uploads" aria-label="正在上传的文件" aria-live="polite">
      {shown.map((item) => (
        <li key={item.key} className="upload" data-state={item.state}>
          <span className="upload-picture">
            {item.preview ? <img src={item.preview} alt="" /> : <FileOutlined aria-hidden="true" />}
          </span>
          <span className="upload-words">
            <span className="upload-name">{item.file.name}</span>
            <span className={item.state === "failed" ? "field-error" : "quiet"}>{wordsOf(item)}</span>
            {item.state === "sending" && (
              <progress max={1} value={item.progress} aria-label={item.file.name} />
            )}
          </span>
          {(item.state === "failed" || item.error !== null) && (
            <button
              type="button"
              className="icon-button"
              aria-label={`重传 ${item.file.name}`}
              onClick={() => uploads.retry(item.key)}
            >
              <RedoOutlined aria-hidden="true" />
            </button>
          )}
          <button
            type="button"
            className="icon-button"
            aria-label={item.state === "done" ? `收起 ${item.file.name}` : `不传 ${item.file.name}`}
            onClick={() => uploads.remove(item.key)}
          >
            <CloseOutlined aria-hidden="true" />
          </button>
        </li>
      ))}
    </ul>
  );
}

function wordsOf(item: Upload): string {
  if (item.state === "done") return "已上传";
  if (item.state === "sending") return `正在上传 ${Math.round(item.progress * 100)}%`;
  return item.error ?? "等待上传";
}
