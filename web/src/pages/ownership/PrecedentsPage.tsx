/** 先例库. Precedents by words and standing; what each is cited and returned; Enter opens one. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Input, Segmented } from "antd";
import { useEffect, useState } from "react";
import { sentenceOf } from "../../api/problem.ts";
import { PRECEDENTS } from "../../texts/ownership.ts";
import { T } from "../../texts.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { EmptyState, Failed, Loading } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { type PrecedentRow, precedentPages } from "./queries.ts";
import { ScopeWords, StandingTag } from "./Scope.tsx";
import type { Standing } from "./search.ts";
import "../exemption/exemption.css";
import "./ownership.css";

const P = PRECEDENTS;
const STANDINGS: readonly (Standing | "all")[] = ["all", "standing", "draft", "ended"];
/** A breath after the last key. */
const WAIT_MS = 300;

export default function PrecedentsPage() {
  const search = useSearch({ from: "/ownership/precedents" });
  const navigate = useNavigate({ from: "/ownership/precedents" });
  const [typed, setTyped] = useState(search.q ?? "");
  useEffect(() => {
    const timer = setTimeout(() => {
      const q = typed.trim() === "" ? undefined : typed.trim();
      if (q !== search.q) void navigate({ search: { ...search, q }, replace: true });
    }, WAIT_MS);
    return () => clearTimeout(timer);
  }, [typed, search, navigate]);
  return (
    <PageShell
      title={P.title}
      about={P.about}
      actions={
        <Link to="/ownership" search={{}}>
          {P.toCases}
        </Link>
      }
    >
      <div className="precedent-filter">
        <Segmented
          aria-label={P.standing}
          options={STANDINGS.map((each) => ({ value: each, label: P.standings[each] }))}
          value={search.standing ?? "all"}
          onChange={(to) =>
            void navigate({ search: { ...search, standing: to === "all" ? undefined : to }, replace: true })
          }
        />
        <Input.Search
          aria-label={P.search}
          placeholder={P.searchHint}
          allowClear
          style={{ width: 360 }}
          value={typed}
          onChange={(e) => setTyped(e.target.value)}
        />
      </div>
      <List />
    </PageShell>
  );
}

function List() {
  const search = useSearch({ from: "/ownership/precedents" });
  const navigate = useNavigate();
  const pages = useInfiniteQuery(precedentPages(search));
  if (pages.isPending) return <Loading what={T.loading} />;
  if (pages.isError) return <Failed sentence={sentenceOf(pages.error)} retry={() => void pages.refetch()} />;
  const rows = pages.data.pages.flatMap((page) => page.rows);
  if (rows.length === 0) return <EmptyState title={P.none}>{P.noneAbout}</EmptyState>;
  return (
    <div className="card">
      <WorkTable
        label={P.title}
        columns={COLUMNS}
        rows={rows}
        rowKey={(row) => row.precedentId}
        onOpen={(row) => void navigate({ to: "/ownership/precedents/$id", params: { id: row.precedentId } })}
      />
      {pages.hasNextPage && (
        <div className="list-foot">
          <Button type="link" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
            {T.tickets.more}
          </Button>
        </div>
      )}
    </div>
  );
}

const COLUMNS: readonly Column<PrecedentRow>[] = [
  {
    key: "number",
    title: P.number,
    nowrap: true,
    cell: (row) => (
      <Link to="/ownership/precedents/$id" params={{ id: row.precedentId }}>
        {row.number}
      </Link>
    ),
  },
  { key: "title", title: P.name, cell: (row) => row.title },
  { key: "scope", title: P.scope, cell: (row) => <ScopeWords of={row} /> },
  { key: "lead", title: P.unit, nowrap: true, cell: (row) => row.lead.name },
  { key: "valid", title: P.valid, nowrap: true, cell: (row) => P.until(row.from, row.to) },
  { key: "cited", title: P.cited, align: "right", nowrap: true, cell: (row) => P.citedTimes(row.cited) },
  {
    key: "returned",
    title: P.returned,
    align: "right",
    nowrap: true,
    cell: (row) => (row.returned === 0 ? "0" : <Tag tone="near">{row.returned}</Tag>),
  },
  { key: "standing", title: P.state, nowrap: true, cell: (row) => <StandingTag of={row} /> },
];
