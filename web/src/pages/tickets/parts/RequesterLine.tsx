/** 诉求人. Masked; shown in clear for a stated reason, which goes on record, and only until the page is left. */
import { EyeOutlined } from "@ant-design/icons";
import { Button, Input } from "antd";
import { type FormEvent, useId, useState } from "react";
import { bodyOf, http } from "../../../api/client.ts";
import { sentenceOf } from "../../../api/problem.ts";
import type { Clear, TicketDetail } from "../../../api/types.ts";
import { T } from "../../../texts.ts";
import { Dialog } from "../../../ui/Dialog.tsx";
import { Field } from "../../../ui/Field.tsx";
import { Phrases } from "../../../ui/Phrases.tsx";
import { Notice } from "../../../ui/States.tsx";

export function RequesterLine({ ticket }: { ticket: TicketDetail }) {
  const [asking, setAsking] = useState(false);
  const [clear, setClear] = useState<Clear | null>(null);
  const R = T.tickets.requester;
  const id = useId();
  if (!ticket.requester)
    return (
      <p className="ticket-requester quiet">
        {R.title}：{R.none}
      </p>
    );
  const shown = clear ?? ticket.requester;
  return (
    <section className="ticket-requester" aria-labelledby={id}>
      <div className="requester-line">
        <h4 id={id}>{R.title}</h4>
        <span>{shown.name}</span>
        {clear?.phone ? <Dial phone={clear.phone} /> : <span>{shown.phone}</span>}
        {shown.account && (
          <span>
            {R.account} {shown.account}
          </span>
        )}
        {clear === null ? (
          <Button
            type="link"
            size="small"
            icon={<EyeOutlined aria-hidden="true" />}
            onClick={() => setAsking(true)}
          >
            {R.reveal}
          </Button>
        ) : (
          <span className="quiet">{R.onRecord}</span>
        )}
        {clear === null && ticket.requester.textMasked && <span className="quiet">{R.textMasked}</span>}
      </div>
      {clear?.content && (
        <>
          <p className="quiet">{R.clearText}</p>
          <p className="ticket-content">{clear.content}</p>
        </>
      )}
      {asking && (
        <RevealDialog
          ticketId={ticket.id}
          onClose={() => setAsking(false)}
          onClear={(found) => {
            setClear(found);
            setAsking(false);
          }}
        />
      )}
    </section>
  );
}

function RevealDialog(props: { ticketId: string; onClose: () => void; onClear: (clear: Clear) => void }) {
  const [reason, setReason] = useState("");
  const [refused, setRefused] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const R = T.tickets.requester;
  const reveal = async (event: FormEvent) => {
    event.preventDefault();
    if (reason.trim().length < 2) return setRefused(R.needReason);
    setBusy(true);
    try {
      props.onClear(
        await bodyOf(
          http.POST("/api/tickets/{id}/reveal", {
            params: { path: { id: props.ticketId } },
            body: { reason: reason.trim() },
          }),
        ),
      );
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
      setBusy(false);
    }
  };
  return (
    <Dialog title={R.revealTitle} onClose={props.onClose} width={440}>
      <form onSubmit={reveal}>
        <p className="quiet">{R.revealAbout}</p>
        <div className="field-gap">
          <Field label={R.reason} required>
            {(control) => (
              <Input
                {...control}
                autoFocus
                maxLength={200}
                value={reason}
                onChange={(e) => setReason(e.target.value)}
              />
            )}
          </Field>
        </div>
        <Phrases label={T.moves.phrasesLabel} phrases={R.reasons} onPick={setReason} />
        {refused && <Notice tone="wrong">{refused}</Notice>}
        <div className="dialog-foot">
          <Button onClick={props.onClose}>{T.cancel}</Button>
          <Button type="primary" htmlType="submit" loading={busy}>
            {R.revealConfirm}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Dial({ phone }: { phone: string }) {
  return <a href={`tel:${phone}`}>{phone}</a>;
}
