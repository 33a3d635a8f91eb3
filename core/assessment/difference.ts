/** 规则比对. What differs between two versions of a rule set as they are written, place by place. */
export interface Difference {
  /** Where, as written: "weights.solution", "groups[0].kinds[1]". */
  readonly path: string;
  /** As JSON text; null where that version does not have it. */
  readonly before: string | null;
  readonly after: string | null;
}

/** Every place whose value differs, by path; the order of an object's fields says nothing. */
export function differences(before: unknown, after: unknown): readonly Difference[] {
  const [a, b] = [leaves(before, ""), leaves(after, "")];
  return [...new Set([...a.keys(), ...b.keys()])]
    .filter((path) => a.get(path) !== b.get(path))
    .sort()
    .map((path) => ({ path, before: a.get(path) ?? null, after: b.get(path) ?? null }));
}

function leaves(value: unknown, path: string): ReadonlyMap<string, string> {
  if (typeof value !== "object" || value === null) return new Map([[path, JSON.stringify(value) ?? "null"]]);
  const parts: [string, unknown][] = Array.isArray(value)
    ? value.map((each, at) => [`${path}[${at}]`, each])
    : Object.entries(value).map(([key, each]) => [path === "" ? key : `${path}.${key}`, each]);
  if (parts.length === 0) return new Map([[path, Array.isArray(value) ? "[]" : "{}"]]);
  return new Map(parts.flatMap(([where, each]) => [...leaves(each, where)]));
}
