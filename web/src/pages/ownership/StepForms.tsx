/** 办理表单. The form of every step of a case; what is typed is kept until it is sent. */
import type { CaseStep } from "@jiesu/core/ownership/steps.ts";
import { useQueryClient } from "@tanstack/react-query";
import { Input, Segmented } from "antd";
import type { ReactNode } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { useSession } from "../../api/session.ts";
import { OWNERSHIP } from "../../texts/ownership.ts";
import { Field } from "../../ui/Field.tsx";
import { Notice } from "../../ui/States.tsx";
import { say } from "../../ui/toasts.tsx";
import { useDraft } from "../../ui/useDraft.ts";
import { DraftNote } from "../tickets/moves/DraftNote.tsx";
import {
  type Article,
  Articles,
  Attendance,
  type Attendee,
  FileField,
  Line,
  type NamedFile,
  SendForm,
  UnitField,
  UnitsField,
  Words,
  written,
} from "./parts.tsx";
import { caseQuery, type OwnershipCase, renewOwnership } from "./queries.ts";

const O = OWNERSHIP;

interface FormProps {
  readonly of: OwnershipCase;
  readonly onClose: () => void;
}

export function StepForm(props: FormProps & { readonly step: CaseStep }) {
  const Form = FORMS[props.step];
  return <Form of={props.of} onClose={props.onClose} />;
}

/** The draft of a step, and how it is sent: the case comes back as it then is. */
function useStep<T extends object>({ of: one, onClose }: FormProps, step: CaseStep, start: T) {
  const { login } = useSession();
  const queries = useQueryClient();
  const draft = useDraft<T>(`${login}.${one.ticket.id}.ownership-${one.id}-${step}`, start);
  const send = async (ask: () => Promise<OwnershipCase>) => {
    const after = await ask();
    draft.drop();
    queries.setQueryData(caseQuery(one.id).queryKey, after);
    renewOwnership(queries, one.ticket.id);
    say(O.done(O.steps[step]));
    onClose();
  };
  const note = draft.word ? <DraftNote word={draft.word} /> : null;
  return { value: draft.value, set: draft.set, send, note, params: { path: { id: one.id } } };
}

const filled = (words: string): boolean => words.trim().length >= 2;
const ids = (files: readonly NamedFile[]): string[] => files.map((file) => file.id);

function Claim(props: FormProps) {
  const { of: one } = props;
  const session = useSession();
  const own = one.claims.find((each) => each.unit.id === session.unit?.id)?.claim;
  const { value, set, send, note, params } = useStep(props, "claim", {
    unitId: null as string | null,
    position: own?.position ?? ("notMine" as "mine" | "shared" | "notMine"),
    statement: own?.statement ?? "",
    articles: (own?.articles ?? []) as readonly Article[],
    suggest: own?.suggest?.id ?? null,
    files: (own?.files ?? []) as readonly NamedFile[],
  });
  const forOther = session.unit === null;
  return (
    <SendForm
      label={O.steps.claim}
      ready={filled(value.statement) && !(forOther && value.unitId === null)}
      onClose={props.onClose}
      send={() =>
        send(() =>
          bodyOf(
            http.POST("/api/ownership/cases/{id}/claims", {
              params,
              body: {
                unitId: forOther ? value.unitId : null,
                ...{ position: value.position, statement: value.statement, suggestUnitId: value.suggest },
                ...{ articles: written(value.articles), files: ids(value.files) },
              },
            }),
          ),
        )
      }
    >
      {note}
      {forOther && (
        <UnitField
          label={O.forUnit}
          required
          among={one.parties}
          value={value.unitId}
          set={(unitId) => set({ unitId })}
        />
      )}
      <Field label={O.position} required>
        {(control) => (
          <Segmented
            {...control}
            options={(["mine", "shared", "notMine"] as const).map((each) => ({
              value: each,
              label: O.positions[each],
            }))}
            value={value.position}
            onChange={(position) => set({ position })}
          />
        )}
      </Field>
      <Words
        label={O.statement}
        required
        rows={3}
        value={value.statement}
        set={(statement) => set({ statement })}
      />
      <Articles of={value.articles} set={(articles) => set({ articles })} />
      {value.position !== "mine" && (
        <UnitField label={O.suggestUnit} value={value.suggest} set={(suggest) => set({ suggest })} />
      )}
      <FileField ticketId={one.ticket.id} lane="claim" of={value.files} set={(files) => set({ files })} />
    </SendForm>
  );
}

