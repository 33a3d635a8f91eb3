/** 工单. Everything about one ticket that a decision needs, side by side, and the moves that are mine now. */
import { isMove, type Move, stepOf } from "@jiesu/core/ticket/lifecycle.ts";
import { useQuery } from "@tanstack/react-query";
import { Suspense, useEffect, useMemo, useRef, useState } from "react";
import { useHotkeys } from "react-hotkeys-hook";
import { usePresence } from "../../api/presence.ts";
import { sentenceOf } from "../../api/problem.ts";
import { ticketQuery } from "../../api/queries.ts";
import { useSession } from "../../api/session.ts";
import type { TicketDetail } from "../../api/types.ts";
import { T } from "../../texts.ts";
import { type PageCommand, usePageCommands } from "../../ui/commands.ts";
import { hasDraft } from "../../ui/drafts.ts";
import type { KeyGroup } from "../../ui/KeyHelp.tsx";
import { usePageKeys } from "../../ui/keys.ts";
import { useMedia } from "../../ui/mode.tsx";
import { part } from "../../ui/part.tsx";
import { ScrollRegion } from "../../ui/ScrollRegion.tsx";
import { Failed, Loading } from "../../ui/States.tsx";
import { useDraftsHeard } from "../../ui/useDraft.ts";
import { OfferedPrecedents } from "../ownership/Offered.tsx";
import { formOf, mainMove } from "./moves/forms.ts";
import { MoveButtons } from "./moves/MoveButtons.tsx";
import { MoveForm } from "./moves/MoveForm.tsx";
import { useRefusal } from "./moves/outbox.ts";
import { PhoneBar } from "./moves/PhoneBar.tsx";
import { RefusalNotice } from "./moves/RefusalNotice.tsx";
import { draftKey, useMove } from "./moves/useMove.ts";
import { useTicketUploads } from "./moves/useTicketUploads.ts";
import { Assessed } from "./parts/Assessed.tsx";
import { Assignments } from "./parts/Assignments.tsx";
import { Attachments } from "./parts/Attachments.tsx";
import { Callbacks } from "./parts/Callbacks.tsx";
import { ExtensionAsked } from "./parts/ExtensionAsked.tsx";
import { Facts } from "./parts/Facts.tsx";
import { Head } from "./parts/Head.tsx";
import { KinTickets } from "./parts/Kin.tsx";
import { LostForm } from "./parts/LostForm.tsx";
import { PauseAsked } from "./parts/PauseAsked.tsx";
import { OthersWriting } from "./parts/People.tsx";
import { ReturnTerms } from "./parts/ReturnTerms.tsx";
import { SuggestedUnits } from "./parts/Suggestions.tsx";
import { Talks } from "./parts/Talks.tsx";
import { Text } from "./parts/Text.tsx";
import { Timeline } from "./parts/Timeline.tsx";
import { useFileDrop } from "./useFileDrop.ts";
import "./ticket.css";
import "./reading.css";
import "./timeline.css";
import "./work.css";

const OnTicket = part(() => import("../exemption/OnTicket.tsx"));
const Returns = part(() => import("../returns/OnTicket.tsx"));
const Ownership = part(() => import("../ownership/OnTicket.tsx"));
const Supervised = part(() => import("../supervision/OnTicket.tsx"));
const Urges = part(() => import("../urging/OnTicket.tsx"));
const Liaisons = part(() => import("../liaison/OnTicket.tsx"));

/** The moves about whose clocks and consequences the person is told before. */
const isReturning = (move: Move): boolean =>
  move === "returnToCentre" || move === "acceptReturn" || move === "refuseReturn";

type Moved = (before: TicketDetail, after: TicketDetail | null) => void;

export function TicketView(props: {
  readonly id: string;
  readonly onMoved: Moved;
  readonly autoMove?: Move;
  /** The moves' keys are wanted by others: several tickets are chosen in the list. */
  readonly keysOff?: boolean;
  /** Beside a list, where a link opens the whole page. */
  readonly inList?: boolean;
}) {
  const ticket = useQuery(ticketQuery(props.id));
  if (ticket.isPending) return <Loading what={T.loading} />;
  if (ticket.isError)
    return (
      <div className="ticket-failed">
        <Failed sentence={sentenceOf(ticket.error)} retry={() => void ticket.refetch()} />
      </div>
    );
  return <Loaded {...props} ticket={ticket.data} />;
}

