// The arrows of docs/ARCHITECTURE.md: who may import whom. Type-only imports count.
const TESTS = "\\.(test|fixture)\\.tsx?$";

/** The composition root: the only files that may know every feature. */
const ROOT_OF_SERVER = "^server/([^/]+\\.ts|cli/.+)$";

/** The town of the tests: it builds the whole house, and only tests may enter it. */
const TESTING = "^server/testing/";

module.exports = {
  forbidden: [
    {
      name: "no-circles",
      comment: "Two files that need each other are one file, or need a third.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "core-needs-nothing",
      comment: "core has no I/O and no dependency: core → core.",
      severity: "error",
      from: { path: "^core/", pathNot: TESTS },
      to: { pathNot: "^core/" },
    },
    {
      name: "core-tests-stay-outside-the-shell",
      comment: "What core's tests need of the world is data and laws, not the server or the screens.",
      severity: "error",
      from: { path: `^core/.*${TESTS}` },
      to: { path: "^(server|web|bench|scripts|test)/" },
    },
    {
      name: "web-knows-core-alone",
      comment: "web → core. The server is reached over HTTP.",
      severity: "error",
      from: { path: "^web/", pathNot: TESTS },
      to: { path: "^(server|seeds|bench|scripts|test|rules)/" },
    },
    {
      name: "nothing-knows-web",
      severity: "error",
      from: { pathNot: "^web/" },
      to: { path: "^web/" },
    },
    {
      name: "platform-knows-no-feature",
      severity: "error",
      from: { path: "^server/platform/", pathNot: TESTS },
      to: { path: "^server/", pathNot: "^server/(platform|migrations)/" },
    },
    {
      name: "feature-knows-its-own-folder-and-the-ledger",
      comment:
        "A server feature → core, platform, its own folder, and the ticket it is about (docs/adr/0003). Another feature is heard through its events.",
      severity: "error",
      from: { path: "^server/(?!platform/|cli/|bin/|migrations/|testing/)([^/]+)/", pathNot: TESTS },
      to: { path: "^server/", pathNot: ["^server/platform/", "^server/$1/", "^server/ticket/"] },
    },
    {
      name: "nobody-imports-the-entrance",
      comment: "main.ts builds clock, pool and config; it is run, not imported.",
      severity: "error",
      from: {},
      to: { path: "^server/main\\.ts$" },
    },
    {
      name: "only-the-root-knows-the-root",
      severity: "error",
      from: { path: "^server/", pathNot: [ROOT_OF_SERVER, TESTING, TESTS] },
      to: { path: ROOT_OF_SERVER },
    },
    {
      name: "product-without-workbench-tools",
      comment: "What runs at the customer's does not import tests, benchmarks or scripts.",
      severity: "error",
      from: { path: "^(core|server|web)/", pathNot: [TESTS, TESTING] },
      to: { path: ["^(bench|scripts|test)/", TESTING], pathNot: "^scripts/bootstrap\\.mjs$" },
    },
    {
      name: "declared-dependencies",
      comment: "A package that is imported is in that workspace's package.json.",
      severity: "error",
      from: { path: "^(server|web)/", pathNot: TESTS },
      to: { dependencyTypes: ["npm-no-pkg", "npm-unknown"] },
    },
    {
      name: "everything-resolves",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.base.json" },
    combinedDependencies: false,
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)(dist|\\.cache|node_modules/\\.)/?" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
      mainFields: ["module", "main", "types"],
      extensions: [".ts", ".tsx", ".mjs", ".js", ".json", ".css"],
    },
  },
};
