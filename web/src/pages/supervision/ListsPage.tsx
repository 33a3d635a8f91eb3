/** 市级清单. A file is let go or chosen, looked at with its columns, and confirmed; the lists taken in before stand below. */
import { UploadOutlined } from "@ant-design/icons";
import {
  ALL_SUPERVISION_LEVELS,
  SUPERVISION_LEVELS,
  type SupervisionLevel,
} from "@jiesu/core/supervision/lifecycle.ts";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Button, Input, Select } from "antd";
import { useRef, useState } from "react";
import { useHotkeys } from "react-hotkeys-hook";
import { sendSupervisionList } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { hasRole, useSession } from "../../api/session.ts";
import { SUPERVISION } from "../../texts/supervision.ts";
import { T } from "../../texts.ts";
import { minuteText } from "../../ui/dates.ts";
import { usePageKeys } from "../../ui/keys.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { EmptyState, Failed, Loading, Notice } from "../../ui/States.tsx";
import { say } from "../../ui/toasts.tsx";
import { filesOf } from "../../ui/upload.ts";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { type Chosen, ListLook } from "./ListLook.tsx";
import { type ListMade, type ListPreview, listsQuery, renewSupervision } from "./queries.ts";
import { SupervisionTabs } from "./SupervisionTabs.tsx";
import "../exemption/exemption.css";
import "./supervision.css";

const L = SUPERVISION.lists;

export default function ListsPage() {
  const session = useSession();
  return (
    <PageShell title={L.title} about={L.about}>
      <SupervisionTabs />
      {hasRole(session, "supervisor", "shiftLead") && <TakeIn />}
      <Lists />
    </PageShell>
  );
}

function TakeIn() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const input = useRef<HTMLInputElement>(null);
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [look, setLook] = useState<ListPreview | null>(null);
  const [level, setLevel] = useState<SupervisionLevel>("general");
  const [period, setPeriod] = useState("");
  const [skip, setSkip] = useState(false);
  const [busy, setBusy] = useState<string | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const [over, setOver] = useState(false);
  useHotkeys("u", () => input.current?.click(), { preventDefault: true });
  usePageKeys(L.keys);

  const asked = (of: Chosen) => ({
    ...{ level, ...(period === "" ? {} : { period }) },
    ...(of.sheet === undefined ? {} : { sheet: String(of.sheet) }),
    ...(of.headerRow === undefined ? {} : { headerRow: String(of.headerRow) }),
  });
  const read = async (of: Chosen) => {
    setBusy(of.file.name);
    setRefused(null);
    setChosen(of);
    try {
      const path = "/api/supervision/lists/look";
      setLook(await sendSupervisionList<ListPreview>(path, asked(of), of.file, of.mapping));
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
    }
    setBusy(null);
  };
  const giveUp = () => {
    setChosen(null);
    setLook(null);
    setRefused(null);
    if (input.current) input.current.value = "";
  };
  const confirm = async () => {
    if (!chosen) return;
    setBusy(chosen.file.name);
    setRefused(null);
    try {
      const query = { ...asked(chosen), skipFaulty: skip ? "1" : "0" };
      const mapping = look?.mapping ?? null;
      const made = await sendSupervisionList<ListMade>("/api/supervision/lists", query, chosen.file, mapping);
      say(made.same ? L.same : L.done(made.items, made.unmatched));
      renewSupervision(queries, null);
      await navigate({ to: "/supervision/lists/$id", params: { id: made.id } });
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
    }
    setBusy(null);
  };
  const take = (file: File | undefined) => {
    if (file && busy === null) void read({ file, mapping: null, sheet: undefined, headerRow: undefined });
  };
  return (
    <>
      <section
        className="card supervision-take"
        aria-label={L.choose}
        data-over={over || undefined}
        onDragOver={(e) => {
          e.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(e) => {
          e.preventDefault();
          setOver(false);
          take(filesOf(e.dataTransfer)[0]);
        }}
      >
        <label htmlFor="list-period">
          <span>{L.period}</span>
          <Input
            id="list-period"
            style={{ width: 130 }}
            value={period}
            placeholder="2026-12"
            onChange={(e) => setPeriod(/^\d{0,4}-?\d{0,2}$/.test(e.target.value) ? e.target.value : period)}
            onBlur={() => !/^\d{4}-(0[1-9]|1[0-2])$/.test(period) && setPeriod("")}
          />
        </label>
        <label htmlFor="list-level">
          <span>{L.level}</span>
          <Select
            id="list-level"
            style={{ width: 110 }}
            value={level}
            options={ALL_SUPERVISION_LEVELS.map((value) => ({ value, label: SUPERVISION_LEVELS[value] }))}
            onChange={setLevel}
          />
        </label>
        <Button
          type="primary"
          icon={<UploadOutlined aria-hidden="true" />}
          loading={busy !== null}
          onClick={() => input.current?.click()}
        >
          {L.choose}
          <kbd className="on-button">U</kbd>
        </Button>
        <span className="quiet">{busy === null ? L.kinds : L.reading(busy)}</span>
        <input
          ref={input}
          className="sr"
          type="file"
          tabIndex={-1}
          aria-label={L.choose}
          accept=".xlsx,.xls,.csv,.txt"
          onChange={(e) => take(e.target.files?.[0])}
        />
      </section>
      {refused !== null && (
        <Notice tone="wrong" onClose={() => setRefused(null)}>
          {refused}
        </Notice>
      )}
      {chosen !== null && look !== null && (
        <ListLook
          look={look}
          busy={busy !== null}
          skip={skip}
          setSkip={setSkip}
          onRead={(change) => void read({ ...chosen, ...change })}
          onConfirm={() => void confirm()}
          onGiveUp={giveUp}
        />
      )}
    </>
  );
}

type List = Awaited<ReturnType<NonNullable<typeof listsQuery.queryFn>>>[number];

const COLUMNS: readonly Column<List>[] = [
  {
    key: "file",
    title: L.file,
    cell: (row) => (
      <Link to="/supervision/lists/$id" params={{ id: row.id }}>
        {row.fileName}
      </Link>
    ),
  },
  { key: "period", title: L.period, nowrap: true, cell: (row) => row.period },
  { key: "items", title: L.items, align: "right", cell: (row) => row.items },
  { key: "unmatched", title: L.unmatched, align: "right", cell: (row) => row.unmatched },
  { key: "refused", title: L.refused, align: "right", cell: (row) => row.refused },
  { key: "at", title: L.at, nowrap: true, cell: (row) => minuteText(row.at) },
  { key: "by", title: L.by, nowrap: true, cell: (row) => row.by },
];

function Lists() {
  const navigate = useNavigate();
  const lists = useQuery(listsQuery);
  if (lists.isPending) return <Loading what={T.loading} />;
  if (lists.isError) return <Failed sentence={sentenceOf(lists.error)} retry={() => void lists.refetch()} />;
  if (lists.data.length === 0) return <EmptyState title={L.none}>{L.noneAbout}</EmptyState>;
  return (
    <div className="card supervision-gap">
      <WorkTable
        label={L.title}
        columns={COLUMNS}
        rows={lists.data}
        rowKey={(row) => row.id}
        onOpen={(row) => void navigate({ to: "/supervision/lists/$id", params: { id: row.id } })}
      />
    </div>
  );
}
