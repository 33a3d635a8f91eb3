/** 分类与人口. Each unit's class and population with its history; entered in the table, or pasted and uploaded as one. */
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Segmented } from "antd";
import { useState } from "react";
import { sentenceOf } from "../../api/problem.ts";
import { hasRole, useSession } from "../../api/session.ts";
import type { UnitFacts } from "../../api/types.ts";
import { FACTS } from "../../texts/adjustment.ts";
import { T } from "../../texts.ts";
import { usePageKeys } from "../../ui/keys.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { Failed, Loading } from "../../ui/States.tsx";
import { AssessTabs } from "./AssessTabs.tsx";
import { unitFactsQuery } from "./adjustmentqueries.ts";
import { ClassTable } from "./ClassTable.tsx";
import { FactPaste } from "./FactPaste.tsx";
import { Pick } from "./PeriodPick.tsx";
import { PopulationTable } from "./PopulationTable.tsx";
import "./assessment.css";

const W = FACTS;
type Kinds = "streets" | "all";

export default function FactsPage() {
  const { tab = "classes" } = useSearch({ from: "/assessment/units" });
  const navigate = useNavigate({ from: "/assessment/units" });
  const session = useSession();
  const facts = useQuery(unitFactsQuery);
  const [kinds, setKinds] = useState<Kinds>("streets");
  const [pasting, setPasting] = useState(false);
  usePageKeys(W.keys);
  const enters = hasRole(session, "assessor", "leader");
  return (
    <PageShell
      title={W.title}
      about={W.about}
      actions={enters && <Button onClick={() => setPasting(true)}>{W.paste}</Button>}
    >
      <AssessTabs />
      <div className="rank-pickers">
        <Segmented
          aria-label={W.tabs.label}
          options={[
            { value: "classes", label: W.tabs.classes },
            { value: "population", label: W.tabs.population },
          ]}
          value={tab}
          onChange={(to) =>
            void navigate({ search: { tab: to === "population" ? "population" : undefined }, replace: true })
          }
        />
        <Pick<Kinds>
          label={W.kind}
          value={kinds}
          options={[
            { value: "streets", label: W.streets },
            { value: "all", label: W.allKinds },
          ]}
          onChange={setKinds}
        />
      </div>
      {facts.isPending ? (
        <Loading what={T.loading} />
      ) : facts.isError ? (
        <Failed sentence={sentenceOf(facts.error)} retry={() => void facts.refetch()} />
      ) : tab === "classes" ? (
        <ClassTable facts={of(facts.data, kinds)} enters={enters} />
      ) : (
        <PopulationTable facts={of(facts.data, kinds)} enters={enters} />
      )}
      {pasting && <FactPaste kind={tab} onClose={() => setPasting(false)} />}
    </PageShell>
  );
}

function of(facts: UnitFacts, kinds: Kinds): UnitFacts {
  if (kinds === "all") return facts;
  return {
    ...facts,
    units: facts.units.filter(({ unit }) => unit.kind === "street" || unit.kind === "town"),
  };
}
