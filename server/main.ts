/**
 * jiesu: the only place that builds clock, pool and settings; every command starts here. What was compiled once is kept
 * beside the packages, so that a process that dies is soon up again; where nothing may be written there, it is just slower.
 */
import { enableCompileCache } from "node:module";
import { join } from "node:path";

enableCompileCache(join(import.meta.dirname, "..", "node_modules", ".cache", "jiesu"));
await import("./cli/main.ts");
