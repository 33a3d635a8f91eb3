/** 操作表单. What the form of each move asks; one row a move, so a move added to the table without a form does not compile. */
import { REQUIRED_TEXT } from "@jiesu/core/ticket/decide.ts";
import type { Move } from "@jiesu/core/ticket/lifecycle.ts";
import type { TicketState } from "@jiesu/core/ticket/state.ts";
import type { Assignment, TicketDetail } from "../../../api/types.ts";
import { T } from "../../../texts.ts";

interface Option {
  readonly value: string;
  readonly label: string;
}

/** `name` may hold a dot: "answers.solved" is sent as { answers: { solved } }. */
export type FormField = {
  readonly name: string;
  readonly label: string;
  readonly required?: boolean;
  readonly hint?: string | undefined;
} & (
  | { readonly kind: "long"; readonly phrases?: readonly string[] }
  | { readonly kind: "short"; readonly of?: keyof TicketDetail }
  | {
      readonly kind: "choice";
      readonly options: readonly Option[];
      readonly mayBeBlank?: boolean;
      readonly start?: string;
    }
  | { readonly kind: "ground" | "unitName" | "days" }
  | { readonly kind: "unit" | "units" | "check" | "ticket" }
);

const F = T.moves.fields;

const opt = (value: string, label: string): Option => ({ value, label });

const ANSWERS: readonly FormField[] = [
  {
    name: "answers.contacted",
    label: F.contacted,
    kind: "choice",
    mayBeBlank: true,
    options: [opt("yes", F.yes), opt("no", F.no)],
  },
  {
    name: "answers.solved",
    label: F.solved,
    kind: "choice",
    mayBeBlank: true,
    options: [opt("yes", F.solvedYes), opt("partly", F.solvedPartly), opt("no", F.solvedNo)],
  },
  {
    name: "answers.satisfied",
    label: F.satisfied,
    kind: "choice",
    mayBeBlank: true,
    options: [
      opt("satisfied", F.satisfiedYes),
      opt("basically", F.satisfiedBasically),
      opt("dissatisfied", F.satisfiedNo),
    ],
  },
];

const note: FormField = { name: "note", label: F.note, kind: "long" };
const reason = (label: string, phrases: readonly string[] = []): FormField => ({
  name: "reason",
  label,
  kind: "long",
  phrases,
});
const coUnits: FormField = { name: "coUnitIds", label: F.coUnits, kind: "units" };

