/** 点位. Places put together from parts: real streets and communities of the district, everything on them invented. */
import type { CommunityFact, UnitFact } from "./district.ts";
import type { Matter, Where } from "./matters.ts";
import type { Random } from "./random.ts";

/** A community and the street or town that it belongs to. */
export interface Neighbourhood {
  readonly street: UnitFact;
  readonly community: CommunityFact;
  /** The community's name without 社区 and house numbers: 翠微路社区 → 翠微路. */
  readonly stem: string;
}

export interface Place {
  /** As one says it: 翠微南里小区3号楼. */
  readonly spot: string;
  /** As one writes it: 海淀区万寿路街道翠微南里小区3号楼2单元. */
  readonly address: string;
  /** 企业名称, where the matter is about one; else empty. */
  readonly enterprise: string;
}

export function neighbourhoods(units: readonly UnitFact[]): readonly Neighbourhood[] {
  return units.flatMap((street) =>
    street.communities.map((community) => ({ street, community, stem: stemOf(community.name) })),
  );
}

export function placeFor(random: Random, at: Neighbourhood, matter: Matter): Place {
  const here = `海淀区${at.street.name}`;
  const spot = SPOTS[matter.where](random, at.stem, matter);
  const address = matter.where === "none" ? `${here}${at.community.name}` : `${here}${spot}`;
  const named = matter.where === "shop" || matter.where === "firm" || matter.category2 === "校外培训";
  return { spot: spot === "" ? at.community.name : spot, address, enterprise: named ? spot : "" };
}

const FIRST = ["和", "瑞", "嘉", "安", "启", "明", "悦", "盛", "朗", "澄", "丰", "泰", "宁", "晟"] as const;
const SECOND = ["晖", "禾", "源", "舟", "川", "景", "林", "原", "泽", "芳", "达", "新", "友", "恒"] as const;
const SHOPS: Readonly<Record<string, readonly string[]>> = {
  预付费退费: ["健身中心", "美容美发店", "瑜伽馆", "游泳馆", "洗衣店"],
  餐饮油烟: ["烤肉店", "川菜馆", "烧烤店", "火锅店"],
  露天烧烤: ["烧烤店", "小龙虾馆", "大排档"],
  餐饮卫生: ["快餐店", "面馆", "饺子馆", "火锅店", "奶茶店"],
  无证经营: ["熟食店", "小吃店", "副食店"],
};
const ANY_SHOP = ["超市", "家电商行", "便利店", "家具店", "手机店", "餐厅", "电器行"] as const;
const FIRMS = [
  "科技有限公司",
  "商贸有限公司",
  "餐饮管理有限公司",
  "建筑装饰有限公司",
  "物业管理有限公司",
] as const;
const TAILS = ["小区", "小区", "家园", "一区", "二区", "东区", "西区", "北院"] as const;
const ROADS = ["路", "东路", "西路", "南街", "北街", "中街"] as const;

const brand = (random: Random): string => random.pick(FIRST) + random.pick(SECOND);
const road = (random: Random, stem: string): string =>
  /[路街]$/.test(stem) ? stem : stem + random.pick(ROADS);

const SPOTS: Readonly<Record<Where, (random: Random, stem: string, matter: Matter) => string>> = {
  estate: (r, stem) => `${stem}${r.pick(TAILS)}${r.int(1, 24)}号楼${r.int(1, 6)}单元`,
  road: (r, stem) => {
    const name = road(r, stem);
    const where = [`与${stem}横街路口`, `${r.int(1, 160)}号门前`, "公交站附近", "过街天桥下", "地铁站出口"];
    return name + r.pick(where);
  },
  shop: (r, stem, m) =>
    `${road(r, stem)}${r.int(1, 160)}号${brand(r)}${r.pick(SHOPS[m.category3] ?? ANY_SHOP)}`,
  school: (r, stem, m) =>
    m.category2 === "校外培训"
      ? `${road(r, stem)}${brand(r)}教育培训中心`
      : `${stem}${m.category3.includes("幼儿园") ? "幼儿园" : r.pick(["小学", "中学", "学校"])}`,
  hospital: (r, stem) => `${stem}${r.pick(["社区卫生服务站", "社区卫生服务中心", "医院"])}`,
  park: (r, stem) => `${stem}${r.pick(["公园", "绿地", "滨水步道", "街心花园"])}`,
  site: (r, stem) => `${stem}${r.pick(["改造项目工地", "道路工程工地", "地块工地"])}`,
  firm: (r, stem) => `${road(r, stem)}${r.int(1, 160)}号${brand(r)}${r.pick(FIRMS)}`,
  village: (r, stem) => `${stem}${r.int(1, 90)}号院`,
  none: () => "",
};

function stemOf(community: string): string {
  const stem = community
    .replace(/(社区|村股份经济合作社生活区|股份经济合作社.*|生活区)$/u, "")
    .replace(/[（(].*[）)]/u, "")
    .replace(/[甲乙]?\d+号院?$/u, "")
    .replace(/联合$/u, "");
  return stem === "" ? community : stem;
}
