/** Haidian's names for the tests of triage: the units and the weights that ship with the product. */

import weightsFile from "../../rules/triage/2020-default.json" with { type: "json" };
import unitsFile from "../../rules/units/haidian.json" with { type: "json" };
import { buildGazetteer, type GazetteerCommunity, type GazetteerUnit } from "./gazetteer.ts";
import { parseTriageWeights, type TriageWeights } from "./weights.ts";

interface UnitsFile {
  readonly units: readonly (Omit<GazetteerUnit, "id"> & {
    readonly communities?: readonly Omit<GazetteerCommunity, "unitId">[];
  })[];
}

const file: UnitsFile = unitsFile;

/** A unit's id is its name here, so that tests read well. */
export const UNITS: readonly GazetteerUnit[] = file.units.map((u) => ({ ...u, id: u.name }));
export const COMMUNITIES: readonly GazetteerCommunity[] = file.units.flatMap((u) =>
  (u.communities ?? []).map((c) => ({ ...c, unitId: u.name })),
);
export const WEIGHTS_FILE: unknown = weightsFile;
export const WEIGHTS: TriageWeights = readWeights();
export const HAIDIAN = buildGazetteer(UNITS, COMMUNITIES, WEIGHTS.place);

function readWeights(): TriageWeights {
  const answer = parseTriageWeights(WEIGHTS_FILE);
  if (!answer.ok) throw new Error(JSON.stringify(answer.problems));
  return answer.value.body;
}
