/** 一件放行申请. What stops the step, the words that were looked at, why it is asked; the second person's two answers. */
import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Input } from "antd";
import { useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { useSession } from "../../api/session.ts";
import { GUARDS } from "../../texts/guards.ts";
import { T } from "../../texts.ts";
import { minuteText } from "../../ui/dates.ts";
import { Field } from "../../ui/Field.tsx";
import { Failed } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { say } from "../../ui/toasts.tsx";
import { useDraft } from "../../ui/useDraft.ts";
import { type Override, renewOverrides } from "./queries.ts";

const P = GUARDS.page;

export function OverrideRow({ row, second }: { row: Override; second: boolean }) {
  return (
    <li className="card urge-row" aria-label={`${row.stepZh} ${row.number}`}>
      <div className="urge-ticket">
        <Link to="/tickets/$id" params={{ id: row.ticketId }}>
          {row.number}
        </Link>
        <span>{row.title}</span>
        <span className="quiet">{row.stepZh}</span>
        <span>
          <Tag tone={row.state === "asked" ? "near" : "plain"}>{row.stateZh}</Tag>
        </span>
      </div>
      <div className="urge-words">
        {row.stops.map((stop) => (
          <p key={stop.key}>
            <strong>{stop.name}</strong> {stop.said}
          </p>
        ))}
        {row.words !== "" && (
          <p className="quiet urge-text">
            {P.words}：{row.words}
          </p>
        )}
        <p className="urge-text">
          {P.reason}：{row.reason}
        </p>
        <p className="quiet">
          {P.askedBy(row.askedBy, minuteText(row.askedAt))} · {P.until(minuteText(row.expiresAt))}
        </p>
      </div>
      <div className="urge-outcome">
        {row.state === "asked" && second && !row.mine ? (
          <Decide row={row} />
        ) : row.decidedBy !== null && row.decidedAt !== null ? (
          <div className="urge-answer">
            {row.opinion !== "" && <p className="urge-text">{row.opinion}</p>}
            <p className="quiet">{P.decided(row.decidedBy, minuteText(row.decidedAt))}</p>
          </div>
        ) : (
          row.state === "asked" && row.mine && <span className="quiet">{P.own}</span>
        )}
      </div>
    </li>
  );
}

function Decide({ row }: { row: Override }) {
  const session = useSession();
  const queries = useQueryClient();
  const draft = useDraft(`${session.login}.${row.ticketId}.override-${row.id}`, { opinion: "" });
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const decide = async (granted: boolean) => {
    setBusy(true);
    setRefused(null);
    try {
      const body = { granted, opinion: draft.value.opinion };
      await bodyOf(http.POST("/api/overrides/{id}/decide", { params: { path: { id: row.id } }, body }));
      draft.drop();
      say(granted ? P.granted : P.refusedDone);
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
    } finally {
      setBusy(false);
      renewOverrides(queries);
    }
  };
  return (
    <form
      className="urge-answer-form"
      aria-label={`${T.moves.confirm(P.title)} ${row.number}`}
      onSubmit={(e) => e.preventDefault()}
    >
      <Field label={P.opinion} hint={P.opinionHint}>
        {(control) => (
          <Input.TextArea
            {...control}
            autoSize={{ minRows: 2, maxRows: 6 }}
            maxLength={2000}
            value={draft.value.opinion}
            onChange={(e) => draft.set({ opinion: e.target.value })}
          />
        )}
      </Field>
      {refused !== null && <Failed sentence={refused} />}
      <div className="form-foot">
        <Button type="primary" loading={busy} onClick={() => void decide(true)}>
          {P.grant}
        </Button>
        <Button loading={busy} onClick={() => void decide(false)}>
          {P.refuse}
        </Button>
      </div>
    </form>
  );
}
