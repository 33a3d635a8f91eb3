/** 拖入文件. The whole page takes a file; one button and one key do too. What was sent, how to stop, how to send again. */
import { UploadOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useHotkeys } from "react-hotkeys-hook";
import { sentenceOf } from "../api/problem.ts";
import { FILE_DROP } from "../texts/filedrop.ts";
import { usePageKeys } from "./keys.ts";
import { ProgressLine } from "./ProgressLine.tsx";
import { Notice } from "./States.tsx";

const MB = 1024 * 1024;
const W = FILE_DROP;

interface Sending {
  readonly name: string;
  readonly size: number;
  readonly done: number;
}

export function FileDrop(props: {
  /** Whose page it is, in the list of keys. */
  readonly page: string;
  readonly label?: string;
  /** Which files, in words. */
  readonly kinds: string;
  readonly mostMb: number;
  readonly disabled?: boolean;
  /** What has to be said beside the file. */
  readonly children?: ReactNode;
  readonly send: (file: File, onProgress: (done: number) => void, signal: AbortSignal) => Promise<void>;
}) {
  const { mostMb, disabled = false } = props;
  const input = useRef<HTMLInputElement>(null);
  const stop = useRef<AbortController | null>(null);
  const [sending, setSending] = useState<Sending | null>(null);
  /** A file that did not arrive, with why: it can be sent again without looking for it. */
  const [failed, setFailed] = useState<{ file: File; why: string } | null>(null);

  const send = async (file: File | undefined) => {
    if (!file || disabled || stop.current) return;
    setFailed(null);
    if (file.size > mostMb * MB) return setFailed({ file, why: W.tooBig(mostMb) });
    const abort = new AbortController();
    stop.current = abort;
    const at = (done: number) => setSending({ name: file.name, size: file.size, done });
    at(0);
    try {
      await props.send(file, at, abort.signal);
    } catch (thrown) {
      setFailed({ file, why: abort.signal.aborted ? W.stopped : sentenceOf(thrown) });
    } finally {
      stop.current = null;
      setSending(null);
      if (input.current) input.current.value = "";
    }
  };
  useEffect(() => () => stop.current?.abort(), []);
  const over = usePageDrop((file) => void send(file));
  useHotkeys("u", () => input.current?.click(), { preventDefault: true, enabled: !disabled });
  usePageKeys([{ title: props.page, keys: [{ keys: ["u"], does: W.choose }] }]);
  return (
    <section className="drop-zone" aria-label={props.label ?? W.drop} data-over={over || undefined}>
      {sending ? (
        <>
          <ProgressLine
            label={sending.done >= 1 ? W.reading(sending.name) : W.sending(sending.name)}
            done={sending.done}
            words={W.sent(sending.done * sending.size, sending.size)}
          />
          <Button onClick={() => stop.current?.abort()}>{W.stop}</Button>
        </>
      ) : (
        <>
          {props.children}
          <p>
            <strong>{W.drop}</strong>
            <span className="quiet"> {props.kinds}</span>
          </p>
          <Button
            type="primary"
            icon={<UploadOutlined aria-hidden="true" />}
            disabled={disabled}
            onClick={() => input.current?.click()}
          >
            {W.choose}
            <kbd className="on-button">U</kbd>
          </Button>
        </>
      )}
      <input
        ref={input}
        className="sr"
        type="file"
        tabIndex={-1}
        aria-label={W.choose}
        accept=".xlsx,.xls,.csv,.txt"
        onChange={(e) => void send(e.target.files?.[0])}
      />
      {failed && (
        <Notice tone="wrong" onClose={() => setFailed(null)}>
          {W.notArrived(failed.file.name)}
          {failed.why}{" "}
          <Button size="small" type="link" onClick={() => void send(failed.file)}>
            {W.sendAgain}
          </Button>
        </Notice>
      )}
      {over && (
        <div className="drop-veil" aria-hidden="true">
          <strong>{W.letGo}</strong>
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
