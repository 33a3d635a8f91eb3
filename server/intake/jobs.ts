import type { Shell } from "../platform/shell.ts";
export async function resumeImports(_s: Shell): Promise<number> {
  return 0;
}
