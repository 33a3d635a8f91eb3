/** 拖入文件. The whole page takes a file; one button and one key do too. What was sent, how fast, how to stop, how to send again. */
import { UploadOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Button } from "antd";
import { useEffect, useRef, useState } from "react";
import { useHotkeys } from "react-hotkeys-hook";
import { upload } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import type { Batch } from "../../api/types.ts";
import { INTAKE } from "../../texts/intake.ts";
import { usePageKeys } from "../../ui/keys.ts";
import { ProgressLine } from "../../ui/ProgressLine.tsx";
import { Notice } from "../../ui/States.tsx";
import { importPages, importQuery } from "./queries.ts";

const MOST_BYTES = 200 * 1024 * 1024;
const KEYS = [{ title: INTAKE.title, keys: [{ keys: ["u"], does: INTAKE.choose }] }];

interface Sending {
  readonly name: string;
  readonly size: number;
  readonly done: number;
  readonly since: number;
}

export function DropZone() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const input = useRef<HTMLInputElement>(null);
  const stop = useRef<AbortController | null>(null);
  const [sending, setSending] = useState<Sending | null>(null);
  /** A file that did not arrive, with why: it can be sent again without looking for it. */
  const [failed, setFailed] = useState<{ file: File; why: string } | null>(null);

  const send = async (file: File | undefined) => {
    if (!file || stop.current) return;
    setFailed(null);
    if (file.size > MOST_BYTES) return setFailed({ file, why: INTAKE.tooBig });
    const abort = new AbortController();
    stop.current = abort;
    const since = Date.now();
    const at = (done: number) => setSending({ name: file.name, size: file.size, done, since });
    at(0);
    try {
      const batch = await upload<Batch>("/api/imports", file, at, abort.signal);
      queries.setQueryData(importQuery(batch.id).queryKey, batch);
      void queries.invalidateQueries({ queryKey: importPages.queryKey });
      void navigate({ to: "/intake/$id", params: { id: batch.id } });
    } catch (thrown) {
      setFailed({ file, why: abort.signal.aborted ? INTAKE.uploadStopped : sentenceOf(thrown) });
    } finally {
      stop.current = null;
      setSending(null);
      if (input.current) input.current.value = "";
    }
  };
  useEffect(() => () => stop.current?.abort(), []);
  const over = usePageDrop((file) => void send(file));
  useHotkeys("u", () => input.current?.click(), { preventDefault: true });
  usePageKeys(KEYS);
  return (
    <section className="drop-zone" aria-label={INTAKE.drop} data-over={over || undefined}>
      {sending ? (
        <>
          <ProgressLine
            label={sending.done >= 1 ? INTAKE.reading(sending.name) : INTAKE.sending(sending.name)}
            done={sending.done}
            words={INTAKE.sent(sending.done * sending.size, sending.size)}
          />
          <Button onClick={() => stop.current?.abort()}>{INTAKE.stopUpload}</Button>
        </>
      ) : (
        <>
          <p>
            <strong>{INTAKE.drop}</strong>
            <span className="quiet"> {INTAKE.kindsOfFile}</span>
          </p>
          <Button
            type="primary"
            icon={<UploadOutlined aria-hidden="true" />}
            onClick={() => input.current?.click()}
          >
            {INTAKE.choose}
            <kbd className="on-button">U</kbd>
          </Button>
        </>
      )}
      <input
        ref={input}
        className="sr"
        type="file"
        tabIndex={-1}
        aria-label={INTAKE.choose}
        accept=".xlsx,.xls,.csv,.txt"
        onChange={(e) => void send(e.target.files?.[0])}
      />
      {failed && (
        <Notice tone="wrong" onClose={() => setFailed(null)}>
          {INTAKE.notArrived(failed.file.name)}
          {failed.why}{" "}
          <Button size="small" type="link" onClick={() => void send(failed.file)}>
            {INTAKE.sendAgain}
          </Button>
        </Notice>
      )}
      {over && (
        <div className="drop-veil" aria-hidden="true">
          <strong>{INTAKE.letGo}</strong>
        </div>
      )}
    </section>
  );
}

/** A file let go anywhere on the page. Answers whether one is being held over it. */
function usePageDrop(take: (file: File | undefined) => void): boolean {
  const [over, setOver] = useState(false);
  const latest = useRef(take);
  latest.current = take;
  useEffect(() => {
    let depth = 0;
    const holdsFile = (e: DragEvent): boolean => e.dataTransfer?.types.includes("Files") === true;
    const settle = (next: number) => {
      depth = Math.max(0, next);
      setOver(depth > 0);
    };
    const enter = (e: DragEvent) => {
      if (holdsFile(e)) settle(depth + 1);
    };
    const leave = () => settle(depth - 1);
    const hover = (e: DragEvent) => {
      if (holdsFile(e)) e.preventDefault();
    };
    const drop = (e: DragEvent) => {
      if (!holdsFile(e)) return;
      e.preventDefault();
      settle(0);
      latest.current(e.dataTransfer?.files[0]);
    };
    const pairs = [
      ["dragenter", enter],
      ["dragleave", leave],
      ["dragover", hover],
      ["drop", drop],
    ] as const;
    for (const [name, heard] of pairs) window.addEventListener(name, heard);
    return () => {
      for (const [name, heard] of pairs) window.removeEventListener(name, heard);
    };
  }, []);
  return over;
}
