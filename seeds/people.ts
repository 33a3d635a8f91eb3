/** 演示人员. Invented characters in every role, and their accounts; passwords are random and shown once. */
import { ROLES, type Role } from "@jiesu/core/ticket/role.ts";
import { hashPassword, randomPassword } from "@jiesu/server/platform/auth/password.ts";
import type { Db } from "@jiesu/server/platform/db/open.ts";
import { readDistrict, type UnitFact, unitIds } from "./district.ts";
import { randomOf } from "./random.ts";

export interface Person {
  readonly login: string;
  readonly name: string;
  readonly role: Role;
  /** Short name of the unit; null in the centre. */
  readonly unit: string | null;
}

const centre = (login: string, name: string, role: Role): Person => ({ login, name, role, unit: null });
const at = (unit: string, login: string, name: string, role: "handler" | "unitLead" = "handler"): Person => ({
  login,
  name,
  role,
  unit,
});

/** The characters who can sign in from the first run on. */
export const CHARACTERS: readonly Person[] = [
  centre("zhouxl", "周晓岚", "triager"),
  centre("hemt", "何明涛", "triager"),
  centre("luoyq", "罗雨晴", "triager"),
  centre("fanjg", "范建国", "supervisor"),
  centre("tangsy", "唐思颖", "supervisor"),
  centre("sunyt", "孙悦彤", "caller"),
  centre("guolp", "郭立平", "caller"),
  centre("weijh", "魏佳禾", "closer"),
  centre("panzy", "潘正阳", "closer"),
  centre("shenyh", "沈一航", "assessor"),
  centre("yuwq", "于文清", "analyst"),
  centre("dingr", "丁然", "inspector"),
  centre("caozx", "曹子轩", "editor"),
  centre("linhai", "林海", "shiftLead"),
  centre("xumm", "许蔓蔓", "shiftLead"),
  centre("qinzr", "秦致远", "leader"),
  at("四季青", "songyf", "宋一帆"),
  at("四季青", "dengl", "邓蕾", "unitLead"),
  at("中关村", "jiangtc", "姜天成"),
  at("中关村", "yuanhy", "袁红英", "unitLead"),
  at("清河", "xiaoyn", "肖亚楠"),
  at("清河", "lushp", "陆尚平", "unitLead"),
  at("西三旗", "caiwj", "蔡文静"),
  at("西三旗", "tianhs", "田浩森", "unitLead"),
  at("学院路", "maqd", "马清渡"),
  at("区城市管理委", "renzh", "任志恒"),
  at("区城市管理委", "fangqy", "方青云", "unitLead"),
  at("区住房城乡建设委", "shikl", "石可立"),
  at("区市场监管局", "liaoxm", "廖晓敏"),
  at("海淀交通支队", "jinwf", "金卫峰"),
  at("区水务局", "baisj", "白思嘉"),
  at("北部供热公司", "qiaoda", "乔大安"),
  centre("sysadmin", "甘为民", "sysadmin"),
  centre("secadmin", "文守正", "secadmin"),
  centre("auditadmin", "章知微", "auditadmin"),
];

const SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章";
const GIVEN = "安北晨初达恩凡歌涵佳可兰明宁鹏清然思彤文熙雅远哲知子立青禾舟川彬琳倩昊宇轩";

/** An invented name of two or three characters. */
export function inventedName(seed: number): string {
  const random = randomOf(seed, 77);
  const given = random.chance(0.75)
    ? random.pick([...GIVEN]) + random.pick([...GIVEN])
    : random.pick([...GIVEN]);
  return random.pick([...SURNAMES]) + given;
}

/** One handler for every unit without a character: on record, and switched off until the administrator lets them in. */
export function otherHandlers(units: readonly UnitFact[]): readonly Person[] {
  return units.flatMap((unit, i) =>
    CHARACTERS.some((p) => p.unit === unit.shortName)
      ? []
      : [at(unit.shortName, `jbr${String(i + 1).padStart(2, "0")}`, inventedName(i + 1))],
  );
}

/** Everybody of the district. */
export const everybody = (units: readonly UnitFact[]): readonly Person[] => [
  ...CHARACTERS,
  ...otherHandlers(units),
];

/** What the first run prints, once. */
export interface NewAccount {
  readonly login: string;
  readonly name: string;
  readonly roleZh: string;
  readonly unit: string | null;
  readonly password: string;
}

/**
 * Creates the accounts that are missing and answers those that can sign in, with their random passwords: nowhere kept
 * in clear, so print them now. The district must be loaded. A second call creates nothing and answers [].
 */
export async function createAccounts(db: Db, now: number): Promise<readonly NewAccount[]> {
  const district = readDistrict();
  const ids = await unitIds(db, district);
  const idByShort = new Map(district.units.map((u) => [u.shortName, ids.get(u.name) ?? null]));
  const known = new Set((await db.selectFrom("app_user").select("login").execute()).map((u) => u.login));
  const unitIdOf = (person: Person): string | null => {
    if (person.unit === null) return null;
    const id = idByShort.get(person.unit);
    if (id == null) throw new Error(`${person.name} works for ${person.unit}, which the ledger lacks`);
    return id;
  };
  const fresh = CHARACTERS.filter((p) => !known.has(p.login)).map((p) => ({
    ...p,
    password: randomPassword(),
  }));
  const waiting = otherHandlers(district.units).filter((p) => !known.has(p.login));
  const nobodyKnows = await hashPassword(randomPassword());
  const rows = await Promise.all([
    ...fresh.map(async (p) => ({ person: p, hash: await hashPassword(p.password), active: true })),
    ...waiting.map(async (p) => ({ person: p, hash: nobodyKnows, active: false })),
  ]);
  if (rows.length === 0) return [];
  await db
    .insertInto("app_user")
    .values(
      rows.map(({ person, hash, active }) => ({
        login: person.login,
        name: person.name,
        password_hash: hash,
        roles: [person.role],
        unit_id: unitIdOf(person),
        active,
        created_at: new Date(now),
      })),
    )
    .onConflict((c) => c.column("login").doNothing())
    .execute();
  return fresh.map((p) => ({
    login: p.login,
    name: p.name,
    roleZh: ROLES[p.role].zh,
    unit: p.unit,
    password: p.password,
  }));
}
