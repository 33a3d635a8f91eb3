/** 工单上的催办. The urges of this ticket with their answers; the answer that is mine to give, one key away. */
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useMemo, useState } from "react";
import { useHotkeys } from "react-hotkeys-hook";
import { useSession } from "../../api/session.ts";
import type { TicketDetail } from "../../api/types.ts";
import { URGING } from "../../texts/urging.ts";
import { DetailPanel } from "../../ui/DetailPanel.tsx";
import { hasDraft } from "../../ui/drafts.ts";
import { usePageKeys } from "../../ui/keys.ts";
import { AnswerForm } from "./AnswerForm.tsx";
import { urgesOfTicket } from "./queries.ts";
import { UrgeAnswer, UrgeWords } from "./UrgeCard.tsx";

const U = URGING;
/** In sight at once. */
const FIRST = 3;

export default function OnTicket({ ticket, keysOff }: { ticket: TicketDetail; keysOff?: boolean }) {
  const session = useSession();
  const urges = useQuery(urgesOfTicket(ticket.id, ticket.version));
  const [writing, setWriting] = useState(() => hasDraft(`${session.login}.${ticket.id}.urge-answer`));
  const [all, setAll] = useState(false);
  const rows = urges.data?.rows ?? [];
  const mine = rows.find((urge) => urge.mayAnswer);
  // Where the move 催办 has the key, it keeps it: who urges does not answer by the same key.
  const keyed = mine !== undefined && !ticket.moves.includes("urge");
  useHotkeys(
    "u",
    (event) => {
      event.preventDefault();
      setWriting(true);
    },
    { enabled: keyed && !keysOff && !writing },
  );
  usePageKeys(
    useMemo(() => (keyed ? [{ title: U.title, keys: [{ keys: ["U"], does: U.answerIt }] }] : []), [keyed]),
  );
  if (rows.length === 0) return null;
  return (
    <DetailPanel
      title={`${U.onTicket} ${rows.length}`}
      extra={
        mine &&
        !writing && (
          <Button aria-keyshortcuts={keyed ? "u" : undefined} onClick={() => setWriting(true)}>
            {session.unit === null ? U.answerForUnit : U.answerIt}
            {keyed && <kbd>U</kbd>}
          </Button>
        )
      }
    >
      {mine && writing && <AnswerForm urge={mine} onDone={() => setWriting(false)} />}
      <ol className="urges-on-ticket">
        {rows.slice(0, all ? rows.length : FIRST).map((urge) => (
          <li key={urge.id}>
            <UrgeWords urge={urge} />
            <UrgeAnswer urge={urge} />
          </li>
        ))}
      </ol>
      {rows.length > FIRST && !all && (
        <button type="button" className="plain-button" onClick={() => setAll(true)}>
          {U.more} {rows.length - FIRST}
        </button>
      )}
    </DetailPanel>
  );
}
