/** 导入前的准备. Opens a file and settles its profile and columns; refuses what cannot be imported. */
import { join } from "node:path";
import type { Column } from "@jiesu/core/intake/header.ts";
import type { Profile } from "@jiesu/core/intake/profile.ts";
import type { Db } from "../platform/db/open.ts";
import { addWordings, type Refusal } from "../platform/errors.ts";
import type { Shell } from "../platform/shell.ts";
import { type Answer, columnsOf, headerHash, type Inspected, inspectFile, reopenFile } from "./inspect.ts";
import { findProfile, GENERIC } from "./profiles.ts";
import { type Batch, learnedMapping, type Mapping, type Shape } from "./store.ts";

addWordings({
  "batch-begun": { status: 409, zh: () => "这个文件已经开始导入，不能再改。" },
  "batch-held": { status: 409, zh: () => "这个文件正在由另一进程导入。" },
  "batch-not-running": { status: 409, zh: () => "这个文件没有在导入。" },
  "batch-not-failed": { status: 409, zh: () => "这个文件没有中断，不需要继续。" },
});

/** What a person chose for a file. */
export interface Choice {
  readonly profile?: string | undefined;
  readonly mapping: Mapping;
  readonly createUnits: boolean;
}

/** A file with everything settled that an import of it needs. */
export interface Ready {
  readonly inspected: Inspected;
  readonly profile: Profile;
  readonly columns: readonly Column[];
  readonly mapping: Mapping;
}

/** The same for a batch whose file is ours. */
export async function prepareBatch(shell: Shell, batch: Batch, choice: Choice): Promise<Answer<Ready>> {
  if (batch.status !== "uploaded" && batch.status !== "running") return no({ code: "batch-begun" });
  if (batch.stored === null) return no({ code: "file-refused", why: "文件已不在，请重新上传" });
  const profile = choice.profile ?? batch.profile;
  return prepare(
    shell.db,
    join(shell.files, batch.stored),
    batch.fileName,
    profile === "" ? undefined : profile,
    choice.mapping,
    batch.shape,
  );
}

/** Opens a file and settles what its columns mean: by the mapping given, else the one learned for this header. */
export async function prepare(
  db: Db,
  path: string,
  fileName: string,
  profileName: string | undefined,
  mapping: Mapping | undefined,
  known?: Shape,
): Promise<Answer<Ready>> {
  const byHand = profileName === GENERIC ? undefined : profileName;
  const seen = known ? await reopenFile(path, fileName, known) : await inspectFile(path, fileName, byHand);
  if (!seen.ok) return seen;
  const inspected = seen.value;
  const learned =
    mapping === undefined && profileName === undefined
      ? await learnedMapping(db, headerHash(inspected.shape))
      : null;
  const name = profileName ?? learned?.profile;
  const profile = name === undefined ? inspected.profile : findProfile(name);
  const settled = mapping ?? learned?.mapping ?? {};
  if (!profile) {
    const headers = inspected.shape.headers.map((h) => h.header).join("、");
    return no({
      code: "header-unknown",
      headers: headers.length > 200 ? `${headers.slice(0, 199)}…` : headers,
    });
  }
  const columns = columnsOf(inspected.shape, profile, settled);
  return columns.ok
    ? { ok: true, value: { inspected, profile, columns: columns.value, mapping: settled } }
    : columns;
}

const no = (refusal: Refusal) => ({ ok: false as const, refusal });
