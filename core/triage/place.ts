/** 地点识别. Finds the district's streets and communities in a text, longest name first, with their positions. Evidence, not truth. */
import type { Form, Gazetteer } from "./gazetteer.ts";
import { fold } from "./text.ts";

export interface Place extends Form {
  /** UTF-16 positions in the text that was searched. */
  readonly start: number;
  readonly end: number;
}

/** Places in the order of the text; they never overlap. Cut flow notes first (text.ts). */
export function findPlaces(text: string, gazetteer: Gazetteer): readonly Place[] {
  const folded = fold(text);
  const places: Place[] = [];
  let at = 0;
  while (at < folded.length) {
    const form = (gazetteer.byFirst.get(folded[at] ?? "") ?? []).find(
      (f) => folded.startsWith(f.text, at) && fits(f, folded, at, gazetteer),
    );
    if (form) {
      const road = form.kind === "community" && ROAD.test(folded.slice(at + form.text.length));
      places.push({ ...form, sure: road ? "kin" : form.sure, start: at, end: at + form.text.length });
    }
    at += form?.text.length ?? 1;
  }
  return places;
}

/** The unit that a street column means (四季青镇, 海淀区温泉镇, 四季青), or null: 不详, a name that several share. */
export function streetOf(written: string, gazetteer: Gazetteer): Form | null {
  const text = fold(written.trim());
  const exact =
    gazetteer.byText.get(text) ?? gazetteer.byText.get(text.replace(gazetteer.settings.district, ""));
  if (exact?.kind === "street" && exact.unitIds.length === 1) return exact;
  const named = findPlaces(text, gazetteer).filter((p) => p.kind === "street" && p.sure === "full");
  const units = new Set(named.flatMap((p) => p.unitIds));
  return units.size === 1 ? (named[0] ?? null) : null;
}

/** The community that a community column means, with its suffix or without. */
export function communityOf(written: string, gazetteer: Gazetteer): Form | null {
  const text = fold(written.trim()).replace(/(?:居委会|村委会|委会)$/u, "");
  const exact = gazetteer.byText.get(text);
  if (exact?.kind === "community") return exact;
  return (
    findPlaces(text, gazetteer).find(
      (p) => p.kind === "community" && (p.sure === "full" || p.sure === "bare"),
    ) ?? null
  );
}

/** A place's name goes on: 翠微|烟雨公园, 建材|城东路. */
const PLACE_END =
  /^[\p{Script=Han}\d]{0,3}?(?:里|路|街|桥|园|寺|庄|小区|家园|胡同|村|城|院|苑|楼|大厦|花园|新区|东区|西区|南区|北区)/u;
/** 西三环|北路, 车道沟|桥: a road or a bridge named after a community runs on beyond it. */
const ROAD = /^[东南西北中]{0,2}(?:路|街|桥|大街|辅路|大桥|胡同)/u;
const RIVER = /^(?:河|道|岸|水|两|边|里|内|中|桥|闸|段|沿|流|旁|畔|游)/u;
/** Before a name of two signs: the start, a sign, or a word that leads to a place. 地上|地下 is no 上地. */
const LEADS_TO_PLACE = /(?:^|[^\p{Script=Han}]|[区市县镇乡道村在于住到从往去至是和与及为自])$/u;

function fits(form: Form, text: string, at: number, gazetteer: Gazetteer): boolean {
  const before = text.slice(Math.max(0, at - 6), at);
  const after = text.slice(at + form.text.length, at + form.text.length + 8);
  if (/^\d/u.test(form.text) && /\d$/u.test(before)) return false;
  if (inOtherDistrict(before, gazetteer)) return false;
  if (form.kind === "street" && form.sure === "bare") {
    if (/^[区县省市]/u.test(after)) return false;
    if (/河$/u.test(form.text) && RIVER.test(after)) return false;
    if (form.text.length === 2 && !LEADS_TO_PLACE.test(before)) return false;
    return !/^(?:河|渠|湖|山|公园|泡|浴|酒店)/u.test(after);
  }
  if (form.sure === "kin")
    return PLACE_END.test(after) && (form.text.length > 2 || LEADS_TO_PLACE.test(before));
  return true;
}

function inOtherDistrict(before: string, gazetteer: Gazetteer): boolean {
  return gazetteer.settings.otherDistricts.some((d) => before.endsWith(`${d}区`) || before.endsWith(d));
}