function Loaded(props: Parameters<typeof TicketView>[0] & { ticket: TicketDetail }) {
  const { ticket, onMoved, autoMove } = props;
  const session = useSession();
  const moves = useMemo(() => ticket.moves.filter(isMove), [ticket.moves]);
  const [chosen, setChosen] = useState<Move | null>(() => startingMove(ticket, autoMove, session.login));
  const at = useMove(ticket);
  const onStreet = useMedia("(max-width: 640px)") && session.unit !== null && moves.length > 0;
  const drafts = moves.filter((move) => hasDraft(draftKey(session.login, ticket.id, move)));
  const refusal = useRefusal(ticket.id);
  const problem = at.problem ?? refusal?.problem ?? null;
  const heard = useDraftsHeard();
  // A refused move comes back with its form; a draft heard of from another computer opens as one left here would.
  useEffect(() => {
    if (refusal && formOf(refusal.move).length > 0) setChosen(refusal.move);
  }, [refusal]);
  const told = useRef(heard);
  useEffect(() => {
    if (heard === told.current) return;
    told.current = heard;
    setChosen((now) => now ?? startingMove(ticket, autoMove, session.login));
  }, [heard, ticket, autoMove, session.login]);
  const open = chosen !== null && moves.includes(chosen) ? chosen : null;
  useEffect(() => {
    if (chosen !== null && !moves.includes(chosen) && !hasDraft(draftKey(session.login, ticket.id, chosen)))
      setChosen(null);
  }, [chosen, moves, ticket.id, session.login]);

  const choose = async (move: Move) => {
    if (at.isPending) return;
    if (formOf(move).length > 0) return setChosen(move);
    if (props.inList && stepOf(move).to !== "same") {
      at.leave(move, {});
      return onMoved(ticket, null);
    }
    const after = await at.send(move, {});
    if (after !== undefined) onMoved(ticket, after);
  };
  const keyed = moves.filter((move) => stepOf(move).key !== null);
  useHotkeys(
    keyed.map((move) => stepOf(move).key ?? ""),
    (event, handler) => {
      const move = keyed.find((m) => stepOf(m).key === handler.keys?.join(""));
      if (!move) return;
      event.preventDefault();
      void choose(move);
    },
    { enabled: keyed.length > 0 && !props.keysOff },
    [keyed, ticket.version, at.isPending],
  );
  useHotkeys("esc", () => setChosen(null));
  usePageKeys(useMoveKeys(keyed));
  usePageCommands(useMoveCommands(moves, (move) => void choose(move)));

  const uploads = useTicketUploads(ticket, "page");
  const drop = useFileDrop(uploads.add);
  const [talking, setTalking] = useState(false);
  const [helping, setHelping] = useState(false);
  usePresence(ticket.id, open ?? (helping ? "co" : talking ? "talk" : "view"));

  const dispatching = open === "dispatch" || open === "rule";
  const lostForm = chosen !== null && open === null;
  return (
    <article
      className="ticket"
      aria-label={`${T.tickets.ticket} ${ticket.number}`}
      {...drop.handlers}
      data-dropping={drop.over || undefined}
    >
      <Head ticket={ticket} inList={props.inList ?? false} />
      {onStreet ? (
        <PhoneBar
          ticket={ticket}
          moves={moves}
          main={mainMove(ticket)}
          busy={at.isPending}
          drafts={drafts}
          onChoose={(move) => void choose(move)}
        />
      ) : (
        <MoveButtons
          ticket={ticket}
          moves={moves}
          main={mainMove(ticket)}
          open={open}
          busy={at.isPending}
          drafts={drafts}
          onChoose={(move) => void choose(move)}
        />
      )}
      {open === null && problem !== null && (
        <div className="ticket-notice">
          <RefusalNotice problem={problem} ticket={ticket} onOther={(move) => void choose(move)} />
        </div>
      )}
      {lostForm && <LostForm key={chosen} ticket={ticket} move={chosen} onClose={() => setChosen(null)} />}
      {open !== null && <OthersWriting ticketId={ticket.id} />}
      <div className="ticket-columns">
        <ScrollRegion className="ticket-main scrolls" label={T.tickets.reading}>
          <div className="ticket-text">
            <Text ticket={ticket} />
          </div>
          <div className="ticket-files">
            <Attachments ticket={ticket} uploads={uploads} />
          </div>
          <div className="ticket-timeline">
            <Timeline events={ticket.events} />
          </div>
        </ScrollRegion>
        <div className="ticket-side">
          <ScrollRegion className="ticket-work scrolls" label={T.tickets.work}>
            {open !== null && (
              <MoveForm
                key={`${ticket.id} ${open}`}
                ticket={ticket}
                move={open}
                onDone={(before, after) => {
                  setChosen(null);
                  onMoved(before, after);
                }}
                onClose={() => setChosen(null)}
                onOther={(move) => void choose(move)}
                leaves={props.inList ?? false}
                {...(dispatching
                  ? {
                      beside: (values, set) => (
                        <>
                          <OfferedPrecedents ticket={ticket} values={values} set={set} />
                          <SuggestedUnits ticket={ticket} values={values} set={set} />
                        </>
                      ),
                    }
                  : isReturning(open)
                    ? { beside: () => <ReturnTerms ticket={ticket} /> }
                    : {})}
              />
            )}
            {open === null && moves.includes("dispatch") && (
              <SuggestedUnits ticket={ticket} onPick={() => setChosen("dispatch")} />
            )}
            {open === null && (moves.includes("dispatch") || moves.includes("rule")) && (
              <OfferedPrecedents ticket={ticket} />
            )}
            <Suspense>
              <Ownership key={ticket.id} ticket={ticket} onMove={(move) => void choose(move)} />
            </Suspense>
            <Suspense>
              <Urges key={ticket.id} ticket={ticket} keysOff={props.keysOff ?? false} />
              <Supervised ticket={ticket} />
            </Suspense>
            <ExtensionAsked ticket={ticket} />
            <PauseAsked ticket={ticket} />
            {ticket.returns > 0 && (
              <Suspense>
                <Returns key={ticket.id} ticket={ticket} />
              </Suspense>
            )}
            <Assignments ticket={ticket} onWriting={setHelping} />
            <Callbacks callbacks={ticket.callbacks} ticketId={ticket.id} />
            <Assessed key={ticket.id} ticketId={ticket.id} version={ticket.version} />
            {ticket.assignments.length > 0 && (
              <Suspense>
                <OnTicket ticket={ticket} />
              </Suspense>
            )}
          </ScrollRegion>
          <ScrollRegion className="ticket-facts scrolls" label={T.tickets.about}>
            <Facts ticket={ticket} />
            <Talks ticket={ticket} onWriting={setTalking} />
            <Suspense>
              <Liaisons ticket={ticket} />
            </Suspense>
            <KinTickets ticket={ticket} />
          </ScrollRegion>
        </div>
      </div>
      {drop.over && (
        <div className="drop-here" aria-hidden="true">
          {T.ticket.files.drop(ticket.number)}
        </div>
      )}
    </article>
  );
}

