/** 导入模板的读取. Reads rules/import/*.json once, completes each with the common words and dates, and checks it. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ALL_FIELDS, FIELDS, type Field } from "@jiesu/core/intake/fields.ts";
import type { Profile } from "@jiesu/core/intake/profile.ts";
import { isState } from "@jiesu/core/ticket/state.ts";
import { z } from "zod";
import { StartError } from "../platform/config/start-error.ts";
import { RULES } from "../platform/rules.ts";

const FieldName = z.enum(ALL_FIELDS as [Field, ...Field[]]);
const InstantName = FieldName.refine((f) => FIELDS[f].kind === "instant", "应为时间字段").transform(
  (f) => f as Profile["receivedAt"][number],
);
const Day = z.iso.date();
const Words = z.record(z.string(), z.array(z.string().min(1)).min(1));
const Closing = z.enum(["reply", "direct", "transfer", "city"]);
const WordBook = z.strictObject({
  rejected: Words,
  level: Words,
  part: Words,
  validCallback: Words,
  contacted: Words,
  solved: Words,
  satisfied: Words,
  channel: Words,
});

const Common = z.strictObject({
  name: z.literal("common"),
  from: Day,
  source: z.string().min(1),
  dates: z.array(z.string()).min(1),
  blank: z.array(z.string()),
  words: WordBook,
  sameWord: z.record(z.string(), z.string()),
  prefixes: z.partialRecord(FieldName, z.array(z.string())),
  unknownPlace: z.array(z.string()),
});

const OwnProfile = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]+$/),
  zh: z.string().min(1),
  from: Day,
  source: z.string().min(1),
  path: z.enum(["district", "directStreet", "directBureau", "own"]),
  channel: z.string().min(1),
  fields: z.partialRecord(FieldName, z.array(z.string().min(1)).min(1)),
  required: z.array(FieldName).min(1),
  signature: z.array(FieldName),
  numberPrefix: z.string().default(""),
  numberFrom: z
    .strictObject({ prefix: z.string(), fields: z.array(FieldName).min(1) })
    .nullable()
    .default(null),
  rowKey: z.array(FieldName).refine((key) => key.includes("number"), "必须含 number"),
  receivedAt: z.array(InstantName).min(1),
  order: z.array(FieldName),
  closed: z.strictObject({ when: z.array(FieldName), kind: Closing }),
  states: Words.default({}).refine(
    (words) =>
      Object.keys(words).every(
        (state) =>
          isState(state.split(":")[0] ?? "") &&
          (!state.includes(":") || Closing.safeParse(state.split(":")[1]).success),
      ),
    "有不存在的工单状态",
  ),
  resolutions: z.record(z.string(), z.strictObject({ scope: z.enum(["full", "responseOnly", "exempt"]) })),
  words: WordBook.partial().default({}),
  dates: z.array(z.string()).optional(),
});

/** The profile that a person maps column by column; it is never guessed. */
export const GENERIC = "generic";

let loaded: readonly Profile[] | null = null;

/** All profiles. Throws StartError with every fault found, one a line. */
export function profiles(): readonly Profile[] {
  loaded ??= loadProfiles(join(RULES, "import"));
  return loaded;
}

export function findProfile(name: string): Profile | null {
  return profiles().find((p) => p.name === name) ?? null;
}

/** The profile of a row that was imported; one that is gone since is read as the generic one. */
export function profileOf(name: string): Profile {
  const profile = findProfile(name) ?? findProfile(GENERIC);
  if (!profile) throw new Error("no generic profile");
  return profile;
}

export function loadProfiles(folder: string): readonly Profile[] {
  const faults: string[] = [];
  const read = <T>(file: string, shape: z.ZodType<T>): T | null => {
    const checked = shape.safeParse(parseJson(join(folder, file)));
    if (checked.success) return checked.data;
    faults.push(...checked.error.issues.map((i) => `rules/import/${file} ${i.path.join(".")}：${i.message}`));
    return null;
  };
  const common = read("common.json", Common);
  const own = readdirSync(folder)
    .filter((file) => file.endsWith(".json") && file !== "common.json")
    .sort()
    .map((file) => read(file, OwnProfile));
  if (faults.length > 0 || common === null)
    throw new StartError(`导入模板有误，请改正后再启动：\n${faults.join("\n")}`);
  return own.flatMap((profile) => {
    if (profile === null) return [];
    const { dates, blank, words, sameWord, prefixes, unknownPlace } = common;
    return [
      {
        ...profile,
        dates: profile.dates ?? dates,
        blank,
        words: { ...words, ...defined(profile.words) },
        sameWord,
        prefixes: defined(prefixes),
        unknownPlace,
        fields: defined(profile.fields),
      },
    ];
  });
}

/** Without the entries that are undefined: absent and undefined mean the same here. */
function defined<T extends object>(record: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

function parseJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return null;
  }
}
