/** 复核放行. What waits for a second person, what was let pass and by whom, how often by check, and the list of checks itself. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Segmented } from "antd";
import { sentenceOf } from "../../api/problem.ts";
import { hasSide, useSession } from "../../api/session.ts";
import { GUARDS } from "../../texts/guards.ts";
import { T } from "../../texts.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { EmptyState, Failed, Loading } from "../../ui/States.tsx";
import { Checklist } from "./Checklist.tsx";
import { OverrideRow } from "./OverrideRow.tsx";
import { overridesQuery } from "./queries.ts";
import { Statistics } from "./Statistics.tsx";
import type { OverrideTab } from "./search.ts";
import "../exemption/exemption.css";
import "../urging/urging.css";

const P = GUARDS.page;
const TABS: readonly OverrideTab[] = ["open", "all", "statistics", "rules"];

export default function OverridesPage() {
  const session = useSession();
  const navigate = useNavigate({ from: "/overrides" });
  const search = useSearch({ from: "/overrides" });
  const centre = hasSide(session, "centre");
  const tab = centre ? (search.tab ?? "open") : "rules";
  return (
    <PageShell title={P.title} about={P.about}>
      {centre && (
        <div className="list-tabs">
          <Segmented
            aria-label={P.views}
            options={TABS.map((each) => ({ value: each, label: P.tabs[each] }))}
            value={tab}
            onChange={(to) => void navigate({ search: { tab: to }, replace: true })}
          />
        </div>
      )}
      {tab === "rules" ? (
        <Checklist />
      ) : tab === "statistics" ? (
        <Statistics
          by={search.by ?? "check"}
          onBy={(by) => void navigate({ search: { tab, by }, replace: true })}
        />
      ) : (
        <List key={tab} open={tab === "open"} />
      )}
    </PageShell>
  );
}

function List({ open }: { open: boolean }) {
  const list = useInfiniteQuery(overridesQuery(open));
  if (list.isPending) return <Loading what={T.loading} />;
  if (list.isError) return <Failed sentence={sentenceOf(list.error)} retry={() => void list.refetch()} />;
  const rows = list.data.pages.flatMap((page) => page.rows);
  if (rows.length === 0) return <EmptyState title={P.none}>{P.noneAbout}</EmptyState>;
  const second = list.data.pages[0]?.second ?? false;
  return (
    <>
      <ol className="urge-list" aria-label={P.title}>
        {rows.map((row) => (
          <OverrideRow key={row.id} row={row} second={second} />
        ))}
      </ol>
      {list.hasNextPage && (
        <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {P.more}
        </Button>
      )}
    </>
  );
}
