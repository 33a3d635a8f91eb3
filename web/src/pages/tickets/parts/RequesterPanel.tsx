/** 诉求人. Masked; shown in clear for a stated reason, which goes on record, and only until the page is left. */
import { EyeOutlined } from "@ant-design/icons";
import { Button, Input } from "antd";
import { type FormEvent, useState } from "react";
import { bodyOf, http } from "../../../api/client.ts";
import { sentenceOf } from "../../../api/problem.ts";
import type { Clear, TicketDetail } from "../../../api/types.ts";
import { T } from "../../../texts.ts";
import { DetailPanel, Facts } from "../../../ui/DetailPanel.tsx";
import { Dialog } from "../../../ui/Dialog.tsx";
import { Field } from "../../../ui/Field.tsx";
import { Phrases } from "../../../ui/Phrases.tsx";
import { Notice } from "../../../ui/States.tsx";

export function RequesterPanel({ ticket }: { ticket: TicketDetail }) {
  const [asking, setAsking] = useState(false);
  const [clear, setClear] = useState<Clear | null>(null);
  const R = T.tickets.requester;
  if (!ticket.requester)
    return (
      <DetailPanel title={R.title}>
        <p className="quiet">{R.none}</p>
      </DetailPanel>
    );
  const shown = clear ?? ticket.requester;
  return (
    <DetailPanel
      title={R.title}
      extra={
        clear === null && (
          <Button type="link" icon={<EyeOutlined aria-hidden="true" />} onClick={() => setAsking(true)}>
            {R.reveal}
          </Button>
        )
      }
    >
      <Facts
        of={[
          [R.name, shown.name],
          [R.phone, clear?.phone ? <Dial key="dial" phone={clear.phone} /> : shown.phone],
          [R.account, shown.account],
        ]}
      />
      {clear?.content && (
        <>
          <p className="quiet field-gap">{R.clearText}</p>
          <p className="ticket-content">{clear.content}</p>
        </>
      )}
      {clear === null && ticket.requester.textMasked && <p className="quiet">{R.textMasked}</p>}
      {clear !== null && <p className="quiet field-gap">{R.onRecord}</p>}
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
    </DetailPanel>
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
