/** 搜索框里有什么. What is found for the words, what was used last, and every command this person has. */
import { sideOf } from "@jiesu/core/ticket/role.ts";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, useMemo, useState } from "react";
import { bodyOf, http } from "../api/client.ts";
import { queuesQuery } from "../api/queries.ts";
import { hasRole, rolesOf, useSession, works } from "../api/session.ts";
import type { TicketRow } from "../api/types.ts";
import { signOut } from "../pages/session/signOut.ts";
import { EVERY } from "../pages/tickets/search.ts";
import { T } from "../texts.ts";
import { usePageCommandList } from "../ui/commands.ts";
import { useMode } from "../ui/mode.tsx";
import { Tag } from "../ui/Tag.tsx";
import { NEW_TICKET, navFor } from "./nav.tsx";
import { beginTour } from "./touring.ts";

/** An address to come back to; its words never hold more than a ticket's number. */
export interface Link {
  readonly text: string;
  readonly href: string;
}

export interface Option {
  readonly key: string;
  readonly group: string;
  readonly mark: ReactNode;
  readonly text: string;
  readonly aside?: string;
  /** Kept among the last used. */
  readonly link?: Link;
  /** Goes on in the box itself. */
  readonly keepsOpen?: boolean;
  readonly run: () => void;
}

const FOUND = 8;
const RECENT = 6;
const words = T.command;

/** Tickets and units for the words; four digits may be looked up as the end of a telephone number, on demand. */
export function useFound(typed: string) {
  const session = useSession();
  const navigate = useNavigate();
  const [tailAsked, setTailAsked] = useState("");
  const phoneAllowed = rolesOf(session).some((role) => sideOf(role) === "centre");
  const asked = works(session) && [...typed].length >= 2;
  const search = useQuery({
    queryKey: ["search", typed],
    queryFn: () => bodyOf(http.GET("/api/search", { params: { query: { q: typed, limit: FOUND } } })),
    enabled: asked,
    retry: false,
    staleTime: 10_000,
  });
  const isTail = phoneAllowed && /^\d{4}$/.test(typed);
  const phone = useQuery({
    queryKey: ["tickets", "phone", typed],
    queryFn: () => bodyOf(http.POST("/api/tickets/find-by-phone", { body: { phone: typed } })),
    enabled: isTail && tailAsked === typed,
    retry: false,
    staleTime: 60_000,
  });
  const goTo = (href: string) => () => void navigate({ href });
  const ticket =
    (group: string) =>
    (row: TicketRow): Option => {
      const href = `/tickets/${row.id}`;
      return {
        key: `${group} ${row.id}`,
        group,
        mark: <Tag>{row.stateZh}</Tag>,
        text: `${row.number}  ${row.title || row.excerpt}`,
        ...(row.leadUnit ? { aside: row.leadUnit.name } : {}),
        link: { text: row.number, href },
        run: goTo(href),
      };
    };
  const options: Option[] = [];
  if (asked && search.data) {
    const { tickets, more, units } = search.data;
    options.push(...tickets.map(ticket(words.tickets)));
    const all = `/tickets?${new URLSearchParams({ queue: EVERY, q: typed })}`;
    if (more)
      options.push({
        key: "more",
        group: words.tickets,
        mark: "→",
        text: words.moreTickets(typed),
        run: goTo(all),
      });
    options.push(
      ...units.map((unit): Option => {
        const href = `/tickets?${new URLSearchParams({ queue: EVERY, unit: unit.id })}`;
        return {
          key: `unit ${unit.id}`,
          group: words.units,
          mark: "→",
          text: words.unitTickets(unit.name),
          link: { text: words.unitTickets(unit.shortName), href },
          run: goTo(href),
        };
      }),
    );
  }
  if (isTail) {
    const found = phone.data?.rows;
    if (found) options.push(...found.map(ticket(words.byPhone)));
    if (!found || found.length === 0)
      options.push({
        key: "phone",
        group: words.byPhone,
        mark: "→",
        text: found ? words.noPhone : words.findPhone(typed),
        keepsOpen: true,
        run: () => setTailAsked(typed),
      });
  }
  return {
    phoneAllowed,
    searching: (asked && search.isFetching) || phone.isFetching,
    options,
  };
}

/** Everything that can be done by name, from here. */
export function useCommands(onPanel: (panel: "help" | "inbox") => void): readonly Option[] {
  const session = useSession();
  const navigate = useNavigate();
  const queues = useQuery(queuesQuery(session));
  const here = usePageCommandList();
  const { mode, toggle } = useMode();
  return useMemo(() => {
    const command = (group: string, text: string, run: () => void, aside?: string): Option => ({
      key: `${group} ${text}`,
      group,
      mark: "→",
      text,
      ...(aside ? { aside } : {}),
      run,
    });
    const page = (text: string, href: string, aside?: string, group: string = words.pages): Option => ({
      ...command(group, text, () => void navigate({ href }), aside),
      link: { text, href },
    });
    return [
      ...here.map((c) => command(words.moves, c.text, c.run, c.hotkey?.toUpperCase())),
      ...(queues.data ?? []).map((q) =>
        page(q.zh, `/tickets?queue=${encodeURIComponent(q.key)}`, String(q.count), words.queues),
      ),
      ...navFor(rolesOf(session)).map((item) => page(item.zh, item.to)),
      ...(hasRole(session, ...NEW_TICKET.roles) ? [page(T.nav.newTicket, "/intake/new")] : []),
      ...(works(session)
        ? [command(words.commands, T.frame.inbox.title, () => onPanel("inbox"), "Alt+M")]
        : []),
      command(words.commands, T.frame.helpTitle, () => onPanel("help"), "?"),
      command(words.commands, T.frame.startTour, () => beginTour(0)),
      command(words.commands, mode === "light" ? T.frame.toDark : T.frame.toLight, toggle),
      command(words.commands, T.session.changePassword, () => void navigate({ to: "/me" })),
      command(words.commands, T.session.signOut, () => void signOut()),
    ];
  }, [here, queues.data, session, navigate, mode, toggle, onPanel]);
}

/** What this person opened from the box last, on this machine. */
export function useRecent() {
  const session = useSession();
  const navigate = useNavigate();
  const key = `jiesu.recent.${session.login}`;
  const links = linksIn(localStorage.getItem(key));
  return {
    options: links.map(
      (link): Option => ({
        key: `recent ${link.href}`,
        group: words.recent,
        mark: "→",
        text: link.text,
        link,
        run: () => void navigate({ href: link.href }),
      }),
    ),
    remember: (link: Link) => {
      const next = [link, ...links.filter((each) => each.href !== link.href)].slice(0, RECENT);
      localStorage.setItem(key, JSON.stringify(next));
    },
  };
}

function linksIn(text: string | null): readonly Link[] {
  try {
    const value: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(value) ? value.filter(isLink) : [];
  } catch {
    return [];
  }
}

function isLink(value: unknown): value is Link {
  const { text, href } = Object(value) as Record<string, unknown>;
  return typeof text === "string" && typeof href === "string" && /^\/(?!\/)/.test(href);
}
