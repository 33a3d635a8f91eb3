/** Passwords: argon2id digests, and what counts as strong enough. */
import { randomInt } from "node:crypto";
import { hash, verify } from "@node-rs/argon2";

export const hashPassword = (password: string): Promise<string> => hash(password);

export const verifyPassword = (digest: string, password: string): Promise<boolean> =>
  verify(digest, password);

/** At least ten characters of two kinds or more (letters, digits, signs). */
export function isStrong(password: string): boolean {
  const kinds = [/[a-zA-Z]/, /\d/, /[^a-zA-Z\d]/].filter((kind) => kind.test(password)).length;
  return password.length >= 10 && kinds >= 2;
}

/** A random password for a new account: 12 characters without look-alikes, always letters and digits. */
export function randomPassword(): string {
  const letters = "abcdefghjkmnpqrstuvwxyz";
  const digits = "23456789";
  const pick = (from: string): string => from[randomInt(from.length)] ?? "";
  return Array.from({ length: 4 }, () => pick(letters) + pick(letters) + pick(digits)).join("");
}
