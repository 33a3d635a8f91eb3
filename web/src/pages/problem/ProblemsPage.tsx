/** 问题事件. The table of units by kinds whose every number opens into its items, the list, and the rules by which they are found. */
import { DownloadOutlined } from "@ant-design/icons";
import { firstOfMonth } from "@jiesu/core/returns/span.ts";
import { addDays, type Day, dayOf } from "@jiesu/core/time/day.ts";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Segmented } from "antd";
import { hasSide, useSession } from "../../api/session.ts";
import { PROBLEM } from "../../texts/problem.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { ProblemList } from "./ProblemList.tsx";
import { ProblemRules } from "./ProblemRules.tsx";
import { ProblemSummary } from "./ProblemSummary.tsx";
import { isNarrowed, type ProblemSearch, VIEWS } from "./search.ts";
import "../exemption/exemption.css";
import "./problem.css";

const P = PROBLEM;

export default function ProblemsPage() {
  const session = useSession();
  const centre = hasSide(session, "centre");
  const navigate = useNavigate({ from: "/problems" });
  const search: ProblemSearch = useSearch({ from: "/problems" });
  // A unit's people come to answer: what waits for them is what they see first.
  const tab = search.tab ?? (centre && !isNarrowed(search) ? "summary" : "list");
  const today = dayOf(Date.now());
  const chosen = { from: search.from ?? addDays(today, -7), to: search.to ?? today };
  // What waits is shown from whatever day, unless days are asked for.
  const dated = tab === "summary" || search.from !== undefined || search.to !== undefined;
  const change = (next: Partial<ProblemSearch>) =>
    void navigate({ search: { ...search, ...next }, replace: true });
  return (
    <PageShell
      title={P.title}
      about={centre ? P.about : P.aboutUnit}
      actions={
        centre && (
          <Button
            icon={<DownloadOutlined aria-hidden="true" />}
            href={`/api/problems/book.xlsx?from=${chosen.from}&to=${chosen.to}`}
          >
            {P.book}
          </Button>
        )
      }
    >
      <div className="list-tabs">
        <Segmented
          aria-label={P.views}
          options={VIEWS.map((each) => ({ value: each, label: P.tabs[each] }))}
          value={tab}
          onChange={(to) => change({ tab: to })}
        />
        {tab !== "rules" && (
          <>
            {SPANS.map(({ key, of }) => {
              const [from, to] = of(today);
              return (
                <Button
                  key={key}
                  size="small"
                  type={dated && from === chosen.from && to === chosen.to ? "primary" : "default"}
                  onClick={() => change({ from, to })}
                >
                  {P.spans[key]}
                </Button>
              );
            })}
            {(["from", "to"] as const).map((end) => (
              <label key={end} className="problem-day">
                {P[end]}{" "}
                <input
                  className="native"
                  type="date"
                  value={dated ? chosen[end] : ""}
                  onChange={(e) => e.target.value !== "" && change({ ...chosen, [end]: e.target.value })}
                />
              </label>
            ))}
          </>
        )}
      </div>
      {tab === "rules" ? (
        <ProblemRules />
      ) : tab === "summary" ? (
        <ProblemSummary days={chosen} />
      ) : (
        <ProblemList search={search} days={dated ? chosen : null} onChange={change} />
      )}
    </PageShell>
  );
}

type Pair = readonly [Day, Day];
const SPANS: readonly { readonly key: keyof typeof P.spans; readonly of: (today: Day) => Pair }[] = [
  { key: "yesterday", of: (today) => [addDays(today, -1), addDays(today, -1)] },
  { key: "week", of: (today) => [addDays(today, -7), today] },
  { key: "month", of: (today) => [firstOfMonth(today), today] },
  {
    key: "lastMonth",
    of: (today) => {
      const last = addDays(firstOfMonth(today), -1);
      return [firstOfMonth(last), last];
    },
  },
];
