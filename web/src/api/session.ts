/** Who is signed in here, for every page below the gate. */
import { isRole, type Role, type Side, sideOf } from "@jiesu/core/ticket/role.ts";
import { createContext, useContext } from "react";
import type { Session } from "./types.ts";

export const SessionContext = createContext<Session | null>(null);

/** The signed-in person. Only pages below the gate may ask. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("asked who is signed in outside the gate");
  return session;
}

export function rolesOf(session: Session): readonly Role[] {
  return session.roles.map((held) => held.role).filter(isRole);
}

export function hasRole(session: Session, ...roles: readonly Role[]): boolean {
  return rolesOf(session).some((role) => roles.includes(role));
}

export function hasSide(session: Session, side: Side): boolean {
  return rolesOf(session).some((role) => sideOf(role) === side);
}

/** Whether tickets are this person's work at all; the three administrators see none. */
export function works(session: Session): boolean {
  return rolesOf(session).some((role) => sideOf(role) !== "admin");
}
