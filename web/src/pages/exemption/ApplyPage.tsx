/** 申请不纳入考核. One round of one ticket: the ground with its list of evidence, the last day in sight. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Select } from "antd";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { useSession } from "../../api/session.ts";
import { EXEMPTION } from "../../texts/exemption.ts";
import { T } from "../../texts.ts";
import { DetailPanel, Facts } from "../../ui/DetailPanel.tsx";
import { dayText } from "../../ui/dates.ts";
import { Field } from "../../ui/Field.tsx";
import { PageShell } from "../../ui/PageShell.tsx";
import { EmptyState, Failed, Loading, Notice } from "../../ui/States.tsx";
import { say } from "../../ui/toasts.tsx";
import { useDraft } from "../../ui/useDraft.ts";
import { DraftNote } from "../tickets/moves/DraftNote.tsx";
import { Effect } from "./Effect.tsx";
import { EvidenceForm, NOTHING_SAID, piecesOf, type Said } from "./EvidenceForm.tsx";
import { WritingGuard } from "./ExemptionGuard.tsx";
import { type Ground, groundsQuery, type OpenRound, renew, roundsQuery } from "./queries.ts";
import "./exemption.css";

const X = EXEMPTION;

export default function ApplyPage() {
  const { ticket = "0", round } = useSearch({ from: "/exemption/new" });
  const grounds = useQuery(groundsQuery);
  const rounds = useQuery(roundsQuery(ticket));
  const failed = grounds.error ?? rounds.error;
  const found = rounds.data?.find((each) => round === undefined || String(each.round) === round);
  return (
    <PageShell
      title={X.applyTitle}
      about={X.aboutUnit}
      actions={
        <Link to="/exemption" search={{}}>
          {X.backToList}
        </Link>
      }
    >
      {failed ? (
        <Failed sentence={sentenceOf(failed)} />
      ) : !grounds.data || !rounds.data ? (
        <Loading what={T.loading} />
      ) : found ? (
        <Apply
          round={found}
          grounds={grounds.data.grounds}
          source={X.rulesOf(grounds.data.name, grounds.data.source)}
        />
      ) : (
        <EmptyState title={X.openNone}>{X.openNoneAbout}</EmptyState>
      )}
    </PageShell>
  );
}

interface Draft extends Said {
  readonly ground: string | null;
}

function Apply(props: { round: OpenRound; grounds: readonly Ground[]; source: string }) {
  const { round, grounds } = props;
  const session = useSession();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const empty: Draft = { ...NOTHING_SAID, ground: null };
  const draft = useDraft(`${session.login}.${round.ticketId}.exempt-${round.round}`, empty);
  const ground = grounds.find((each) => each.code === draft.value.ground);
  const send = async (reason: string, evidence: { kind: string; text: string; file: string | null }[]) => {
    if (!ground) return;
    const body = { ticketId: round.ticketId, round: round.round, ground: ground.code, reason, evidence };
    const made = await bodyOf(http.POST("/api/exemptions", { body }));
    draft.drop();
    say(X.submitted);
    renew(queries, round.ticketId);
    await navigate({ to: "/exemption/$id", params: { id: made.id }, replace: true });
  };
  return (
    <div className="case">
      <div>
        <DetailPanel title={X.application}>
          {draft.word && <DraftNote word={draft.word} />}
          {round.mayApply ? (
            <div className="case-form">
              <Field
                label={X.pickGround}
                required
                hint={
                  ground &&
                  X.groundOf(
                    scopeZh(ground.scope),
                    ground.decidedBy === "centre" ? X.decidedBy.centre : X.decidedBy.city,
                  )
                }
              >
                {(control) => (
                  <Select
                    {...control}
                    style={{ width: "100%" }}
                    value={draft.value.ground}
                    options={grounds.map((each) => ({ value: each.code, label: each.name }))}
                    onChange={(code: string | null) => draft.set({ ground: code })}
                  />
                )}
              </Field>
              {ground && (
                <EvidenceForm
                  key={ground.code}
                  ticketId={round.ticketId}
                  evidence={ground.evidence}
                  said={draft.value}
                  set={draft.set}
                  submit={X.submit}
                  send={send}
                />
              )}
            </div>
          ) : (
            <Notice tone="near">{round.whyNot}</Notice>
          )}
        </DetailPanel>
      </div>
      <div>
        <DetailPanel title={X.number}>
          <Facts
            of={[
              [
                X.number,
                <Link key="ticket" to="/tickets/$id" params={{ id: round.ticketId }}>
                  {round.number}
                </Link>,
              ],
              [X.what, round.title],
              [X.unit, `${round.unit.name} · ${X.round(round.round)}`],
              [X.because, round.because.join("、")],
              [X.countedAt, dayText(round.countedAt)],
              [X.applyBy, `${dayText(round.applyBy)}（${X.daysLeft(round.daysLeft)}）`],
            ]}
          />
          <p className="quiet field-gap">{props.source}</p>
        </DetailPanel>
        {ground && round.mayApply && (
          <WritingGuard
            written={{
              ...{
                ticketId: round.ticketId,
                round: round.round,
                ground: ground.code,
                reason: draft.value.reason,
              },
              evidence: piecesOf(draft.value, ground.evidence),
            }}
          />
        )}
        {ground && (
          <Effect
            ticketId={round.ticketId}
            round={round.round}
            to={ground.scope === "responseOnly" ? "responseOnly" : "exempt"}
          />
        )}
      </div>
    </div>
  );
}

function scopeZh(scope: string): string {
  return scope === "responseOnly" ? X.scope.responseOnly : X.scope.exempt;
}