const ASKED: { readonly [M in Move]: readonly FormField[] } = {
  sign: [],
  watch: [],
  recordCityClosing: [{ name: "reply", label: F.reply, kind: "long" }],
  replyDirectly: [{ name: "reply", label: F.reply, kind: "long" }],
  handleDirectly: [{ name: "reply", label: F.handled, kind: "long" }],
  dispatch: [
    { name: "leadUnitId", label: F.leadUnit, kind: "unit", required: true },
    coUnits,
    { name: "opinion", label: F.opinion, kind: "long", phrases: T.moves.phrases.opinion },
    { name: "designated", label: F.designated, kind: "check", hint: F.designatedHint },
  ],
  merge: [{ name: "into", label: F.mergeInto, kind: "ticket", required: true, hint: F.mergeHint }],
  unmerge: [],
  accept: [],
  contact: [
    {
      name: "way",
      label: F.contactWay,
      kind: "choice",
      required: true,
      start: F.ways[0],
      options: F.ways.map((way) => opt(way, way)),
    },
    { name: "note", label: F.contactNote, kind: "long", phrases: T.moves.phrases.contact },
  ],
  report: [
    {
      name: "outcome",
      label: F.outcome,
      kind: "choice",
      required: true,
      options: [
        opt("solved", F.outcomeSolved),
        opt("partly", F.outcomePartly),
        opt("unsolved", F.outcomeUnsolved),
        opt("explained", F.outcomeExplained),
      ],
    },
    { name: "text", label: F.report, kind: "long", hint: F.reportHint },
  ],
  askExtension: [
    { name: "ground", label: F.extensionGround, kind: "ground", required: true },
    { name: "days", label: F.extensionDays, kind: "days", required: true },
    { name: "reason", label: F.extensionReason, kind: "long", hint: F.extensionReasonHint },
  ],
  grantExtension: [{ name: "opinion", label: F.answer, kind: "long", hint: F.answerHint }],
  refuseExtension: [
    { name: "opinion", label: F.extensionRefusal, kind: "long", phrases: T.moves.phrases.refuseExtension },
  ],
  askPause: [
    { name: "ground", label: F.pauseGround, kind: "ground", required: true },
    { name: "days", label: F.pauseDays, kind: "days", required: true },
    { name: "evidence", label: F.pauseEvidence, kind: "long", hint: F.pauseEvidenceHint },
    { name: "reason", label: F.pauseReason, kind: "long", hint: F.answerHint },
  ],
  grantPause: [{ name: "opinion", label: F.answer, kind: "long", hint: F.answerHint }],
  refusePause: [
    { name: "opinion", label: F.extensionRefusal, kind: "long", phrases: T.moves.phrases.refusePause },
  ],
  endPause: [{ name: "note", label: F.pauseEndNote, kind: "long", hint: F.answerHint }],
  returnToCentre: [
    { name: "kind", label: F.returnKind, kind: "ground", required: true },
    { name: "ground", label: F.returnGround, kind: "long", phrases: T.moves.phrases.ground },
    { name: "evidence", label: F.returnEvidence, kind: "long" },
    { name: "suggestUnit", label: F.suggestUnit, kind: "unitName", hint: F.suggestUnitHint },
  ],
  acceptReturn: [note],
  refuseReturn: [reason(F.refuseReason)],
  openOwnership: [reason(F.ownershipReason)],
  rule: [
    { name: "leadUnitId", label: F.leadUnit, kind: "unit", required: true },
    coUnits,
    { name: "basis", label: F.basis, kind: "long" },
  ],
  rerule: [
    { name: "leadUnitId", label: F.leadUnit, kind: "unit", required: true },
    coUnits,
    { name: "basis", label: F.basis, kind: "long" },
  ],
  applyWithdraw: [{ name: "ground", label: F.withdrawGround, kind: "long" }],
  acceptWithdraw: [note],
  rejectWithdraw: [reason(F.cityReason)],
  passReview: [note],
  rework: [reason(F.reworkReason, T.moves.phrases.rework)],
  callback: [
    {
      name: "outcome",
      label: F.callOutcome,
      kind: "choice",
      start: "answered",
      options: [opt("answered", F.answered), opt("refused", F.refused)],
    },
    ...ANSWERS,
    {
      name: "reason",
      label: F.callReason,
      kind: "long",
      hint: F.callReasonHint,
      phrases: T.moves.phrases.callReason,
    },
    note,
  ],
  callbackMissed: [{ name: "note", label: F.note, kind: "long", phrases: T.moves.phrases.missed }],
  approveClosing: [note],
  refuseReply: [reason(F.refuseReplyReason)],
  reopen: [reason(F.reopenReason)],
  shelve: [reason(F.shelveReason)],
  unshelve: [note],
  urge: [{ name: "text", label: F.urgeText, kind: "long", phrases: T.moves.phrases.urge }],
  note: [{ name: "text", label: F.noteText, kind: "long" }],
  correct: [
    {
      name: "fields.level",
      label: F.level,
      kind: "choice",
      options: [opt("1", F.level1), opt("2", F.level2), opt("3", F.level3), opt("4", F.level4)],
    },
    { name: "fields.title", label: F.title, kind: "short", of: "title" },
    { name: "fields.kind", label: F.kind, kind: "short", of: "kind" },
    { name: "fields.category1", label: F.category1, kind: "short", of: "category1" },
    { name: "fields.category2", label: F.category2, kind: "short", of: "category2" },
    { name: "fields.category3", label: F.category3, kind: "short", of: "category3" },
    { name: "fields.street", label: F.street, kind: "short", of: "street" },
    { name: "fields.community", label: F.community, kind: "short", of: "community" },
    { name: "fields.address", label: F.address, kind: "short", of: "address" },
  ],
  cityResult: [
    {
      name: "outcome",
      label: F.cityOutcome,
      kind: "choice",
      mayBeBlank: true,
      options: [opt("answered", F.answered), opt("missed", F.missed), opt("refused", F.refused)],
    },
    ...ANSWERS,
    { name: "reason", label: F.callReason, kind: "long" },
    {
      name: "scope",
      label: F.scope,
      kind: "choice",
      mayBeBlank: true,
      options: [opt("full", F.scopeFull), opt("responseOnly", F.scopeResponse), opt("exempt", F.scopeExempt)],
    },
    { name: "scopeNote", label: F.scopeNote, kind: "short" },
  ],
};

/** The form of a move, with the text marked that the guard refuses when blank: one table says both. */
export function formOf(move: Move): readonly FormField[] {
  const needed = REQUIRED_TEXT[move]?.field;
  return ASKED[move].map((field) => (field.name === needed ? { ...field, required: true } : field));
}

