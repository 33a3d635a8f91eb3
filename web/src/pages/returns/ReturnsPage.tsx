/** 采集与退单统计. Three tables of any days by what one asks; each number opens into its tickets, with its definition at the heading. */
import { DownloadOutlined } from "@ant-design/icons";
import { firstOfMonth, mondayOf } from "@jiesu/core/returns/span.ts";
import { addDays, type Day, dayOf } from "@jiesu/core/time/day.ts";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Segmented } from "antd";
import { sentenceOf } from "../../api/problem.ts";
import { hasSide, useSession } from "../../api/session.ts";
import { RETURNS } from "../../texts/returns.ts";
import { T } from "../../texts.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { EmptyState, Failed, Loading } from "../../ui/States.tsx";
import { Behind } from "./Behind.tsx";
import { statQuery } from "./queries.ts";
import { ReturnRules } from "./ReturnRules.tsx";
import { StatTable } from "./StatTable.tsx";
import { dividedBy, type StatSearch, TABLES, TABS } from "./search.ts";
import "../exemption/exemption.css";
import "./returns.css";

const R = RETURNS.stats;

export default function ReturnsPage() {
  const session = useSession();
  const centre = hasSide(session, "centre");
  const navigate = useNavigate({ from: "/returns" });
  const search: StatSearch = useSearch({ from: "/returns" });
  const tab = (centre ? search.tab : undefined) ?? "returns";
  const by = dividedBy(tab, search.by);
  const today = dayOf(Date.now());
  const days = { from: search.from ?? firstOfMonth(today), to: search.to ?? today };
  const change = (next: Partial<StatSearch>) =>
    void navigate({ search: { ...search, open: undefined, ...next }, replace: true });
  const found = useQuery(statQuery(tab, by, days));
  return (
    <PageShell
      title={R.title}
      about={centre ? R.about : R.aboutUnit}
      actions={
        centre && (
          <Button
            icon={<DownloadOutlined aria-hidden="true" />}
            href={`/api/returns/book.xlsx?from=${days.from}&to=${days.to}`}
          >
            {R.book}
          </Button>
        )
      }
    >
      <div className="list-tabs">
        {centre && (
          <Segmented
            aria-label={R.tables}
            options={TABS.map((each) => ({ value: each, label: R.tabs[each] }))}
            value={tab}
            onChange={(to) => change({ tab: to, by: undefined })}
          />
        )}
        <Segmented
          aria-label={R.by}
          options={TABLES[tab].by.map((each) => ({ value: each, label: R.byNames[each] }))}
          value={by}
          onChange={(to) => change({ by: to })}
        />
      </div>
      <div className="list-tabs">
        {SPANS.map(({ key, of }) => {
          const [from, to] = of(today);
          return (
            <Button
              key={key}
              size="small"
              type={from === days.from && to === days.to ? "primary" : "default"}
              onClick={() => change({ from, to })}
            >
              {R.spans[key]}
            </Button>
          );
        })}
        {(["from", "to"] as const).map((end) => (
          <label key={end} className="returns-day">
            {R[end]}{" "}
            <input
              className="native"
              type="date"
              value={days[end]}
              onChange={(e) => e.target.value !== "" && change({ [end]: e.target.value })}
            />
          </label>
        ))}
        {found.data && (
          <span className="quiet">{R.compared(found.data.before.from, found.data.before.to)}</span>
        )}
      </div>
      {found.isPending ? (
        <Loading what={T.loading} />
      ) : found.isError ? (
        <Failed sentence={sentenceOf(found.error)} retry={() => void found.refetch()} />
      ) : found.data.rows.length === 0 ? (
        <EmptyState title={R.none}>{R.noneAbout}</EmptyState>
      ) : (
        <StatTable stat={found.data} tab={tab} by={by} search={{ ...search, tab, by, ...days }} />
      )}
      {search.open !== undefined && found.data && (
        <Behind key={`${tab} ${by} ${search.open}`} stat={found.data} tab={tab} by={by} open={search.open} />
      )}
      {tab === "returns" && <ReturnRules />}
    </PageShell>
  );
}

type Span = readonly [Day, Day];
const SPANS: readonly { readonly key: keyof typeof R.spans; readonly of: (today: Day) => Span }[] = [
  { key: "week", of: (today) => [mondayOf(today), today] },
  { key: "lastWeek", of: (today) => [addDays(mondayOf(today), -7), addDays(mondayOf(today), -1)] },
  { key: "month", of: (today) => [firstOfMonth(today), today] },
  {
    key: "lastMonth",
    of: (today) => {
      const last = addDays(firstOfMonth(today), -1);
      return [firstOfMonth(last), last];
    },
  },
];
