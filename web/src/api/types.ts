/** Names for the shapes of the API that several pages share; the shapes themselves are the server's. */
import type { paths } from "./schema.d.ts";

type Answer<P extends keyof paths, M extends "get" | "post"> = paths[P][M] extends {
  responses: { 200: { content: { "application/json": infer Body } } };
}
  ? Body
  : never;

export type Session = Answer<"/api/session", "get">;
export type Guard = NonNullable<Answer<"/api/tickets/{id}/guard/{step}", "post">>;
export type Queue = Answer<"/api/queues", "get">[number];
export type TicketPage = Answer<"/api/tickets", "get">;
export type TicketRow = TicketPage["rows"][number];
export type TicketDetail = Answer<"/api/tickets/{id}", "get">;
export type Assignment = TicketDetail["assignments"][number];
export type ExemptionBatch = Answer<"/api/exemptions/batches/{id}", "get">;
export type ExemptionBatchRow = Answer<"/api/exemptions/batches", "get">["rows"][number];
export type WaitingApplications = Answer<"/api/exemptions/batches/waiting", "get">;
export type WaitingApplication = WaitingApplications["rows"][number];
export type OutcomeFile = Answer<"/api/exemptions/outcomes/{id}", "get">;
export type OutcomeFileRow = Answer<"/api/exemptions/outcomes", "get">[number];
export type OutcomePreview = Answer<"/api/exemptions/outcomes/{id}/preview", "post">;
export type Clock = TicketDetail["clocks"][number];
export type Callback = TicketDetail["callbacks"][number];
export type TicketEvent = TicketDetail["events"][number];
export type Suggestions = Answer<"/api/tickets/{id}/suggestions", "get">;
export type Reading = Answer<"/api/tickets/{id}/reading", "get">;
export type Attachment = TicketDetail["attachments"][number];
export type Clear = Answer<"/api/tickets/{id}/reveal", "post">;
export type View = Answer<"/api/views", "get">[number];
export type BulkReport = Answer<"/api/tickets/bulk-moves", "post">;
export type UndoReport = Answer<"/api/tickets/bulk-moves/{run}/undo", "post">;
export type Unit = Answer<"/api/units", "get">[number];
export type User = Answer<"/api/users", "get">[number];
export type RankReport = Answer<"/api/assessment/rank", "get">;
export type Outlook = Answer<"/api/assessment/outlook", "get">;
export type AheadUnit = Outlook["units"][number];
export type Levers = Answer<"/api/assessment/outlook/levers", "get">;
export type Lever = Levers["levers"][number];
export type WhatIf = Answer<"/api/assessment/outlook/what-if", "get">;
export type CountedPage = Answer<"/api/assessment/tickets", "get">;
export type ListQuery = NonNullable<paths["/api/tickets"]["get"]["parameters"]["query"]>;
export type RankGroup = RankReport["groups"][number];
export type RankRow = RankGroup["units"][number];
export type RankResult = RankGroup["total"];
export type Measure = Answer<"/api/assessment/measures", "get">[number];
export type Batch = Answer<"/api/imports/{id}", "get">;
export type BatchLine = Answer<"/api/imports", "get">["rows"][number];
export type Preview = Answer<"/api/imports/{id}/preview", "post">;
export type RowError = Answer<"/api/imports/{id}/errors", "get">["rows"][number];
export type Trend = Answer<"/api/assessment/trend", "get">;
export type TrendUnit = Trend["units"][number];
export type CallList = Answer<"/api/callback/list", "get">;
export type ListedCall = CallList["now"][number];
export type DeskRules = Answer<"/api/callback/rules", "get">;
/** 常用语: a saved one, with the move that it serves ("" serves every form). */
export type Phrase = Omit<Answer<"/api/phrases", "get">[number], "move"> & {
  readonly move: NonNullable<
    NonNullable<paths["/api/phrases"]["post"]["requestBody"]>["content"]["application/json"]["move"]
  >;
};
export type Home = Answer<"/api/home", "get">;
export type Alarm = Answer<"/api/alarms", "get">[number];
export type Message = Answer<"/api/inbox", "get">["rows"][number];
export type DutyNow = Answer<"/api/duty/now", "get">;
export type Shift = Answer<"/api/duty/shifts", "get">["rows"][number];
export type Handover = Answer<"/api/duty/handovers", "get">["rows"][number];
export type LastRecount = Answer<"/api/assessment/tally/last", "get">;
export type AdjustmentList = Answer<"/api/assessment/adjustments", "get">;
export type Adjustment = AdjustmentList["rows"][number];
export type UnitFacts = Answer<"/api/assessment/unit-facts", "get">;
export type ClassLook = Answer<"/api/assessment/unit-facts/classes/paste", "post">;
export type PopulationLook = Answer<"/api/assessment/unit-facts/population/paste", "post">;
export type Closing = Answer<"/api/assessment/closings/{period}", "get">;
export type ClosingDifference = Answer<"/api/assessment/closings/{period}/differences", "get">[number];
export type Explained = Answer<"/api/assessment/explain", "get">;
export type KeptRules = Answer<"/api/assessment/rules/{name}", "get">;
export type Trial = Answer<"/api/assessment/rules/{name}/trial", "post">;
export type SamplingPlan = Answer<"/api/sampling/plans/{id}", "get">;
export type SamplingPlanRow = Answer<"/api/sampling/plans", "get">[number];
export type SampledTicket = Answer<"/api/sampling/plans/{id}/list", "get">["done"][number];
export type ListedSample = Answer<"/api/sampling/plans/{id}/list", "get">["now"][number];
export type SamplingResult = Answer<"/api/sampling/plans/{id}/results", "get">["rows"][number];
export type ScoreSheet = Answer<"/api/assessment/sheets/{id}", "get">;
export type ScoreSheetGroup = ScoreSheet["groups"][number];
export type ScoreSheetRow = ScoreSheetGroup["rows"][number];
export type ScoreSheetLine = Answer<"/api/assessment/sheets", "get">[number];
export type ScoreSheetColumn = Answer<"/api/assessment/sheets/columns", "get">[number];
export type ScoreSheetDifference = Answer<"/api/assessment/sheets/{id}/differences", "get">[number];
export type CityMonth = Answer<"/api/assessment/city-results", "get">[number];
export type CityFileLine = CityMonth["files"][number];
export type CityFile = Answer<"/api/assessment/city-results/files/{id}", "get">;
export type CitySummary = Answer<"/api/assessment/city-results/{period}", "get">;
export type CityLineFull = Answer<"/api/assessment/city-results/{period}/lines/{key}", "get">;
export type CityLine = CityLineFull["line"];
export type CityComparison = Answer<"/api/assessment/city-results/{period}/comparison", "get">;
export type CallbackPair = Answer<"/api/assessment/callbacks/pairs", "get">[number];
export type ReasonCount = Answer<"/api/assessment/callbacks/reasons", "get">[number];
