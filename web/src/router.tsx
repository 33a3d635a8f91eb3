/** 路由. Every address of the workbench; each page's code comes when it is first opened. */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { Frame } from "./frame/Frame.tsx";
import { Missing, PageFailed } from "./frame/Missing.tsx";
import {
  accuracySearch,
  adjustmentSearch,
  countedSearch,
  factSearch,
  leversSearch,
  rankSearch,
  reasonsSearch,
} from "./pages/assessment/search.ts";
import { callSearch } from "./pages/callback/search.ts";
import { citySearch } from "./pages/cityresult/search.ts";
import { batchSearch, oneBatchSearch } from "./pages/exemption/batchsearch.ts";
import { applySearch, listSearch } from "./pages/exemption/search.ts";
import { incidentSearch } from "./pages/incident/search.ts";
import { liaisonSearch, newLiaisonSearch } from "./pages/liaison/search.ts";
import { overrideSearch } from "./pages/overrides/search.ts";
import { caseSearch, precedentSearch } from "./pages/ownership/search.ts";
import { auditSearch, unitsSearch } from "./pages/people/search.ts";
import { problemSearch } from "./pages/problem/search.ts";
import { statSearch } from "./pages/returns/search.ts";
import { planSearch } from "./pages/sampling/search.ts";
import { itemsSearch, summarySearch, watchedSearch } from "./pages/supervision/search.ts";
import { ticketSearch } from "./pages/tickets/search.ts";
import { urgeSearch } from "./pages/urging/search.ts";
import { watchSearch } from "./pages/watch/search.ts";
import { whenThere } from "./ui/arriving.ts";

const root = createRootRoute({ component: Frame, notFoundComponent: Missing, errorComponent: PageFailed });
const getParentRoute = () => root;

/** A page whose code comes when it is first opened; a server that is restarting is waited for. */
// biome-ignore lint/suspicious/noExplicitAny: as the router takes a module
const page = <M extends Record<string, any>>(load: () => Promise<M>) =>
  lazyRouteComponent(() => whenThere(load));

