/** 确权表单的零件. Legal basis, files of the ticket, units, who was at a meeting; and the foot that every form has. */
import { useQuery } from "@tanstack/react-query";
import { Button, Input, Select } from "antd";
import { type FormEvent, type ReactNode, useRef, useState } from "react";
import { uploadToTicket } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { unitsQuery } from "../../api/queries.ts";
import { OWNERSHIP } from "../../texts/ownership.ts";
import { T } from "../../texts.ts";
import { Field } from "../../ui/Field.tsx";
import { FilePick, UploadList } from "../../ui/FilePick.tsx";
import { Failed } from "../../ui/States.tsx";
import { useUploads } from "../../ui/upload.ts";
import type { OwnershipCase } from "./queries.ts";

const O = OWNERSHIP;

export interface Article {
  readonly paper: string;
  readonly article: string;
  readonly text: string;
}

/** 《…》第几条：说的是什么. A line without a paper is not sent. */
export function Articles(props: { of: readonly Article[]; set: (articles: readonly Article[]) => void }) {
  const rows = props.of.length === 0 ? [NO_ARTICLE] : props.of;
  const change = (at: number, more: Partial<Article>) =>
    props.set(rows.map((row, i) => (i === at ? { ...row, ...more } : row)));
  return (
    <fieldset className="rows">
      <legend className="field-label">{O.articles}</legend>
      {rows.map((row, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no name of their own; they are only added at the end
        <div key={i} className="row-line article-line">
          <Input
            aria-label={`${O.paper} ${i + 1}`}
            placeholder={O.paper}
            value={row.paper}
            maxLength={200}
            onChange={(e) => change(i, { paper: e.target.value })}
          />
          <Input
            aria-label={`${O.article} ${i + 1}`}
            placeholder={O.article}
            value={row.article}
            maxLength={100}
            onChange={(e) => change(i, { article: e.target.value })}
          />
          <Input
            aria-label={`${O.articleText} ${i + 1}`}
            placeholder={O.articleText}
            value={row.text}
            maxLength={2000}
            onChange={(e) => change(i, { text: e.target.value })}
          />
          <Button
            type="text"
            aria-label={O.dropArticle(i + 1)}
            onClick={() => props.set(rows.filter((_row, at) => at !== i))}
          >
            ×
          </Button>
        </div>
      ))}
      <Button size="small" onClick={() => props.set([...rows, NO_ARTICLE])}>
        {O.addArticle}
      </Button>
    </fieldset>
  );
}

const NO_ARTICLE: Article = { paper: "", article: "", text: "" };

export const written = (articles: readonly Article[]): Article[] =>
  articles.filter((each) => each.paper.trim() !== "").map((each) => ({ ...each }));

export interface NamedFile {
  readonly id: string;
  readonly name: string;
}

/** Files go to the ticket, and are named here. */
export function FileField(props: {
  ticketId: string;
  lane: string;
  of: readonly NamedFile[];
  set: (files: readonly NamedFile[]) => void;
}) {
  const latest = useRef(props.of);
  latest.current = props.of;
  const put = (files: readonly NamedFile[]) => {
    latest.current = files;
    props.set(files);
  };
  const uploads = useUploads(
    `ownership ${props.lane} ${props.ticketId}`,
    { id: props.ticketId, title: O.title },
    async (file, onProgress, signal) => {
      const { id } = await uploadToTicket(props.ticketId, file, onProgress, signal);
      if (!latest.current.some((each) => each.id === id)) put([...latest.current, { id, name: file.name }]);
    },
    () => {},
  );
  return (
    <div className="field-gap">
      <div className="evidence-files">
        {props.of.map((file) => (
          <span key={file.id} className="query-chip">
            {file.name}
            <button
              type="button"
              aria-label={O.dropFile(file.name)}
              onClick={() => put(latest.current.filter((each) => each.id !== file.id))}
            >
              ×
            </button>
          </span>
        ))}
        <FilePick uploads={uploads} label={O.addFiles} />
      </div>
      <UploadList uploads={uploads} />
    </div>
  );
}

export function Files({ ticketId, of }: { ticketId: string; of: readonly NamedFile[] }) {
  if (of.length === 0) return null;
  return (
    <ul className="case-files" aria-label={O.files}>
      {of.map((file) => (
        <li key={file.id}>
          <a href={`/api/tickets/${ticketId}/attachments/${file.id}?show=1`} target="_blank" rel="noreferrer">
            {file.name}
          </a>
        </li>
      ))}
    </ul>
  );
}

export function ArticleList({ of }: { of: readonly Article[] }) {
  if (of.length === 0) return null;
  return (
    <ul className="case-articles" aria-label={O.articles}>
      {of.map((each) => (
        <li key={`${each.paper} ${each.article}`}>
          {/^《.*》$/u.test(each.paper) ? each.paper : `《${each.paper}》`}
          {each.article}
          {each.text !== "" && `：${each.text}`}
        </li>
      ))}
    </ul>
  );
}

export function Words(props: {
  label: string;
  value: string;
  set: (words: string) => void;
  required?: boolean;
  hint?: string;
  rows?: number;
}) {
  return (
    <Field label={props.label} required={props.required} hint={props.hint}>
      {(control) => (
        <Input.TextArea
          {...control}
          autoSize={{ minRows: props.rows ?? 2, maxRows: 12 }}
          value={props.value}
          onChange={(e) => props.set(e.target.value)}
        />
      )}
    </Field>
  );
}