function Invite(props: FormProps) {
  const { value, set, send, note, params } = useStep(props, "invite", {
    unitId: null as string | null,
    note: "",
  });
  return (
    <SendForm
      label={O.steps.invite}
      ready={value.unitId !== null}
      onClose={props.onClose}
      send={() =>
        send(() =>
          bodyOf(
            http.POST("/api/ownership/cases/{id}/parties", {
              params,
              body: { unitId: value.unitId ?? "", note: value.note },
            }),
          ),
        )
      }
    >
      {note}
      <UnitField label={O.unit} required value={value.unitId} set={(unitId) => set({ unitId })} />
      <Words label={O.note} value={value.note} set={(words) => set({ note: words })} />
    </SendForm>
  );
}

function Site(props: FormProps) {
  const { of: one } = props;
  const { value, set, send, note, params } = useStep(props, "site", {
    text: one.site.text,
    files: one.site.files as readonly NamedFile[],
  });
  return (
    <SendForm
      label={O.steps.site}
      ready={filled(value.text)}
      onClose={props.onClose}
      send={() =>
        send(() =>
          bodyOf(
            http.POST("/api/ownership/cases/{id}/site", {
              params,
              body: { text: value.text, files: ids(value.files) },
            }),
          ),
        )
      }
    >
      {note}
      <Words label={O.site} required rows={3} value={value.text} set={(text) => set({ text })} />
      <FileField ticketId={one.ticket.id} lane="site" of={value.files} set={(files) => set({ files })} />
    </SendForm>
  );
}

/** A civil time of Beijing as the browser's own control writes it, as an instant. */
const instantOf = (local: string): string => new Date(`${local}:00+08:00`).toISOString();

function CallMeeting(props: FormProps) {
  const { value, set, send, note, params } = useStep(props, "callMeeting", {
    kind: "onSite" as "onSite" | "office",
    at: "",
    place: "",
    agenda: "",
  });
  return (
    <SendForm
      label={O.steps.callMeeting}
      ready={value.at !== "" && value.place.trim() !== ""}
      onClose={props.onClose}
      send={() =>
        send(() =>
          bodyOf(
            http.POST("/api/ownership/cases/{id}/meeting", {
              params,
              body: {
                kind: value.kind,
                startsAt: instantOf(value.at),
                place: value.place,
                agenda: value.agenda,
              },
            }),
          ),
        )
      }
    >
      {note}
      <Field label={O.kind}>
        {(control) => (
          <Segmented
            {...control}
            options={(["onSite", "office"] as const).map((each) => ({ value: each, label: O.kinds[each] }))}
            value={value.kind}
            onChange={(kind) => set({ kind })}
          />
        )}
      </Field>
      <Field label={O.startsAt} required>
        {(control) => (
          <Input
            {...control}
            type="datetime-local"
            style={{ width: 220 }}
            value={value.at}
            onChange={(e) => set({ at: e.target.value })}
          />
        )}
      </Field>
      <Line label={O.where} required value={value.place} set={(place) => set({ place })} />
      <Words label={O.agenda} value={value.agenda} set={(agenda) => set({ agenda })} />
    </SendForm>
  );
}

function CancelMeeting(props: FormProps) {
  const { value, set, send, note, params } = useStep(props, "cancelMeeting", { note: "" });
  return (
    <SendForm
      label={O.steps.cancelMeeting}
      ready
      onClose={props.onClose}
      send={() =>
        send(() =>
          bodyOf(
            http.POST("/api/ownership/cases/{id}/meeting/cancel", { params, body: { note: value.note } }),
          ),
        )
      }
    >
      {note}
      <Words label={O.note} value={value.note} set={(words) => set({ note: words })} />
    </SendForm>
  );
}

