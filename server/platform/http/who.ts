/** Who may call a route. Every route declares it; a route that does not is refused at start-up. */
import { ALL_ROLES, ROLES, type Role, type Side } from "@jiesu/core/ticket/role.ts";

/** Everyone, any signed-in person, or these roles. */
export type Who = "public" | "signedIn" | readonly Role[];

export function allows(who: Who, roles: readonly Role[]): boolean {
  if (who === "public") return true;
  if (who === "signedIn") return roles.length > 0;
  return roles.some((r) => who.includes(r));
}

const ofSide = (side: Side): readonly Role[] => ALL_ROLES.filter((r) => ROLES[r].side === side);

export const CENTRE = ofSide("centre");
export const UNITS = ofSide("unit");
export const WORKERS: readonly Role[] = [...CENTRE, ...UNITS];
