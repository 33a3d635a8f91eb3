/** 附件预览. A picture or a PDF in the page, its neighbours by arrow keys, saving, and taking out of sight for a reason. */
import { DownloadOutlined, LeftOutlined, RightOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { type FormEvent, useState } from "react";
import { bodyOf, http } from "../../../api/client.ts";
import { sentenceOf } from "../../../api/problem.ts";
import { ticketQuery } from "../../../api/queries.ts";
import type { Attachment } from "../../../api/types.ts";
import { T } from "../../../texts.ts";
import { Dialog } from "../../../ui/Dialog.tsx";
import { minuteText } from "../../../ui/dates.ts";
import { Field } from "../../../ui/Field.tsx";
import { Notice } from "../../../ui/States.tsx";

const F = T.ticket.files;

export function Preview(props: {
  readonly ticketId: string;
  readonly file: Attachment;
  readonly onClose: () => void;
  readonly previous: (() => void) | null;
  readonly next: (() => void) | null;
}) {
  const { ticketId, file } = props;
  const [removing, setRemoving] = useState(false);
  const address = `/api/tickets/${ticketId}/attachments/${file.id}`;
  return (
    <Dialog title={F.preview(file.name)} onClose={props.onClose} width={960}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: arrow keys beside the two buttons that do the same */}
      <div
        className="preview"
        onKeyDown={(e) => {
          if (removing) return;
          if (e.key === "ArrowLeft") props.previous?.();
          if (e.key === "ArrowRight") props.next?.();
        }}
      >
        {file.mime.startsWith("image/") ? (
          <img src={`${address}?show=1`} alt={file.name} />
        ) : file.mime === "application/pdf" ? (
          <iframe src={`${address}?show=1`} title={file.name} />
        ) : (
          <p className="quiet">{F.noPreview}</p>
        )}
        <div className="preview-foot">
          <span className="quiet">{F.by(file.userName, minuteText(file.at))}</span>
          {file.unit && <span className="quiet">{file.unit.name}</span>}
          <span className="preview-actions">
            <Button
              data-first
              aria-label={F.previous}
              disabled={props.previous === null}
              icon={<LeftOutlined aria-hidden="true" />}
              onClick={() => props.previous?.()}
            />
            <Button
              aria-label={F.next}
              disabled={props.next === null}
              icon={<RightOutlined aria-hidden="true" />}
              onClick={() => props.next?.()}
            />
            <Button href={address} download={file.name} icon={<DownloadOutlined aria-hidden="true" />}>
              {F.save}
            </Button>
            {file.mayHide && <Button onClick={() => setRemoving(!removing)}>{F.remove}</Button>}
          </span>
        </div>
        {removing && <Remove ticketId={ticketId} file={file} onDone={props.onClose} />}
      </div>
    </Dialog>
  );
}

function Remove(props: { ticketId: string; file: Attachment; onDone: () => void }) {
  const { ticketId, file, onDone } = props;
  const queries = useQueryClient();
  const [reason, setReason] = useState("");
  const [refused, setRefused] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const remove = async (event: FormEvent) => {
    event.preventDefault();
    if (reason.trim().length < 2) return setRefused(F.needReason);
    setBusy(true);
    try {
      await bodyOf(
        http.POST("/api/tickets/{id}/attachments/{attachmentId}/hide", {
          params: { path: { id: ticketId, attachmentId: file.id } },
          body: { reason: reason.trim() },
        }),
      );
      void queries.invalidateQueries({ queryKey: ticketQuery(ticketId).queryKey });
      onDone();
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
      setBusy(false);
    }
  };
  return (
    <form onSubmit={remove} className="preview-remove" aria-label={F.removeTitle(file.name)}>
      <p className="quiet">{F.removeAbout}</p>
      <Field label={F.reason} required>
        {(control) => (
          <Input
            {...control}
            autoFocus
            maxLength={200}
            value={reason}
            onChange={(e) => setReason(e.target.value)}
          />
        )}
      </Field>
      <ul className="phrases" aria-label={T.moves.phrasesLabel}>
        {F.reasons.map((words) => (
          <li key={words}>
            <button type="button" onClick={() => setReason(words)}>
              {words}
            </button>
          </li>
        ))}
      </ul>
      {refused && <Notice tone="wrong">{refused}</Notice>}
      <Button type="primary" htmlType="submit" loading={busy}>
        {F.confirm}
      </Button>
    </form>
  );
}
