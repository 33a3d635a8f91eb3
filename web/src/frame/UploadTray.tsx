/** 上传中的文件. Files of tickets that were left: still on their way, or refused; each leads back to its ticket. */
import { CloudUploadOutlined } from "@ant-design/icons";
import { Link } from "@tanstack/react-router";
import { useEffect } from "react";
import { useSession } from "../api/session.ts";
import { T } from "../texts.ts";
import { UploadList } from "../ui/FilePick.tsx";
import { ownUploads, useUploadsElsewhere } from "../ui/upload.ts";
import "./tray.css";

export function UploadTray() {
  const { login } = useSession();
  const { items, retry, remove } = useUploadsElsewhere();
  useEffect(() => ownUploads(login), [login]);
  if (items.length === 0) return null;
  const failed = items.filter((item) => item.state === "failed").length;
  const tickets = new Map(items.map((item) => [item.to.id, item.to.title]));
  return (
    <details className="upload-tray" data-failed={failed > 0 || undefined}>
      <summary>
        <CloudUploadOutlined aria-hidden="true" />
        {failed > 0 ? T.frame.uploadsFailed(failed) : T.frame.uploading(items.length)}
      </summary>
      <section className="upload-tray-list scrolls" aria-label={T.frame.uploads}>
        {[...tickets].map(([id, number]) => (
          <div key={id}>
            <Link to="/tickets/$id" params={{ id }}>
              {number}
            </Link>
            <UploadList uploads={{ items: items.filter((item) => item.to.id === id), retry, remove }} />
          </div>
        ))}
      </section>
    </details>
  );
}
