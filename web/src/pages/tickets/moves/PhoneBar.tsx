/** 街面办理. A handler's ticket on a telephone: accept, call, photograph, report, each one big button under the thumb. */
import { EllipsisOutlined, FileDoneOutlined, InboxOutlined, PhoneOutlined } from "@ant-design/icons";
import { type Move, stepOf } from "@jiesu/core/ticket/lifecycle.ts";
import { type ReactNode, useState } from "react";
import type { TicketDetail } from "../../../api/types.ts";
import { T } from "../../../texts.ts";
import { FilePick, UploadList } from "../../../ui/FilePick.tsx";
import { CallSheet } from "./CallSheet.tsx";
import { useTicketUploads } from "./useTicketUploads.ts";
import "./phone.css";

/** The three moves that have a button of their own; the others wait behind "more". */
const BIG: readonly Move[] = ["accept", "contact", "report"];

export function PhoneBar(props: {
  readonly ticket: TicketDetail;
  readonly moves: readonly Move[];
  readonly main: Move | null;
  readonly busy: boolean;
  readonly drafts: readonly Move[];
  readonly onChoose: (move: Move) => void;
}) {
  const { ticket, moves, main, onChoose } = props;
  const uploads = useTicketUploads(ticket, "bar");
  const [calling, setCalling] = useState(false);
  const [more, setMore] = useState(false);
  const others = moves.filter((move) => !BIG.includes(move));
  const works = moves.some((move) => BIG.includes(move));
  const big = (move: "accept" | "contact" | "report", icon: ReactNode, onPress: () => void) =>
    moves.includes(move) && (
      <button
        type="button"
        className="phone-button"
        data-main={move === main || undefined}
        disabled={props.busy}
        onClick={onPress}
      >
        {icon}
        <span>{T.moves.phone[move]}</span>
        {props.drafts.includes(move) && <span className="draft-dot">{T.moves.draft}</span>}
      </button>
    );
  return (
    <div className="phone-bar">
      <UploadList uploads={uploads} showDone />
      {more && (
        <ul className="phone-more" aria-label={T.moves.phone.more}>
          {others.map((move) => (
            <li key={move}>
              <button
                type="button"
                onClick={() => {
                  setMore(false);
                  onChoose(move);
                }}
              >
                {stepOf(move).zh}
              </button>
            </li>
          ))}
        </ul>
      )}
      <div className="phone-buttons" role="toolbar" aria-label={T.moves.label}>
        {big("accept", <InboxOutlined aria-hidden="true" />, () => onChoose("accept"))}
        {big("contact", <PhoneOutlined aria-hidden="true" />, () => setCalling(true))}
        {works && <FilePick uploads={uploads} camera className="phone-button" />}
        {big("report", <FileDoneOutlined aria-hidden="true" />, () => onChoose("report"))}
        {others.length > 0 && (
          <button type="button" className="phone-button" aria-expanded={more} onClick={() => setMore(!more)}>
            <EllipsisOutlined aria-hidden="true" />
            <span>{T.moves.phone.more}</span>
          </button>
        )}
      </div>
      {calling && (
        <CallSheet
          ticket={ticket}
          onClose={() => setCalling(false)}
          onCalled={() => {
            setCalling(false);
            onChoose("contact");
          }}
        />
      )}
    </div>
  );
}
