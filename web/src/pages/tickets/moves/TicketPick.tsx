/** Picks another ticket by its number or words: the main one of a merge. */
import { useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useState } from "react";
import { fewTickets } from "../../../api/queries.ts";
import type { TicketDetail } from "../../../api/types.ts";
import { T } from "../../../texts.ts";

const FOUND = 10;

export function TicketPick(props: {
  id: string;
  ticket: TicketDetail;
  value: string;
  onChange: (id: string) => void;
}) {
  const [words, setWords] = useState("");
  const found = useQuery({ ...fewTickets({ q: words.trim() }, FOUND), enabled: words.trim().length >= 2 });
  const rows = (found.data?.rows ?? []).filter((row) => row.id !== props.ticket.id);
  return (
    <Select
      id={props.id}
      style={{ width: "100%" }}
      value={props.value || null}
      placeholder={T.moves.ticketHint}
      showSearch={{ filterOption: false, onSearch: setWords }}
      notFoundContent={words.trim().length < 2 ? T.moves.ticketHint : T.command.none}
      options={rows.map((row) => ({ value: row.id, label: `${row.number} ${row.title || row.excerpt}` }))}
      onChange={(id) => props.onChange(id ?? "")}
    />
  );
}
