/** 单位树. Kinds, their units, the units below a unit, and its communities, flattened as far as they are open. */
import type { Unit } from "../../api/types.ts";
import { PEOPLE } from "../../texts/people.ts";
import type { TreeRow } from "../../ui/TreeList.tsx";

export interface Community {
  readonly code: string;
  readonly name: string;
  readonly kind: string;
  readonly unitId: string;
}

export const UNIT_KINDS = ["street", "town", "bureau", "company", "other"] as const;

/** The rows that are seen. With words, only what answers to them and what it stands under; all of that is open. */
export function treeRows(
  units: readonly Unit[],
  communities: readonly Community[],
  opened: ReadonlySet<string>,
  words: string,
): readonly TreeRow[] {
  const word = words.trim();
  const of = Map.groupBy(communities, (c) => c.unitId);
  const below = Map.groupBy(units, (u) => u.parentId);
  const known = new Set(units.map((u) => u.id));
  const names = (u: Unit): readonly string[] => [
    u.name,
    u.shortName,
    ...u.aliases,
    ...u.inherited.map((n) => n.name),
  ];
  const fits = (u: Unit): boolean => word === "" || names(u).some((name) => name.includes(word));
  const rowsOf = (unit: Unit, level: number, parentId: string): readonly TreeRow[] => {
    const places = (of.get(unit.id) ?? []).filter((c) => word === "" || fits(unit) || c.name.includes(word));
    const hits = word !== "" && places.some((c) => c.name.includes(word));
    const children = (below.get(unit.id) ?? []).flatMap((child) => rowsOf(child, level + 1, unit.id));
    if (!fits(unit) && !hits && children.length === 0) return [];
    const has = places.length > 0 || (below.get(unit.id) ?? []).length > 0;
    const open = has ? opened.has(unit.id) || hits || (word !== "" && children.length > 0) : null;
    const row: TreeRow = { id: unit.id, parentId, level, label: unit.name, note: noteOf(unit), open };
    if (!open) return [row];
    const shown = word === "" || !hits ? places : places.filter((c) => c.name.includes(word));
    return [
      row,
      ...children,
      ...shown.map(
        (c): TreeRow => ({
          id: `c:${c.code}`,
          parentId: unit.id,
          level: level + 1,
          label: c.name,
          note: c.kind,
          open: null,
        }),
      ),
    ];
  };
  return UNIT_KINDS.flatMap((kind) => {
    const tops = units.filter((u) => u.kind === kind && (u.parentId === null || !known.has(u.parentId)));
    const id = `k:${kind}`;
    const inside = tops.flatMap((u) => rowsOf(u, 2, id));
    if (inside.length === 0) return [];
    const open = word !== "" || !opened.has(id);
    const head: TreeRow = {
      id,
      parentId: null,
      level: 1,
      label: PEOPLE.kinds[kind],
      note: String(tops.length),
      open,
    };
    return open ? [head, ...inside] : [head];
  });
}

function noteOf(unit: Unit): string {
  if (unit.mergedInto) return `已并入${unit.mergedInto.name}`;
  return unit.validTo ? PEOPLE.endedOn(unit.validTo) : "";
}
