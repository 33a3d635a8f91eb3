/** Who is acting: the person of a session, or a machine such as the importer. */
import type { Role } from "@jiesu/core/ticket/role.ts";

export interface Actor {
  readonly userId: string | null;
  readonly name: string;
  readonly roles: readonly Role[];
  /** The person's own unit; null for the centre and for machines. */
  readonly unitId: string | null;
}

/** The importer acts for the person who confirmed the file, or for the command line. */
export function importerFor(name: string, userId: string | null = null): Actor {
  return { userId, name, roles: ["importer"], unitId: null };
}
