/** 认不出的单位. What the city calls a unit of ours is said once and known in every month. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { unitsQuery } from "../../api/queries.ts";
import type { CitySummary } from "../../api/types.ts";
import { CITY } from "../../texts/cityresult.ts";
import { Notice } from "../../ui/States.tsx";
import { say } from "../../ui/toasts.tsx";
import { refreshCity } from "./queries.ts";

const W = CITY.reconcile;
type Unknown = CitySummary["unknownUnits"][number];

export function UnknownUnits({ units }: { units: readonly Unknown[] }) {
  return (
    <section className="card ledger-card" aria-label={W.unknownUnits}>
      <header className="card-head">
        <h2>{W.unknownUnits}</h2>
      </header>
      <ul className="ledger-inner city-unknown">
        {units.map((unknown) => (
          <Learn key={unknown.name} unknown={unknown} />
        ))}
      </ul>
    </section>
  );
}

function Learn({ unknown }: { unknown: Unknown }) {
  const { name, lines } = unknown;
  const queries = useQueryClient();
  const units = useQuery(unitsQuery);
  const [unitId, setUnitId] = useState("");
  const [refused, setRefused] = useState<string | null>(null);
  const learn = async () => {
    setRefused(null);
    try {
      await bodyOf(http.POST("/api/assessment/city-results/units", { body: { name, unitId } }));
      say(W.learned(name));
      await refreshCity(queries);
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
    }
  };
  return (
    <li>
      <span>{W.unknownUnit(name, lines)}</span>
      <select
        className="native"
        aria-label={W.isUnit(name)}
        value={unitId}
        onChange={(e) => setUnitId(e.target.value)}
      >
        <option value="">{W.isUnit(name)}…</option>
        {(units.data ?? []).map((unit) => (
          <option key={unit.id} value={unit.id}>
            {unit.name}
          </option>
        ))}
      </select>
      <Button size="small" disabled={unitId === ""} onClick={() => void learn()}>
        {W.learn}
      </Button>
      {refused && <Notice tone="wrong">{refused}</Notice>}
    </li>
  );
}