/** The form that was open when the page was left, or the one that this desk always opens. */
function startingMove(ticket: TicketDetail, autoMove: Move | undefined, login: string): Move | null {
  if (autoMove && ticket.moves.some((move) => move === autoMove)) return autoMove;
  const main = mainMove(ticket);
  const drafts = ticket.moves.filter(isMove).filter((move) => hasDraft(draftKey(login, ticket.id, move)));
  return drafts.find((move) => move === main) ?? drafts[0] ?? null;
}

function useMoveKeys(keyed: readonly Move[]): readonly KeyGroup[] {
  const list = keyed.join(" ");
  return useMemo(
    () => [
      {
        title: T.tickets.moveKeys,
        keys: list
          .split(" ")
          .filter(isMove)
          .map((move) => ({ keys: [(stepOf(move).key ?? "").toUpperCase()], does: stepOf(move).zh })),
      },
      T.tickets.formKeys,
    ],
    [list],
  );
}

/** The moves by name, for the command box; always the one of this render, under a list that stays the same. */
function useMoveCommands(moves: readonly Move[], choose: (move: Move) => void): readonly PageCommand[] {
  const latest = useRef(choose);
  latest.current = choose;
  const named = moves.join(" ");
  return useMemo(
    () =>
      named
        .split(" ")
        .filter(isMove)
        .map((move) => {
          const { zh, key } = stepOf(move);
          return { key: move, text: zh, hotkey: key ?? undefined, run: () => latest.current(move) };
        }),
    [named],
  );
}
