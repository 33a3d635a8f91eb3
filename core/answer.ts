/** 答复. What the core says to a question: a value, or a refusal with a code. Bugs are thrown, refusals are returned. */
export type Answer<T, R extends { readonly code: string }> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusal: R };

export function yes<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

export function no<R extends { readonly code: string }>(
  refusal: R,
): { readonly ok: false; readonly refusal: R } {
  return { ok: false, refusal };
}
