/** The types of bootstrap.mjs, which must run on any Node and therefore is plain JavaScript. */
/** Builds the workbench when its sources changed since the last build; `node24` is the path of a Node 24. */
export function ensureWebBuilt(node24: string): Promise<void>;
