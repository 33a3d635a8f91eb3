/**
 * 地名表. Every way in which the district's streets, towns, communities and villages are written, and what each form is worth.
 *
 * Built from names alone (units with aliases, communities); nothing about one street is written in code. Declared
 * names come first, forms that are derived from them never take a declared name over from another unit.
 */
import { fold } from "./text.ts";

export interface GazetteerUnit {
  readonly id: string;
  readonly name: string;
  readonly shortName: string;
  readonly kind: string;
  readonly aliases: readonly string[];
}

export interface GazetteerCommunity {
  readonly code: string;
  readonly name: string;
  readonly unitId: string;
}

/** Settings of place finding; data under rules/triage/. */
export interface PlaceSettings {
  /** 本区: "海淀区". */
  readonly district: string;
  /** Names of other districts without 区: “朝阳区八里庄街道” is not ours. */
  readonly otherDistricts: readonly string[];
  /** Words that are a community's name here and an ordinary word everywhere: 科技园. */
  readonly commonWords: readonly string[];
}

/**
 * How sure a form is: `full` 四季青地区, 翠微南里社区; `bare` 四季青, 翠微南里; `family` 定慧北里 (of 定慧北里第一社区),
 * 复兴路 (of 复兴路20号社区); `kin` 翠微 as the beginning that several communities of one street share.
 */
export type Sureness = "full" | "bare" | "family" | "kin";

export interface Form {
  readonly text: string;
  readonly kind: "street" | "community";
  readonly sure: Sureness;
  /** The name as the district writes it. */
  readonly name: string;
  /** Units that the form can mean; more than one when streets share it. Sorted. */
  readonly unitIds: readonly string[];
}

export interface Gazetteer {
  readonly units: ReadonlyMap<string, GazetteerUnit>;
  readonly settings: PlaceSettings;
  /** Forms by their first sign, longest first. */
  readonly byFirst: ReadonlyMap<string, readonly Form[]>;
  readonly byText: ReadonlyMap<string, Form>;
}

const STREET_END = /(?:街道|地区|镇|乡)$/u;
const STREET_WRITTEN = /(?:街道|地区|镇|乡|办事处|街道办|政府|工委)$/u;
const MOST_UNITS = 3;

export function buildGazetteer(
  units: readonly GazetteerUnit[],
  communities: readonly GazetteerCommunity[],
  settings: PlaceSettings,
): Gazetteer {
  const forms = new Forms(settings);
  const streets = units.filter((u) => u.kind === "street" || u.kind === "town");
  for (const unit of streets) declareStreet(forms, unit);
  forms.settle();
  for (const unit of streets) deriveStreet(forms, unit);
  forms.settle();
  const known = communities.map((c) => ({ ...c, stem: stemOf(c.name) }));
  for (const c of known) if (c.name.length > 2) forms.add(c.name, "community", "full", c.name, c.unitId);
  forms.settle();
  // A village of two signs (树村) and the communities that bear its name share it.
  const short = new Set(known.map((c) => c.name).filter((name) => name.length <= 2));
  for (const c of known) {
    if (c.stem.length > 2 || short.has(c.stem)) forms.add(c.stem, "community", "bare", c.name, c.unitId);
    if (/...村$/u.test(c.stem)) forms.add(c.stem.slice(0, -1), "community", "bare", c.name, c.unitId);
  }
  addFamilies(forms, known);
  addKin(forms, known);
  forms.settle();
  return { units: new Map(units.map((u) => [u.id, u])), settings, ...forms.built() };
}

/** 翠微南里社区 → 翠微南里; 唐家岭村股份经济合作社生活区 → 唐家岭村. */
export function stemOf(community: string): string {
  const name = fold(community);
  const company = /股份经济合作社(.*)生活区$/u.exec(name);
  if (company) return company[1] || name.slice(0, company.index);
  return name.replace(/(?:社区)?(?:居委会|村委会)$/u, "").replace(/社区$/u, "");
}

interface Draft {
  readonly text: string;
  readonly kind: "street" | "community";
  readonly sure: Sureness;
  readonly names: Set<string>;
  readonly unitIds: Set<string>;
}

/** Forms in the making: within one round of adding units share a form, a later round never touches an earlier one. */
class Forms {
  private readonly settled = new Map<string, Draft>();
  private readonly round = new Map<string, Draft>();
  readonly settings: PlaceSettings;

  constructor(settings: PlaceSettings) {
    this.settings = settings;
  }

