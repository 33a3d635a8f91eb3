/** 本期三率. The own unit's row for a unit, the groups' totals for the centre; each rate opens its tickets. */
import { Link } from "@tanstack/react-router";
import type { Home } from "../../api/types.ts";
import { ASSESSMENT } from "../../texts/assessment.ts";
import { HOME } from "../../texts/home.ts";
import { EmptyState } from "../../ui/States.tsx";
import { Card } from "./Card.tsx";
import { ExpectedRank } from "./ExpectedRank.tsx";

type Rates = NonNullable<Home["rates"]>;

/** What each column opens: the tickets that were asked this question. */
const COLUMNS = [
  { key: "response", opens: "responseBase" },
  { key: "solution", opens: "solutionBase" },
  { key: "satisfaction", opens: "satisfactionBase" },
  { key: "score", opens: "base" },
] as const;

export function RatesNow({ rates }: { rates: Rates }) {
  return (
    <Card
      title={HOME.rates}
      about={HOME.ratesAbout(rates.scopeZh, rates.rules)}
      className="home-rates"
      extra={<Link to="/assessment">{HOME.openRank}</Link>}
    >
      {rates.rows.length === 0 ? (
        <EmptyState title={HOME.noRates}>{HOME.noRatesAbout}</EmptyState>
      ) : (
        <div className="home-rates-body">
          <table>
            <thead>
              <tr>
                <th scope="col">{HOME.group}</th>
                {COLUMNS.map(({ key }) => (
                  <th key={key} scope="col">
                    {ASSESSMENT[key]}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rates.rows.map((row) => (
                <tr key={row.group ?? ""}>
                  <th scope="row">
                    {row.unit?.name ?? row.group ?? ASSESSMENT.noGroup}
                    {row.rank !== null && <span className="quiet"> {HOME.rankOf(row.rank, row.ranked)}</span>}
                  </th>
                  {COLUMNS.map(({ key, opens }) => (
                    <td key={key}>
                      <Rate rates={rates} row={row} opens={opens} shown={row.text[key]} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
          <ExpectedRank />
          <p className="quiet">
            {ASSESSMENT.periodSpan(rates.period.from, rates.period.to)} · {rates.scopeZh}
          </p>
        </div>
      )}
    </Card>
  );
}

function Rate(props: { rates: Rates; row: Rates["rows"][number]; opens: string; shown: string }) {
  const { rates, row, shown } = props;
  if (shown === "—") return <span className="quiet">{shown}</span>;
  return (
    <Link
      to="/assessment/tickets"
      search={{
        period: rates.period.name,
        scope: rates.scope,
        measure: props.opens,
        ...(row.unit ? { unit: row.unit.id } : row.group ? { group: row.group } : {}),
      }}
    >
      {shown}
    </Link>
  );
}
