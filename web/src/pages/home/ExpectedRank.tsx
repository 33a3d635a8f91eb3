/** 期末预计. One line a unit on where its rank will end, and on what moves it; for the centre, whose rank will move most. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useSession } from "../../api/session.ts";
import type { AheadUnit } from "../../api/types.ts";
import { EXPECTED, OUTLOOK } from "../../texts/outlook.ts";
import { outlookQuery } from "../assessment/outlookqueries.ts";

/** So many units are named to the centre. */
const NAMED = 3;

/** The rest of the page does not wait for it: the first of a day is reckoned for some seconds. */
export function ExpectedRank() {
  const unit = useSession().unit;
  const outlook = useQuery(outlookQuery({}));
  if (outlook.isError || (outlook.data && outlook.data.units.length === 0)) return null;
  return (
    <p className="home-expected" title={EXPECTED.about}>
      <strong>{EXPECTED.title}</strong>{" "}
      {outlook.data === undefined ? (
        <span className="quiet">{EXPECTED.reckoning}</span>
      ) : unit ? (
        <Own of={outlook.data.units[0]} />
      ) : (
        <Movers units={outlook.data.units} />
      )}
    </p>
  );
}

function Own({ of }: { of: AheadUnit | undefined }) {
  if (of === undefined) return null;
  return (
    <>
      {of.endRank && (
        <Link to="/assessment/outlook">
          {EXPECTED.own(of.endRank.middle, of.endRank.low, of.endRank.high)}
        </Link>
      )}
      {of.rank === null && <span className="quiet">{EXPECTED.unranked}</span>}
      <Link to="/assessment/outlook/$unit" params={{ unit: of.unit.id }}>
        {OUTLOOK.levers}
      </Link>
    </>
  );
}

function Movers({ units }: { units: readonly AheadUnit[] }) {
  const moved = units
    .flatMap(({ unit, rank, endRank }) =>
      rank === null || endRank === null || endRank.middle === rank
        ? []
        : [{ unit, from: rank, to: endRank.middle, far: Math.abs(endRank.middle - rank) }],
    )
    .sort((a, b) => b.far - a.far || a.from - b.from)
    .slice(0, NAMED);
  return (
    <>
      <span className="quiet">{moved.length === 0 ? EXPECTED.still : EXPECTED.movers}</span>
      {moved.map(({ unit, from, to }) => (
        <Link key={unit.id} to="/assessment/outlook/$unit" params={{ unit: unit.id }}>
          {EXPECTED.mover(unit.shortName, from, to)}
        </Link>
      ))}
      <Link to="/assessment/outlook">{EXPECTED.open}</Link>
    </>
  );
}
