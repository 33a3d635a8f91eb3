/** 搜索与命令 (Ctrl+K). Ticket numbers and words, pages and commands, from one box. */
import { sideOf } from "@jiesu/core/ticket/role.ts";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Input } from "antd";
import { type ReactNode, useEffect, useId, useMemo, useState } from "react";
import { bodyOf, http } from "../api/client.ts";
import { fewTickets, queuesQuery } from "../api/queries.ts";
import { hasRole, rolesOf, useSession, works } from "../api/session.ts";
import type { TicketRow } from "../api/types.ts";
import { signOut } from "../pages/session/signOut.ts";
import { T } from "../texts.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { useMode } from "../ui/mode.tsx";
import { Tag } from "../ui/Tag.tsx";
import { NEW_TICKET, navFor } from "./nav.tsx";

interface Option {
  readonly key: string;
  readonly group: string;
  readonly mark: ReactNode;
  readonly text: string;
  readonly aside?: string;
  readonly run: () => void;
}

const FOUND = 8;
const REST_MS = 250;

export default function CommandBox({ onClose }: { onClose: () => void }) {
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const listId = useId();
  const words = useRested(typed.trim());
  const tickets = useFound(words, onClose);
  const commands = useCommands(onClose).filter((c) => matches(c.text, typed));
  const options = [...tickets.options, ...commands];
  const chosen = Math.min(at, options.length - 1);
  return (
    <Dialog title={T.command.title} onClose={onClose} width={620}>
      <Input
        className="command-input"
        size="large"
        autoFocus
        role="combobox"
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={options[chosen] ? `${listId}-${chosen}` : undefined}
        aria-label={T.command.hint}
        placeholder={T.command.hint}
        value={typed}
        onChange={(e) => {
          setTyped(e.target.value);
          setAt(0);
        }}
        onKeyDown={(e) => {
          if (e.nativeEvent.isComposing) return;
          if (e.key === "ArrowDown") setAt(Math.min(chosen + 1, options.length - 1));
          else if (e.key === "ArrowUp") setAt(Math.max(chosen - 1, 0));
          else if (e.key === "Enter") options[chosen]?.run();
          else return;
          e.preventDefault();
        }}
      />
      <div id={listId} role="listbox" aria-label={T.command.results} className="command-list scrolls">
        {options.map((option, i) => (
          <Row
            key={option.key}
            id={`${listId}-${i}`}
            option={option}
            heading={option.group === options[i - 1]?.group ? null : option.group}
            chosen={i === chosen}
          />
        ))}
      </div>
      {options.length === 0 && (
        <p className="quiet">{tickets.searching ? T.command.searching : T.command.none}</p>
      )}
    </Dialog>
  );
}

function Row(props: { id: string; option: Option; heading: string | null; chosen: boolean }) {
  const { option } = props;
  useEffect(() => {
    if (props.chosen) document.getElementById(props.id)?.scrollIntoView({ block: "nearest" });
  }, [props.chosen, props.id]);
  return (
    <>
      {props.heading && <h3 role="presentation">{props.heading}</h3>}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/useFocusableInteractive: keys are answered by the box */}
      <div
        id={props.id}
        role="option"
        aria-selected={props.chosen}
        className="command-option"
        onClick={option.run}
      >
        <span>{option.mark}</span>
        <span>{option.text}</span>
        {option.aside && <span className="quiet">{option.aside}</span>}
      </div>
    </>
  );
}

/** Tickets whose number or words match; four digits are tried as the end of a telephone number where that is allowed. */
function useFound(words: string, onClose: () => void) {
  const session = useSession();
  const navigate = useNavigate();
  const asked = works(session) && words.length >= 2;
  const byWords = useQuery({ ...fewTickets({ q: words }, FOUND), enabled: asked });
  const tail = /^\d{4}$/.test(words) && rolesOf(session).some((r) => sideOf(r) === "centre");
  const byPhone = useQuery({
    queryKey: ["tickets", "phone", words],
    queryFn: () => bodyOf(http.POST("/api/tickets/find-by-phone", { body: { phone: words } })),
    enabled: tail,
    retry: false,
  });
  const option = (group: string) => (row: TicketRow) => ({
    key: `${group} ${row.id}`,
    group,
    mark: <Tag>{row.stateZh}</Tag>,
    text: `${row.number}  ${row.title || row.excerpt}`,
    run: () => {
      onClose();
      void navigate({ to: "/tickets/$id", params: { id: row.id } });
    },
  });
  return {
    searching: (asked && byWords.isFetching) || (tail && byPhone.isFetching),
    options: [
      ...(asked ? (byWords.data?.rows ?? []).map(option(T.command.tickets)) : []),
      ...(tail ? (byPhone.data?.rows ?? []).map(option(T.command.byPhone)) : []),
    ] satisfies Option[],
  };
}

function useCommands(onClose: () => void): readonly Option[] {
  const session = useSession();
  const navigate = useNavigate();
  const queues = useQuery(queuesQuery(session));
  const { mode, toggle } = useMode();
  return useMemo(() => {
    const command = (group: string, text: string, run: () => void, aside?: string): Option => ({
      key: `${group} ${text}`,
      group,
      mark: "→",
      text,
      ...(aside ? { aside } : {}),
      run: () => {
        onClose();
        run();
      },
    });
    return [
      ...(queues.data ?? []).map((q) =>
        command(
          T.command.queues,
          q.zh,
          () => void navigate({ to: "/tickets", search: { queue: q.key } }),
          String(q.count),
        ),
      ),
      ...navFor(rolesOf(session)).map((item) =>
        command(T.command.pages, item.zh, () => void navigate({ to: item.to })),
      ),
      ...(hasRole(session, ...NEW_TICKET.roles)
        ? [command(T.command.commands, T.nav.newTicket, () => void navigate({ to: "/intake/new" }))]
        : []),
      command(T.command.commands, mode === "light" ? T.frame.toDark : T.frame.toLight, toggle),
      command(T.command.commands, T.session.changePassword, () => void navigate({ to: "/me" })),
      command(T.command.commands, T.session.signOut, () => void signOut()),
    ];
  }, [queues.data, session, navigate, mode, toggle, onClose]);
}

function matches(text: string, typed: string): boolean {
  return typed.trim() === "" || text.toLowerCase().includes(typed.trim().toLowerCase());
}

/** What has been typed, once the hands rest. */
function useRested(words: string): string {
  const [rested, setRested] = useState(words);
  useEffect(() => {
    const timer = setTimeout(() => setRested(words), REST_MS);
    return () => clearTimeout(timer);
  }, [words]);
  return rested;
}
