/** 联系诉求人. The number for a stated reason, one press to dial, and the record of the contact filled in by the way. */
import { PhoneOutlined } from "@ant-design/icons";
import { Button, Input } from "antd";
import { useState } from "react";
import { bodyOf, http } from "../../../api/client.ts";
import { sentenceOf } from "../../../api/problem.ts";
import { useSession } from "../../../api/session.ts";
import type { TicketDetail } from "../../../api/types.ts";
import { T } from "../../../texts.ts";
import { Dialog } from "../../../ui/Dialog.tsx";
import { minuteText } from "../../../ui/dates.ts";
import { draftValue, keepDraft } from "../../../ui/drafts.ts";
import { Field } from "../../../ui/Field.tsx";
import { Notice } from "../../../ui/States.tsx";
import { startValues } from "./forms.ts";
import { draftKey } from "./useMove.ts";

const P = T.moves.phone;

export function CallSheet(props: { ticket: TicketDetail; onClose: () => void; onCalled: () => void }) {
  const { ticket } = props;
  const session = useSession();
  const [reason, setReason] = useState<string>(P.callReason);
  const [phone, setPhone] = useState<string | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const reveal = async () => {
    if (reason.trim().length < 2) return setRefused(T.tickets.requester.needReason);
    setBusy(true);
    setRefused(null);
    try {
      const params = { path: { id: ticket.id } };
      const body = { reason: reason.trim() };
      setPhone((await bodyOf(http.POST("/api/tickets/{id}/reveal", { params, body }))).phone);
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
    } finally {
      setBusy(false);
    }
  };
  /** Way and time of the contact, unless the person has begun to write it. */
  const prefill = () => {
    const key = draftKey(session.login, ticket.id, "contact");
    if (draftValue(key) !== null) return;
    const note = P.calledAt(minuteText(new Date().toISOString()));
    keepDraft(key, { ...startValues("contact", ticket), way: T.moves.fields.ways[0], note });
  };
  const called = () => {
    prefill();
    props.onCalled();
  };
  return (
    <Dialog title={P.callTitle} onClose={props.onClose} width={420}>
      {phone === null ? (
        <>
          <p className="quiet">{T.tickets.requester.revealAbout}</p>
          <div className="field-gap">
            <Field label={T.tickets.requester.reason} required>
              {(control) => (
                <Input
                  {...control}
                  maxLength={200}
                  value={reason}
                  onChange={(e) => setReason(e.target.value)}
                />
              )}
            </Field>
          </div>
          {refused && <Notice tone="wrong">{refused}</Notice>}
          <div className="call-steps">
            <Button type="primary" size="large" block loading={busy} onClick={() => void reveal()}>
              {P.showNumber}
            </Button>
            <Button size="large" block onClick={props.onCalled}>
              {P.recordOnly}
            </Button>
          </div>
        </>
      ) : (
        <div className="call-steps">
          {phone === "" ? (
            <Notice>{P.noNumber}</Notice>
          ) : (
            <a
              className="call-number"
              href={`tel:${phone}`}
              onClick={() => setTimeout(called, AFTER_DIALLING_MS)}
            >
              <PhoneOutlined aria-hidden="true" /> {P.dial(phone)}
            </a>
          )}
          <p className="quiet">{T.tickets.requester.onRecord}</p>
          <Button size="large" block onClick={called}>
            {P.recordContact}
          </Button>
        </div>
      )}
    </Dialog>
  );
}

/** The telephone takes the screen first; the form stands behind it when the call is over. */
const AFTER_DIALLING_MS = 300;