  add(raw: string, kind: Draft["kind"], sure: Sureness, name: string, unitId: string): void {
    const text = fold(raw);
    if (text.length < 2 || this.settled.has(text) || this.settings.commonWords.includes(text)) return;
    const draft = this.round.get(text);
    if (!draft)
      this.round.set(text, { text, kind, sure, names: new Set([name]), unitIds: new Set([unitId]) });
    else {
      draft.names.add(name);
      draft.unitIds.add(unitId);
      if (RANK[sure] > RANK[draft.sure]) this.round.set(text, { ...draft, sure });
    }
  }

  settle(): void {
    for (const [text, draft] of this.round) this.settled.set(text, draft);
    this.round.clear();
  }

  built(): Pick<Gazetteer, "byFirst" | "byText"> {
    const { district } = this.settings;
    const forms = [...this.settled.values()]
      .filter((d) => d.unitIds.size <= MOST_UNITS && d.text !== district)
      // 海淀 alone: two units and the district bear it; whoever writes it means the district.
      .filter((d) => !(d.kind === "street" && d.sure === "bare" && `${d.text}区` === district))
      .map((d): Form => {
        const names = [...d.names].sort();
        return {
          text: d.text,
          kind: d.kind,
          sure: d.sure,
          name: names.length === 1 ? (names[0] ?? d.text) : d.text,
          unitIds: [...d.unitIds].sort(),
        };
      })
      .sort((a, b) => b.text.length - a.text.length || (a.text < b.text ? -1 : 1));
    return {
      byFirst: Map.groupBy(forms, (f) => f.text[0] ?? ""),
      byText: new Map(forms.map((f) => [f.text, f])),
    };
  }
}

const RANK: Readonly<Record<Sureness, number>> = { full: 3, bare: 2, family: 1, kin: 0 };

function declareStreet(forms: Forms, unit: GazetteerUnit): void {
  for (const written of [unit.name, unit.shortName, ...unit.aliases]) {
    forms.add(written, "street", STREET_WRITTEN.test(written) ? "full" : "bare", unit.name, unit.id);
  }
}

/** What people write without looking it up: 四季青街道, 清河镇, 田村街道 for 田村路街道. */
function deriveStreet(forms: Forms, unit: GazetteerUnit): void {
  const stem = unit.name.replace(STREET_END, "");
  for (const end of ["街道", "镇", "地区", "乡", "街道办事处", "街道办", "镇政府", "地区办事处"]) {
    forms.add(stem + end, "street", "full", unit.name, unit.id);
  }
  if (/..路$/u.test(stem)) forms.add(`${stem.slice(0, -1)}街道`, "street", "full", unit.name, unit.id);
  forms.add(stem, "street", "bare", unit.name, unit.id);
}

type Known = GazetteerCommunity & { readonly stem: string };

const FAMILY_ENDS: readonly RegExp[] = [
  /第[一二三四五六七八九十]+$/u,
  /[一二三四五六七八九十]+[里区]$/u,
  /[东南西北中]区$/u,
  /[东南西北]$/u,
  /联合$/u,
  /[甲乙丙]?\d+号院?$/u,
];

/** 定慧北里第一社区, 定慧北里第二社区 → 定慧北里; 复兴路20号社区 → 复兴路. Units of all stems that begin so. */
function addFamilies(forms: Forms, known: readonly Known[]): void {
  const bases = new Set<string>();
  for (const { stem } of known) {
    if (/..[路街]$/u.test(stem)) bases.add(stem);
    for (const end of FAMILY_ENDS) {
      const base = stem.replace(end, "");
      if (base !== stem && base.length > 2) bases.add(base);
    }
  }
  for (const c of known) {
    for (const base of bases)
      if (c.stem.startsWith(base)) forms.add(base, "community", "family", base, c.unitId);
  }
}

/** 翠微: two or more communities begin so, and no other street has it in a name. Only as the beginning of a place's name (place.ts). */
function addKin(forms: Forms, known: readonly Known[]): void {
  const begins = new Map<string, Known[]>();
  for (const c of known) {
    for (let length = 2; length < c.stem.length; length += 1) {
      const begin = c.stem.slice(0, length);
      const list = begins.get(begin);
      if (list) list.push(c);
      else begins.set(begin, [c]);
    }
  }
  for (const [begin, list] of begins) {
    const first = list[0];
    if (!first || list.length < 2 || !/^\p{Script=Han}*[^\P{Script=Han}第]$/u.test(begin)) continue;
    if (forms.settings.otherDistricts.some((d) => d.startsWith(begin))) continue; // 门头|沟
    const elsewhere = known.some((c) => c.unitId !== first.unitId && c.stem.includes(begin));
    if (!elsewhere) forms.add(begin, "community", "kin", begin, first.unitId);
  }
}
