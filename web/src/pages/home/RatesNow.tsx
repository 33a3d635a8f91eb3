/** 本期三率. The running period: the own unit's row for a unit, the groups' totals for the centre. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { sentenceOf } from "../../api/problem.ts";
import { T } from "../../texts.ts";
import { minuteText } from "../../ui/dates.ts";
import { Failed, Loading } from "../../ui/States.tsx";
import { rankQuery } from "../assessment/queries.ts";

export function RatesNow() {
  const rank = useQuery(rankQuery({}));
  return (
    <section className="card" aria-label={T.home.rates}>
      <header className="card-head">
        <h2>{T.home.rates}</h2>
        <Link to="/assessment">{T.home.openRank}</Link>
      </header>
      {rank.isPending ? (
        <Loading what={T.loading} />
      ) : rank.isError ? (
        <Failed sentence={sentenceOf(rank.error)} retry={() => void rank.refetch()} />
      ) : (
        <div className="home-rates">
          <table>
            <thead>
              <tr>
                <th scope="col">{T.assessment.group}</th>
                <th scope="col">{T.assessment.response}</th>
                <th scope="col">{T.assessment.solution}</th>
                <th scope="col">{T.assessment.satisfaction}</th>
                <th scope="col">{T.assessment.score}</th>
              </tr>
            </thead>
            <tbody>
              {rank.data.groups.map((group) => {
                const [only] = group.units;
                const own = group.units.length === 1 && only ? only : null;
                const shown = own ?? group.total;
                return (
                  <tr key={group.group ?? ""}>
                    <th scope="row">
                      {own ? own.unit.shortName : (group.group ?? T.assessment.noGroup)}
                      {own?.rank != null && (
                        <span className="quiet"> {T.home.rankOf(own.rank, group.ranked)}</span>
                      )}
                    </th>
                    <td>{shown.text.response}</td>
                    <td>{shown.text.solution}</td>
                    <td>{shown.text.satisfaction}</td>
                    <td>{shown.text.score}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
          <p className="quiet">
            {T.assessment.periodSpan(rank.data.period.from, rank.data.period.to)} · {rank.data.scopeZh} ·{" "}
            {T.assessment.asOf(minuteText(rank.data.asOf))}
          </p>
        </div>
      )}
    </section>
  );
}