/** The same as it stands with what is chosen: a return is asked for what its ground needs. */
export function formFor(move: Move, ticket: TicketDetail, values: FormValues): readonly FormField[] {
  if (move !== "returnToCentre") return formOf(move);
  const ground = ticket.guards.returns.grounds.find((each) => each.code === values.kind);
  return formOf(move).map((field) => {
    if (field.name === "evidence")
      return {
        ...field,
        required: ground?.evidenceNeeded ?? false,
        hint: ground ? F.returnEvidenceHint(ground.evidence) : undefined,
      };
    return field.name === "suggestUnit" && ground?.unitNeeded
      ? { ...field, required: true, hint: undefined }
      : field;
  });
}

/** The move that a ticket in this state is usually waiting for: the button in front. */
const MAIN: Readonly<Record<TicketState, Move | null>> = {
  received: "sign",
  triage: "dispatch",
  watching: "recordCityClosing",
  dispatched: "accept",
  handling: "report",
  rework: "accept",
  returnReview: "acceptReturn",
  ownership: "rule",
  reported: "passReview",
  calling: "callback",
  replied: "approveClosing",
  closing: "approveClosing",
  withdrawing: "acceptWithdraw",
  withdrawRejected: "dispatch",
  shelved: "unshelve",
  closed: null,
  withdrawn: null,
  merged: null,
  voided: null,
};

export function mainMove(ticket: TicketDetail): Move | null {
  const state: [string, Move | null] | undefined = Object.entries(MAIN).find(([key]) => key === ticket.state);
  if (ticket.moves.includes("grantExtension")) return "grantExtension";
  if (ticket.moves.includes("grantPause")) return "grantPause";
  if (ticket.state === "handling" && leadOf(ticket)?.contactedAt === null) return "contact";
  return state?.[1] ?? null;
}

/** The lead assignment of the round that is running. */
function leadOf(ticket: TicketDetail): Assignment | undefined {
  return ticket.assignments.find((a) => a.part === "lead" && a.round === ticket.round && a.endedAt === null);
}

export type FormValue = string | readonly string[] | boolean | undefined;
export type FormValues = Readonly<Record<string, FormValue>>;

/** What the form starts with. */
export function startValues(move: Move, ticket: TicketDetail): FormValues {
  return Object.fromEntries(formOf(move).map((field) => [field.name, startValue(field, ticket)]));
}

function startValue(field: FormField, ticket: TicketDetail): FormValue {
  switch (field.kind) {
    case "units":
      return [];
    case "check":
      return false;
    case "ground":
      return undefined;
    case "choice":
      return field.name === "fields.level" ? String(ticket.level) : field.start;
    case "short": {
      const now = field.of && ticket[field.of];
      return typeof now === "string" ? now : "";
    }
    default:
      return "";
  }
}

/** The first required field that is still empty; null when the form may be sent. */
export function missingField(fields: readonly FormField[], values: FormValues): FormField | null {
  const empty = (value: FormValue) =>
    value === undefined || (typeof value === "string" && value.trim() === "");
  return fields.find((field) => field.required && empty(values[field.name])) ?? null;
}

/** The input as the server reads it: blanks of choices left out or null, corrections only where something changed. */
export function inputOf(move: Move, values: FormValues, ticket: TicketDetail): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  const start = startValues(move, ticket);
  for (const field of formOf(move)) {
    const value = values[field.name];
    const [outer = "", inner] = field.name.split(".");
    if (inner === undefined) {
      if (field.kind === "days") input[outer] = Number(value);
      else input[outer] = value === undefined && field.kind === "choice" ? null : value;
      continue;
    }
    const group = groupOf(input, outer);
    if (value === undefined || (outer === "fields" && value === start[field.name])) continue;
    group[inner] = field.name === "fields.level" ? Number(value) : value;
  }
  // cited beside the form, not in a field of it
  if (CITES.includes(move) && Array.isArray(values.precedents) && values.precedents.length > 0)
    input.precedents = values.precedents;
  if (move === "callback" && values.outcome === "refused") input.answers = {};
  return input;
}

const CITES: readonly Move[] = ["dispatch", "rule", "rerule"];

function groupOf(input: Record<string, unknown>, name: string): Record<string, unknown> {
  const group: Record<string, unknown> = {};
  const known = input[name];
  if (typeof known === "object" && known !== null) Object.assign(group, known);
  input[name] = group;
  return group;
}