function Minutes(props: FormProps) {
  const { of: one } = props;
  const { value, set, send, note, params } = useStep(props, "minutes", {
    attendance: one.parties.map((unit) => ({
      ...{ unitId: unit.id, name: "", post: "", presence: "present" as const },
    })) as readonly Attendee[],
    minutes: "",
    files: [] as readonly NamedFile[],
  });
  const named = value.attendance.filter((each) => each.name.trim() !== "");
  return (
    <SendForm
      label={O.steps.minutes}
      ready={named.length > 0 && filled(value.minutes)}
      onClose={props.onClose}
      send={() =>
        send(() =>
          bodyOf(
            http.POST("/api/ownership/cases/{id}/meeting/minutes", {
              params,
              body: { attendance: named, minutes: value.minutes, files: ids(value.files) },
            }),
          ),
        )
      }
    >
      {note}
      <Attendance of={value.attendance} parties={one.parties} set={(attendance) => set({ attendance })} />
      <Words label={O.minutes} required rows={4} value={value.minutes} set={(minutes) => set({ minutes })} />
      <FileField ticketId={one.ticket.id} lane="minutes" of={value.files} set={(files) => set({ files })} />
    </SendForm>
  );
}

function Opine(props: FormProps) {
  const { of: one } = props;
  const { value, set, send, note, params } = useStep(props, "opine", {
    lead: one.opinion?.lead.id ?? null,
    co: (one.opinion?.co.map((unit) => unit.id) ?? []) as readonly string[],
    text: one.opinion?.text ?? "",
    articles: (one.opinion?.articles ?? []) as readonly Article[],
  });
  return (
    <SendForm
      label={O.steps.opine}
      ready={value.lead !== null && filled(value.text)}
      onClose={props.onClose}
      send={() =>
        send(() =>
          bodyOf(
            http.POST("/api/ownership/cases/{id}/opinion", {
              params,
              body: {
                ...{ leadUnitId: value.lead ?? "", coUnitIds: [...value.co] },
                ...{ text: value.text, articles: written(value.articles) },
              },
            }),
          ),
        )
      }
    >
      {note}
      <UnitField label={O.leadUnit} required value={value.lead} set={(lead) => set({ lead })} />
      <UnitsField label={O.coUnits} value={value.co} set={(co) => set({ co })} />
      <Words label={O.opinionText} required rows={3} value={value.text} set={(text) => set({ text })} />
      <Articles of={value.articles} set={(articles) => set({ articles })} />
    </SendForm>
  );
}

function ReportUp(props: FormProps) {
  const { value, set, send, note, params } = useStep(props, "reportUp", { to: "", note: "" });
  return (
    <SendForm
      label={O.steps.reportUp}
      ready={value.to.trim() !== ""}
      onClose={props.onClose}
      send={() => send(() => bodyOf(http.POST("/api/ownership/cases/{id}/report", { params, body: value })))}
    >
      {note}
      <Line label={O.to} required value={value.to} set={(to) => set({ to })} />
      <Words label={O.reportNote} value={value.note} set={(words) => set({ note: words })} />
    </SendForm>
  );
}

function AnswerUp(props: FormProps) {
  const { value, set, send, note, params } = useStep(props, "answerUp", {
    decision: "agreed" as "agreed" | "other",
    ...{ text: "", from: props.of.report?.to ?? "", paper: "" },
  });
  return (
    <SendForm
      label={O.steps.answerUp}
      ready={filled(value.text) && value.from.trim() !== ""}
      onClose={props.onClose}
      send={() => send(() => bodyOf(http.POST("/api/ownership/cases/{id}/answer", { params, body: value })))}
    >
      {note}
      <Field label={O.decision}>
        {(control) => (
          <Segmented
            {...control}
            options={(["agreed", "other"] as const).map((each) => ({
              value: each,
              label: O.decisions[each],
            }))}
            value={value.decision}
            onChange={(decision) => set({ decision })}
          />
        )}
      </Field>
      <Words label={O.answerText} required value={value.text} set={(text) => set({ text })} />
      <Line label={O.answerFrom} required value={value.from} set={(from) => set({ from })} />
      <Line label={O.answerPaper} value={value.paper} set={(paper) => set({ paper })} />
    </SendForm>
  );
}