const routeTree = root.addChildren([
  createRoute({
    getParentRoute,
    path: "/",
    component: page(() => import("./pages/home/HomePage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/tickets",
    validateSearch: ticketSearch,
    component: page(() => import("./pages/tickets/QueuePage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/tickets/$id",
    component: page(() => import("./pages/tickets/TicketPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/tickets/$id/print",
    component: page(() => import("./pages/tickets/PrintPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/callback",
    validateSearch: callSearch,
    component: page(() => import("./pages/callback/CallbackDesk.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/sampling",
    component: page(() => import("./pages/sampling/SamplingPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/sampling/$id",
    validateSearch: planSearch,
    component: page(() => import("./pages/sampling/PlanPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/intake",
    component: page(() => import("./pages/intake/ImportsPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/intake/new",
    component: page(() => import("./pages/intake/NewTicketPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/intake/$id",
    component: page(() => import("./pages/intake/ImportPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/assessment",
    validateSearch: rankSearch,
    component: page(() => import("./pages/assessment/RankPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/assessment/unit",
    validateSearch: countedSearch,
    component: page(() => import("./pages/assessment/UnitPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/assessment/outlook",
    validateSearch: rankSearch,
    component: page(() => import("./pages/assessment/OutlookPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/assessment/outlook/$unit",
    validateSearch: leversSearch,
    component: page(() => import("./pages/assessment/LeversPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/assessment/tickets",
    validateSearch: countedSearch,
    component: page(() => import("./pages/assessment/CountedPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/liaison",
    validateSearch: liaisonSearch,
    component: page(() => import("./pages/liaison/LiaisonsPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/liaison/new",
    validateSearch: newLiaisonSearch,
    component: page(() => import("./pages/liaison/NewPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/liaison/$id",
    component: page(() => import("./pages/liaison/LiaisonPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/overrides",
    validateSearch: overrideSearch,
    component: page(() => import("./pages/overrides/OverridesPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/duty",
    component: page(() => import("./pages/duty/DutyPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/incidents",
    validateSearch: incidentSearch,
    component: page(() => import("./pages/incident/IncidentsPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/incidents/$id",
    component: page(() => import("./pages/incident/IncidentPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/watch",
    validateSearch: watchSearch,
    component: page(() => import("./pages/watch/WatchPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/exemption",
    validateSearch: listSearch,
    component: page(() => import("./pages/exemption/ExemptionsPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/exemption/new",
    validateSearch: applySearch,
    component: page(() => import("./pages/exemption/ApplyPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/exemption/batches",
    component: page(() => import("./pages/exemption/BatchesPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/exemption/batches/new",
    validateSearch: batchSearch,
    component: page(() => import("./pages/exemption/NewBatchPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/exemption/batches/$id",
    validateSearch: oneBatchSearch,
    component: page(() => import("./pages/exemption/BatchPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/exemption/outcomes",
    component: page(() => import("./pages/exemption/OutcomesPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/exemption/outcomes/$id",
    component: page(() => import("./pages/exemption/OutcomePage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/exemption/$id",
    component: page(() => import("./pages/exemption/CasePage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/shelving",
    validateSearch: listSearch,
    component: page(() => import("./pages/shelving/ShelvingsPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/shelving/new",
    validateSearch: applySearch,
    component: page(() => import("./pages/shelving/ShelvePage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/shelving/$id",
    component: page(() => import("./pages/shelving/ShelvedPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/assessment/rules",
    component: page(() => import("./pages/assessment/RuleBookPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/assessment/rules/$name",
    component: page(() => import("./pages/assessment/RulePage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/assessment/rules/$name/draft",
    component: page(() => import("./pages/assessment/RuleDraftPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/assessment/adjustments",
    validateSearch: adjustmentSearch,
    component: page(() => import("./pages/assessment/AdjustmentsPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/assessment/units",
    validateSearch: factSearch,
    component: page(() => import("./pages/assessment/FactsPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/assessment/closing",
    validateSearch: rankSearch,
    component: page(() => import("./pages/assessment/ClosingPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/assessment/sheets",
    component: page(() => import("./pages/assessment/SheetsPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/assessment/sheets/$id",
    component: page(() => import("./pages/assessment/SheetPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/assessment/explain",
    validateSearch: countedSearch,
    component: page(() => import("./pages/assessment/ExplainPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/assessment/discrepancies",
    validateSearch: rankSearch,
    component: page(() => import("./pages/assessment/DiscrepanciesPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/assessment/reasons",
    validateSearch: reasonsSearch,
    component: page(() => import("./pages/assessment/ReasonsPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/assessment/measures",
    validateSearch: rankSearch,
    component: page(() => import("./pages/assessment/MeasuresPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/assessment/accuracy",
    validateSearch: accuracySearch,
    component: page(() => import("./pages/assessment/AccuracyPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/problems",
    validateSearch: problemSearch,
    component: page(() => import("./pages/problem/ProblemsPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/problems/$id",
    component: page(() => import("./pages/problem/ProblemPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/returns",
    validateSearch: statSearch,
    component: page(() => import("./pages/returns/ReturnsPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/urging",
    validateSearch: urgeSearch,
    component: page(() => import("./pages/urging/UrgesPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/ownership",
    validateSearch: caseSearch,
    component: page(() => import("./pages/ownership/CasesPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/ownership/precedents",
    validateSearch: precedentSearch,
    component: page(() => import("./pages/ownership/PrecedentsPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/ownership/precedents/$id",
    component: page(() => import("./pages/ownership/PrecedentPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/ownership/$id",
    component: page(() => import("./pages/ownership/CasePage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/supervision",
    validateSearch: itemsSearch,
    component: page(() => import("./pages/supervision/ItemsPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/supervision/new",
    component: page(() => import("./pages/supervision/NotePage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/supervision/watched",
    validateSearch: watchedSearch,
    component: page(() => import("./pages/supervision/WatchedPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/supervision/summary",
    validateSearch: summarySearch,
    component: page(() => import("./pages/supervision/SummaryPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/supervision/lists",
    component: page(() => import("./pages/supervision/ListsPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/supervision/lists/$id",
    component: page(() => import("./pages/supervision/ListPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/supervision/$id",
    component: page(() => import("./pages/supervision/ItemPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/notify",
    component: page(() => import("./pages/notify/ChannelsPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/assessment/city",
    component: page(() => import("./pages/cityresult/MonthsPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/assessment/city/file/$id",
    component: page(() => import("./pages/cityresult/FilePage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/assessment/city/$period",
    validateSearch: citySearch,
    component: page(() => import("./pages/cityresult/MonthPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/assessment/city/$period/compare",
    component: page(() => import("./pages/cityresult/ComparePage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/units",
    validateSearch: unitsSearch,
    component: page(() => import("./pages/people/UnitsPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/categories",
    component: page(() => import("./pages/people/CategoriesPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/roles",
    component: page(() => import("./pages/people/RolesPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/sessions",
    component: page(() => import("./pages/people/SessionsPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/rules",
    component: page(() => import("./pages/people/RulesPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/phrases",
    component: page(() => import("./pages/people/PhrasesPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/settings",
    component: page(() => import("./pages/people/SettingsPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/users",
    component: page(() => import("./pages/people/UsersPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/audit",
    validateSearch: auditSearch,
    component: page(() => import("./pages/people/AuditPage.tsx")),
  }),
  createRoute({
    getParentRoute,
    path: "/me",
    component: page(() => import("./pages/people/MePage.tsx")),
  }),
]);

export const router = createRouter({
  routeTree,
  defaultPreload: "intent",
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const known = Object.entries(search).filter(
      (pair): pair is [string, string] => typeof pair[1] === "string",
    );
    const text = new URLSearchParams(known).toString();
    return text === "" ? "" : `?${text}`;
  },
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
