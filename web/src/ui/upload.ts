/** 上传. Files on their way to the server, one after another: progress, preview, and again by itself when the line is back. */
import { useCallback, useEffect, useRef, useState } from "react";
import { Problem, sentenceOf } from "../api/problem.ts";
import { smallerPicture } from "./picture.ts";

/** "waiting": its turn has not come, or the line is broken and it goes again by itself. */
type UploadState = "waiting" | "sending" | "done" | "failed";

export interface Upload {
  readonly key: number;
  readonly file: File;
  /** An address to show the picture by; null for other files. */
  readonly preview: string | null;
  readonly state: UploadState;
  /** 0 to 1. */
  readonly progress: number;
  /** What went wrong, in words; null when nothing did. */
  readonly error: string | null;
}

/** Sends one file; sent twice, it must be there once (the server knows a file by its digest). */
export type SendFile = (
  file: File,
  onProgress: (done: number) => void,
  signal: AbortSignal,
) => Promise<unknown>;

export interface Uploads {
  readonly items: readonly Upload[];
  /** Whether something has not arrived yet. */
  readonly busy: boolean;
  readonly add: (files: Iterable<File>) => void;
  /** Tries a refused or interrupted file again now. */
  readonly retry: (key: number) => void;
  /** Forgets a file; one that is being sent is called back. */
  readonly remove: (key: number) => void;
}

const AGAIN_MS = [2_000, 4_000, 8_000, 15_000, 30_000];

/** `onArrived` is called after each file that the server has. */
export function useUploads(send: SendFile, onArrived: () => void): Uploads {
  const [items, setItems] = useState<readonly Upload[]>([]);
  const latest = useRef({ send, onArrived });
  latest.current = { send, onArrived };
  const sending = useRef<{ key: number; abort: AbortController } | null>(null);
  const broken = useRef(0);
  const [turn, setTurn] = useState(0);
  const lastKey = useRef(0);

  const change = useCallback((key: number, to: Partial<Upload>) => {
    setItems((all) => all.map((item) => (item.key === key ? { ...item, ...to } : item)));
  }, []);
  const again = useCallback(() => setTurn((n) => n + 1), []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `turn` is what calls for another try
  useEffect(() => {
    const next = items.find((item) => item.state === "waiting");
    if (!next || sending.current) return;
    const abort = new AbortController();
    sending.current = { key: next.key, abort };
    change(next.key, { state: "sending", progress: 0 });
    void deliver(next.file, latest.current.send, (progress) => change(next.key, { progress }), abort.signal)
      .then(() => {
        broken.current = 0;
        change(next.key, { state: "done", progress: 1, error: null });
        latest.current.onArrived();
      })
      .catch((thrown: unknown) => {
        if (abort.signal.aborted) return;
        const interrupted = thrown instanceof Problem && (thrown.status === 0 || thrown.status >= 502);
        change(next.key, {
          state: interrupted ? "waiting" : "failed",
          progress: 0,
          error: interrupted ? "网络中断，恢复后自动续传" : sentenceOf(thrown),
        });
        if (interrupted) broken.current += 1;
      })
      .finally(() => {
        sending.current = null;
        if (broken.current === 0) again();
        else setTimeout(again, AGAIN_MS[Math.min(broken.current, AGAIN_MS.length) - 1]);
      });
  }, [turn, items.length, again, change]);

  useEffect(() => {
    addEventListener("online", again);
    return () => removeEventListener("online", again);
  }, [again]);

  const previews = useRef(items);
  previews.current = items;
  useEffect(
    () => () => {
      sending.current?.abort.abort();
      for (const { preview } of previews.current) if (preview) URL.revokeObjectURL(preview);
    },
    [],
  );

  const add = useCallback((files: Iterable<File>) => {
    const added = [...files].map((file) => ({
      key: ++lastKey.current,
      file,
      preview: file.type.startsWith("image/") ? URL.createObjectURL(file) : null,
      state: "waiting" as const,
      progress: 0,
      error: null,
    }));
    setItems((all) => [...all, ...added]);
  }, []);
  const retry = useCallback(
    (key: number) => {
      broken.current = 0;
      change(key, { state: "waiting", error: null });
      again();
    },
    [again, change],
  );
  const remove = useCallback((key: number) => {
    if (sending.current?.key === key) sending.current.abort.abort();
    setItems((all) => {
      const gone = all.find((item) => item.key === key);
      if (gone?.preview) URL.revokeObjectURL(gone.preview);
      return all.filter((item) => item.key !== key);
    });
  }, []);
  const busy = items.some((item) => item.state === "waiting" || item.state === "sending");
  useStayAsked(busy);
  return { items, busy, add, retry, remove };
}

async function deliver(
  file: File,
  send: SendFile,
  onProgress: (done: number) => void,
  signal: AbortSignal,
): Promise<void> {
  await send(await smallerPicture(file), onProgress, signal);
}

/** Leaving the page while a file is on its way asks first. */
function useStayAsked(busy: boolean): void {
  useEffect(() => {
    if (!busy) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [busy]);
}

/** The files of a paste or a drop; none when it held only words. */
export function filesOf(data: DataTransfer | null): readonly File[] {
  return data ? [...data.files] : [];
}