export function Line(props: {
  label: string;
  value: string;
  set: (words: string) => void;
  required?: boolean;
  hint?: string;
}) {
  return (
    <Field label={props.label} required={props.required} hint={props.hint}>
      {(control) => (
        <Input {...control} maxLength={200} value={props.value} onChange={(e) => props.set(e.target.value)} />
      )}
    </Field>
  );
}

function useUnits() {
  const units = useQuery(unitsQuery);
  return (units.data ?? [])
    .filter((unit) => unit.validTo === null)
    .map((unit) => ({
      value: unit.id,
      label: unit.shortName === unit.name ? unit.name : `${unit.shortName}（${unit.name}）`,
      names: [unit.name, unit.shortName, ...unit.aliases].join("\n"),
    }));
}

const byAnyName = (typed: string, option: { names: string } | undefined): boolean =>
  option?.names.includes(typed.trim()) ?? false;

export function UnitField(props: {
  label: string;
  value: string | null;
  set: (id: string | null) => void;
  required?: boolean;
  /** Only these. */
  among?: readonly { readonly id: string; readonly name: string }[];
}) {
  const all = useUnits();
  const options = props.among?.map(({ id, name }) => ({ value: id, label: name, names: name })) ?? all;
  return (
    <Field label={props.label} required={props.required}>
      {(control) => (
        <Select
          {...control}
          style={{ width: "100%" }}
          placeholder={T.moves.unitHint}
          showSearch={{ filterOption: byAnyName }}
          allowClear
          value={props.value}
          options={options}
          onChange={(id: string | undefined) => props.set(id ?? null)}
        />
      )}
    </Field>
  );
}

export function UnitsField(props: {
  label: string;
  value: readonly string[];
  set: (ids: readonly string[]) => void;
}) {
  const options = useUnits();
  return (
    <Field label={props.label}>
      {(control) => (
        <Select
          {...control}
          mode="multiple"
          style={{ width: "100%" }}
          placeholder={T.moves.unitsHint}
          showSearch={{ filterOption: byAnyName }}
          value={[...props.value]}
          options={options}
          onChange={(ids: string[]) => props.set(ids)}
        />
      )}
    </Field>
  );
}

export interface Attendee {
  readonly unitId: string | null;
  readonly name: string;
  readonly post: string;
  readonly presence: "present" | "excused" | "observer";
}

export function Attendance(props: {
  of: readonly Attendee[];
  parties: OwnershipCase["parties"];
  set: (rows: readonly Attendee[]) => void;
}) {
  const change = (at: number, more: Partial<Attendee>) =>
    props.set(props.of.map((row, i) => (i === at ? { ...row, ...more } : row)));
  const units = [
    ...props.parties.map(({ id, name }) => ({ value: id, label: name })),
    { value: "", label: O.elsewhere },
  ];
  const presences = (["present", "excused", "observer"] as const).map((value) => ({
    value,
    label: O.presences[value],
  }));
  return (
    <fieldset className="rows">
      <legend className="field-label">{O.attendance}</legend>
      {props.of.map((row, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: people at a meeting are only added at the end
        <div key={i} className="row-line attendee-line">
          <Select
            aria-label={`${O.unit} ${i + 1}`}
            value={row.unitId ?? ""}
            options={units}
            onChange={(unitId: string) => change(i, { unitId: unitId === "" ? null : unitId })}
          />
          <Input
            aria-label={`${O.person} ${i + 1}`}
            placeholder={O.person}
            value={row.name}
            maxLength={50}
            onChange={(e) => change(i, { name: e.target.value })}
          />
          <Input
            aria-label={`${O.post} ${i + 1}`}
            placeholder={O.post}
            value={row.post}
            maxLength={100}
            onChange={(e) => change(i, { post: e.target.value })}
          />
          <Select
            aria-label={`${O.presence} ${i + 1}`}
            value={row.presence}
            options={presences}
            onChange={(presence: Attendee["presence"]) => change(i, { presence })}
          />
          <Button
            type="text"
            aria-label={O.dropAttendee(i + 1)}
            onClick={() => props.set(props.of.filter((_row, at) => at !== i))}
          >
            ×
          </Button>
        </div>
      ))}
      <Button
        size="small"
        onClick={() => props.set([...props.of, { unitId: null, name: "", post: "", presence: "present" }])}
      >
        {O.addAttendee}
      </Button>
    </fieldset>
  );
}

/** A form that says what refused it and is sent once at a time; Ctrl+Enter sends it. */
export function SendForm(props: {
  label: string;
  ready: boolean;
  send: () => Promise<void>;
  onClose?: (() => void) | undefined;
  submit?: string;
  children: ReactNode;
}) {
  const [refused, setRefused] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const send = async (event?: FormEvent) => {
    event?.preventDefault();
    if (busy || !props.ready) return;
    setBusy(true);
    setRefused(null);
    try {
      await props.send();
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      className="case-step-form"
      aria-label={props.label}
      onSubmit={send}
      onKeyDown={(e) => {
        if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) void send();
        if (e.key === "Escape") props.onClose?.();
      }}
    >
      {props.children}
      {refused !== null && <Failed sentence={refused} />}
      <div className="form-foot">
        <Button type="primary" htmlType="submit" loading={busy} disabled={!props.ready}>
          {props.submit ?? O.send}
        </Button>
        {props.onClose && <Button onClick={props.onClose}>{T.cancel}</Button>}
        <span className="quiet">
          <kbd>Ctrl</kbd> <kbd>Enter</kbd> {O.draftKept}
        </span>
      </div>
    </form>
  );
}
