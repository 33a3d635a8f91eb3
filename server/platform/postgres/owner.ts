/** 以谁的身份运行 PostgreSQL. It refuses to run as root, so under root it runs as `postgres` or as nobody. */
import fs from "node:fs";
import path from "node:path";

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

const NOBODY: Owner = { uid: 65534, gid: 65534 };

/** Whom to run as; undefined: as ourselves. An existing cluster goes on with the user who owns it. */
export function ownerFor(cluster: string): Owner | undefined {
  if (process.getuid?.() !== 0) return undefined;
  if (fs.existsSync(cluster)) {
    const { uid, gid } = fs.statSync(cluster);
    if (uid !== 0) return { uid, gid };
  }
  return userNamed("postgres") ?? NOBODY;
}

/** Whether the user may pass through a folder and all those above it. */
export function mayPass(owner: Owner, folder: string): boolean {
  for (let at = fs.realpathSync(folder); ; at = path.dirname(at)) {
    const { mode, uid, gid } = fs.statSync(at);
    const bit = uid === owner.uid ? 0o100 : gid === owner.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (at === path.dirname(at)) return true;
  }
}

function userNamed(name: string): Owner | undefined {
  if (!fs.existsSync("/etc/passwd")) return undefined;
  const lines = fs.readFileSync("/etc/passwd", "utf8").split("\n");
  const fields = lines.map((line) => line.split(":")).find(([user]) => user === name);
  const [uid, gid] = [Number(fields?.[2]), Number(fields?.[3])];
  return uid > 0 && gid > 0 ? { uid, gid } : undefined;
}
