import type { App } from "../platform/http/app.ts";
import type { Shell } from "../platform/shell.ts";
export function intakeRoutes(_app: App, _shell: Shell): void {}