/** 裁定 and 改判 ask the same. */
function Ruling(props: FormProps & { step: "rule" | "change"; notices: ReactNode }) {
  const { of: one, step } = props;
  const from = step === "rule" ? one.opinion : null;
  const { value, set, send, note, params } = useStep(props, step, {
    lead: from?.lead.id ?? null,
    co: (from?.co.map((unit) => unit.id) ?? []) as readonly string[],
    ...{ basis: "", reasons: from?.text ?? "" },
    articles: (from?.articles ?? []) as readonly Article[],
  });
  const body = {
    ...{ leadUnitId: value.lead ?? "", coUnitIds: [...value.co], basis: value.basis, reasons: value.reasons },
    articles: written(value.articles),
  };
  return (
    <SendForm
      label={O.steps[step]}
      ready={value.lead !== null && filled(value.basis)}
      onClose={props.onClose}
      submit={O.steps[step]}
      send={() =>
        send(() =>
          step === "rule"
            ? bodyOf(http.POST("/api/ownership/cases/{id}/rule", { params, body }))
            : bodyOf(http.POST("/api/ownership/cases/{id}/change", { params, body })),
        )
      }
    >
      {note}
      {props.notices}
      <UnitField label={O.leadUnit} required value={value.lead} set={(lead) => set({ lead })} />
      <UnitsField label={O.coUnits} value={value.co} set={(co) => set({ co })} />
      <Words label={O.basis} required value={value.basis} set={(basis) => set({ basis })} />
      <Words label={O.reasons} rows={3} value={value.reasons} set={(reasons) => set({ reasons })} />
      <Articles of={value.articles} set={(articles) => set({ articles })} />
    </SendForm>
  );
}

function Rule(props: FormProps) {
  const { of: one } = props;
  const silent = one.claims.filter((each) => each.standing === "none").map((each) => each.unit.name);
  return (
    <Ruling
      {...props}
      step="rule"
      notices={
        <>
          <Notice>{O.rulingHint}</Notice>
          {one.opinion === null && <Notice tone="near">{O.noOpinionYet}</Notice>}
          {silent.length > 0 && <Notice tone="near">{O.claimsMissing(silent.join("、"))}</Notice>}
        </>
      }
    />
  );
}

function Change(props: FormProps) {
  return <Ruling {...props} step="change" notices={<Notice tone="near">{O.changeHint}</Notice>} />;
}

function Appeal(props: FormProps) {
  const { of: one } = props;
  const { value, set, send, note, params } = useStep(props, "appeal", {
    reason: "",
    files: [] as readonly NamedFile[],
  });
  return (
    <SendForm
      label={O.steps.appeal}
      ready={filled(value.reason)}
      onClose={props.onClose}
      send={() =>
        send(() =>
          bodyOf(
            http.POST("/api/ownership/cases/{id}/appeal", {
              params,
              body: { reason: value.reason, files: ids(value.files) },
            }),
          ),
        )
      }
    >
      {note}
      <Words
        label={O.appealReason}
        required
        rows={3}
        hint={O.appealHint}
        value={value.reason}
        set={(reason) => set({ reason })}
      />
      <FileField ticketId={one.ticket.id} lane="appeal" of={value.files} set={(files) => set({ files })} />
    </SendForm>
  );
}

function Uphold(props: FormProps) {
  const { value, set, send, note, params } = useStep(props, "uphold", { reasons: "" });
  return (
    <SendForm
      label={O.steps.uphold}
      ready={filled(value.reasons)}
      onClose={props.onClose}
      send={() => send(() => bodyOf(http.POST("/api/ownership/cases/{id}/uphold", { params, body: value })))}
    >
      {note}
      <Words label={O.upheldBy} required value={value.reasons} set={(reasons) => set({ reasons })} />
    </SendForm>
  );
}

/** A step of the table without a form does not compile. */
const FORMS: { readonly [S in CaseStep]: (props: FormProps) => ReactNode } = {
  invite: Invite,
  claim: Claim,
  site: Site,
  callMeeting: CallMeeting,
  cancelMeeting: CancelMeeting,
  minutes: Minutes,
  opine: Opine,
  reportUp: ReportUp,
  answerUp: AnswerUp,
  rule: Rule,
  appeal: Appeal,
  uphold: Uphold,
  change: Change,
};
