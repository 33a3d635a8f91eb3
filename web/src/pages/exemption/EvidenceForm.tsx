/** 理由与佐证. Reason, and words or files for every kind of evidence on the ground's list; kept as a draft until it is sent. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Input, Select } from "antd";
import { type FormEvent, useRef, useState } from "react";
import { uploadToTicket } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { ticketQuery } from "../../api/queries.ts";
import type { Attachment } from "../../api/types.ts";
import { EXEMPTION } from "../../texts/exemption.ts";
import { Field } from "../../ui/Field.tsx";
import { FilePick, UploadList } from "../../ui/FilePick.tsx";
import { Failed, Notice } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { useUploads } from "../../ui/upload.ts";
import type { Ground } from "./queries.ts";

const X = EXEMPTION;

export interface Said {
  readonly reason: string;
  readonly words: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, readonly string[]>>;
}

export const NOTHING_SAID: Said = { reason: "", words: {}, files: {} };

export interface Piece {
  readonly kind: string;
  readonly text: string;
  readonly file: string | null;
}

/** One piece a file, the words with the first of them. */
export function piecesOf(said: Said, kinds: Ground["evidence"]): Piece[] {
  return kinds.flatMap(({ kind }): Piece[] => {
    const text = (said.words[kind] ?? "").trim();
    const files = said.files[kind] ?? [];
    if (files.length === 0) return text === "" ? [] : [{ kind, text, file: null }];
    return files.map((file, i) => ({ kind, text: i === 0 ? text : "", file }));
  });
}

/** What was sent before, to be filled up. */
export function saidOf(reason: string, pieces: readonly Piece[]): Said {
  const words: Record<string, string> = {};
  const files: Record<string, string[]> = {};
  for (const { kind, text, file } of pieces) {
    if (text !== "") words[kind] = text;
    if (file !== null) files[kind] = [...(files[kind] ?? []), file];
  }
  return { reason, words, files };
}

export function EvidenceForm(props: {
  readonly ticketId: string;
  readonly evidence: Ground["evidence"];
  readonly said: Said;
  readonly set: (change: Partial<Said>) => void;
  readonly submit: string;
  readonly send: (reason: string, pieces: Piece[]) => Promise<void>;
}) {
  const { said, set, evidence } = props;
  const ticket = useQuery(ticketQuery(props.ticketId));
  const [refused, setRefused] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const latest = useRef(said);
  latest.current = said;
  const given = new Set(piecesOf(said, evidence).map((piece) => piece.kind));
  const missing = evidence.filter((each) => each.required && !given.has(each.kind)).map((each) => each.name);
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setRefused(null);
    try {
      await props.send(said.reason, piecesOf(said, evidence));
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form onSubmit={send} aria-label={props.submit}>
      <Field label={X.reason} required>
        {(control) => (
          <Input.TextArea
            {...control}
            autoSize={{ minRows: 3, maxRows: 10 }}
            value={said.reason}
            onChange={(e) => set({ reason: e.target.value })}
          />
        )}
      </Field>
      <ul className="evidence">
        {evidence.map((kind) => (
          <Kind
            key={kind.kind}
            kind={kind}
            ticketId={props.ticketId}
            attachments={ticket.data?.attachments.filter((file) => file.hidden === null) ?? []}
            words={said.words[kind.kind] ?? ""}
            setWords={(words) => set({ words: { ...latest.current.words, [kind.kind]: words } })}
            files={said.files[kind.kind] ?? []}
            setFiles={(change) => {
              const { files } = latest.current;
              latest.current = {
                ...latest.current,
                files: { ...files, [kind.kind]: change(files[kind.kind] ?? []) },
              };
              set({ files: latest.current.files });
            }}
          />
        ))}
      </ul>
      <div className="field-gap">
        <Notice tone={missing.length > 0 ? "near" : "plain"}>
          {missing.length > 0 ? X.still(missing.join("、")) : X.complete}
        </Notice>
      </div>
      {refused !== null && <Failed sentence={refused} />}
      <div className="form-foot">
        <Button type="primary" htmlType="submit" loading={busy} disabled={said.reason.trim() === ""}>
          {props.submit}
        </Button>
        <span className="quiet">{X.draftKept}</span>
      </div>
    </form>
  );
}

function Kind(props: {
  readonly kind: Ground["evidence"][number];
  readonly ticketId: string;
  readonly attachments: readonly Attachment[];
  readonly words: string;
  readonly setWords: (words: string) => void;
  readonly files: readonly string[];
  readonly setFiles: (change: (files: readonly string[]) => readonly string[]) => void;
}) {
  const { kind, ticketId, attachments, files, setFiles } = props;
  const queries = useQueryClient();
  const uploads = useUploads(
    `evidence ${ticketId} ${kind.name}`,
    { id: ticketId, title: kind.name },
    async (file, onProgress, signal) => {
      const { id } = await uploadToTicket(ticketId, file, onProgress, signal);
      setFiles((now) => (now.includes(id) ? now : [...now, id]));
    },
    () => void queries.invalidateQueries({ queryKey: ticketQuery(ticketId).queryKey }),
  );
  const nameOf = (id: string) => attachments.find((file) => file.id === id)?.name ?? id;
  const others = attachments.filter((file) => !files.includes(file.id));
  return (
    <li>
      <Field
        label={kind.name}
        hint={
          <>
            <Tag tone={kind.required ? "strong" : "plain"}>{kind.required ? X.mustHave : X.mayHave}</Tag>{" "}
            {X.evidenceHint}
          </>
        }
      >
        {(control) => (
          <Input.TextArea
            {...control}
            autoSize={{ minRows: 1, maxRows: 6 }}
            value={props.words}
            onChange={(e) => props.setWords(e.target.value)}
          />
        )}
      </Field>
      <div className="evidence-files">
        {files.map((id) => (
          <span key={id} className="query-chip">
            {nameOf(id)}
            <button
              type="button"
              aria-label={X.takeOff(nameOf(id))}
              onClick={() => setFiles((now) => now.filter((each) => each !== id))}
            >
              ×
            </button>
          </span>
        ))}
        <FilePick uploads={uploads} label={X.filesOf(kind.name)} />
        {others.length > 0 && (
          <Select
            aria-label={`${kind.name}：${X.onTicket}`}
            placeholder={X.onTicket}
            value={null}
            style={{ width: 200 }}
            options={others.map((file) => ({ value: file.id, label: file.name }))}
            onChange={(id: string | null) => id !== null && setFiles((now) => [...now, id])}
          />
        )}
      </div>
      <UploadList uploads={uploads} />
    </li>
  );
}
