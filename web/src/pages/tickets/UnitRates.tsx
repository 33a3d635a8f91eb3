/** 本单位三率. The running period's rates and rank of the unit whose list this is, in one line; each opens into its tickets. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useSession } from "../../api/session.ts";
import { T } from "../../texts.ts";
import { rankQuery } from "../assessment/queries.ts";

const SHOWN = ["response", "solution", "satisfaction"] as const;

export function UnitRates() {
  const unit = useSession().unit;
  const rank = useQuery({ ...rankQuery({}), enabled: unit !== null });
  const group = rank.data?.groups.find((each) => each.units.some((row) => row.unit.id === unit?.id));
  const own = group?.units.find((row) => row.unit.id === unit?.id);
  if (unit === null || rank.data === undefined) return null;
  if (group === undefined || own === undefined)
    return <p className="unit-rates quiet">{T.queue.rates.none}</p>;
  const asked = { period: rank.data.period.name, scope: rank.data.scope, unit: unit.id };
  const about = T.queue.rates.about(rank.data.period.from, rank.data.period.to, rank.data.scopeZh);
  return (
    <section className="unit-rates" aria-label={T.queue.rates.label} title={about}>
      <span className="quiet">{T.queue.rates.now}</span>
      {SHOWN.map((measure) => {
        const [zh, shown] = [T.queue.rates[measure], own.text[measure]];
        return shown === "—" ? (
          <span key={measure} className="quiet">
            {zh} {shown}
          </span>
        ) : (
          <Link key={measure} to="/assessment/tickets" search={{ ...asked, measure }}>
            {zh} <strong>{shown}</strong>
          </Link>
        );
      })}
      {own.rank !== null && (
        <Link to="/assessment/unit" search={asked} className="unit-rank">
          {T.queue.rates.rank(own.rank, group.ranked)}
        </Link>
      )}
    </section>
  );
}
