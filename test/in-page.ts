/** 页内脚本. Reads a script that runs inside pages, typed for the browser, as the browser takes it: without its types. */
import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";

export function inPage(file: string): string {
  return stripTypeScriptTypes(readFileSync(file, "utf8"));
}
