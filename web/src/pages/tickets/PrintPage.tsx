/** 工单打印. What goes on the sheet at the left, the sheet as it will be at the right; each printing is put on record. */
import { PrinterOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Button, Checkbox, Input } from "antd";
import { useEffect, useState } from "react";
import { createPortal } from "react-dom";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { ticketQuery } from "../../api/queries.ts";
import { useSession } from "../../api/session.ts";
import { T } from "../../texts.ts";
import { Field } from "../../ui/Field.tsx";
import { useNow } from "../../ui/now.ts";
import { useTitle } from "../../ui/PageShell.tsx";
import { Phrases } from "../../ui/Phrases.tsx";
import { ScrollRegion } from "../../ui/ScrollRegion.tsx";
import { Failed, Loading, Notice } from "../../ui/States.tsx";
import { type Part, Sheet, type SheetData } from "./parts/Sheet.tsx";
import "./print.css";

const P = T.ticket.print;
const PARTS = Object.keys(P.part) as readonly Part[];

export default function PrintPage() {
  const { id } = useParams({ from: "/tickets/$id/print" });
  const session = useSession();
  const now = useNow();
  const ticket = useQuery(ticketQuery(id));
  const [parts, setParts] = useState<readonly Part[]>(PARTS.filter((part) => part !== "talks"));
  const [clear, setClear] = useState(false);
  const [reason, setReason] = useState("");
  const [refused, setRefused] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  /** What the server handed out for this printing; printed as soon as it is on the page. */
  const [handed, setHanded] = useState<SheetData | null>(null);
  useTitle(P.heading);
  useEffect(() => {
    if (handed === null) return;
    window.print();
    setHanded(null); // what was revealed for one sheet does not stay on the screen
  }, [handed]);
  if (ticket.isPending) return <Loading what={T.loading} />;
  if (ticket.isError)
    return <Failed sentence={sentenceOf(ticket.error)} retry={() => void ticket.refetch()} />;

  const print = async () => {
    setBusy(true);
    setRefused(null);
    try {
      const answer = await bodyOf(
        http.POST("/api/tickets/{id}/print", {
          params: { path: { id } },
          body: { parts: [...parts], clear, reason: clear ? reason.trim() : "" },
        }),
      );
      setHanded(answer);
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
    } finally {
      setBusy(false);
    }
  };
  const preview: SheetData = {
    ticket: ticket.data,
    requester: null,
    printedAt: new Date(now).toISOString(),
    printedBy: session.name,
  };
  return (
    <div className="print-page">
      <form
        className="print-choices scrolls"
        onSubmit={(event) => {
          event.preventDefault();
          void print();
        }}
      >
        <h1>{P.heading}</h1>
        <p className="quiet">{P.about}</p>
        <fieldset className="print-parts">
          <legend className="field-label">{P.parts}</legend>
          {PARTS.map((part) => (
            <Checkbox
              key={part}
              checked={parts.includes(part)}
              onChange={(e) =>
                setParts(PARTS.filter((p) => (p === part ? e.target.checked : parts.includes(p))))
              }
            >
              {P.part[part]}
            </Checkbox>
          ))}
        </fieldset>
        {ticket.data.requester && (
          <>
            <Checkbox checked={clear} onChange={(e) => setClear(e.target.checked)}>
              {P.clear}
            </Checkbox>
            <p className="quiet">{P.clearAbout}</p>
          </>
        )}
        {clear && (
          <>
            <Field label={P.reason} required>
              {(control) => (
                <Input
                  {...control}
                  maxLength={200}
                  value={reason}
                  onChange={(e) => setReason(e.target.value)}
                />
              )}
            </Field>
            <Phrases label={T.moves.phrasesLabel} phrases={P.reasons} onPick={setReason} />
          </>
        )}
        {refused && <Notice tone="wrong">{refused}</Notice>}
        <div className="print-go">
          <Button
            type="primary"
            htmlType="submit"
            loading={busy}
            icon={<PrinterOutlined aria-hidden="true" />}
          >
            {P.go}
          </Button>
          <Link to="/tickets/$id" params={{ id }}>
            {P.back}
          </Link>
        </div>
      </form>
      <ScrollRegion className="print-preview scrolls" label={P.preview}>
        <Sheet of={preview} parts={parts} />
      </ScrollRegion>
      {createPortal(
        <div className="print-root" aria-hidden="true">
          <Sheet of={handed ?? preview} parts={parts} />
        </div>,
        document.body,
      )}
    </div>
  );
}
