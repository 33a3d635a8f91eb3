/** 框架. Navigation by work at the left; the shift, one search, alarms, messages and who I am at the top. */
import {
  BellOutlined,
  DownOutlined,
  MoonOutlined,
  QuestionCircleOutlined,
  SearchOutlined,
  SunOutlined,
} from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Link, Outlet } from "@tanstack/react-router";
import { Suspense, useEffect, useRef, useState } from "react";
import { useHotkeys } from "react-hotkeys-hook";
import { useLiveStream } from "../api/live.ts";
import { unreadQuery } from "../api/queries.ts";
import { hasRole, useSession, works } from "../api/session.ts";
import { signOut } from "../pages/session/signOut.ts";
import { T } from "../texts.ts";
import { whenThere } from "../ui/arriving.ts";
import { useMode } from "../ui/mode.tsx";
import { part } from "../ui/part.tsx";
import { Count } from "../ui/Tag.tsx";
import { Toasts } from "../ui/toasts.tsx";
import { AlarmsButton } from "./Alarms.tsx";
import { NavRail, useWideRail } from "./NavRail.tsx";
import { NEW_TICKET } from "./nav.tsx";
import { ShiftBar } from "./ShiftBar.tsx";
import { useTour } from "./touring.ts";
import { UploadTray } from "./UploadTray.tsx";
import "./frame.css";

const loadCommandBox = () => import("./CommandBox.tsx");
const CommandBox = part(loadCommandBox);
const Help = part(() => import("./Help.tsx"));
const Inbox = part(() => import("./Inbox.tsx"));
const IncidentAlarms = part(() => import("./IncidentAlarms.tsx"));
const Tour = part(() => import("./Tour.tsx"));

type Panel = "search" | "help" | "inbox";

export function Frame() {
  const session = useSession();
  const [panel, setPanel] = useState<Panel | null>(null);
  const close = () => setPanel(null);
  const rail = useWideRail();
  const touring = useTour().running;
  useLiveStream(works(session));
  useHotkeys("mod+k", () => setPanel("search"), { preventDefault: true, enableOnFormTags: true });
  useHotkeys("alt+m", () => works(session) && setPanel("inbox"), {
    preventDefault: true,
    enableOnFormTags: true,
  });
  useQuestionMark(() => setPanel("help"));
  // Fetched once the page stands, so that what is typed right after Ctrl+K finds its box.
  useEffect(() => {
    const timer = setTimeout(() => void whenThere(loadCommandBox).catch(() => {}), AFTER_FIRST_PAINT_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className="frame" data-wide={rail.wide || undefined}>
      <a className="skip" href="#main">
        {T.frame.skip}
      </a>
      <NavRail wide={rail.wide} setWide={rail.set} />
      <header className="topbar">
        <ShiftBar />
        <button type="button" className="search-button" data-tour="search" onClick={() => setPanel("search")}>
          <SearchOutlined aria-hidden="true" />
          <span>{T.frame.search}</span>
          <kbd>Ctrl K</kbd>
        </button>
        <div className="topbar-right">
          {hasRole(session, ...NEW_TICKET.roles) && (
            <Link
              to="/intake/new"
              className="icon-button"
              aria-label={T.nav.newTicket}
              title={T.nav.newTicket}
            >
              {NEW_TICKET.icon}
            </Link>
          )}
          <UploadTray />
          <AlarmsButton />
          {works(session) && <InboxButton onClick={() => setPanel("inbox")} />}
          <ModeButton />
          <button
            type="button"
            className="icon-button"
            aria-label={T.frame.help}
            title={T.frame.help}
            data-tour="help"
            onClick={() => setPanel("help")}
          >
            <QuestionCircleOutlined aria-hidden="true" />
          </button>
          <WhoAmI />
        </div>
      </header>
      <main id="main" className="frame-main" tabIndex={-1}>
        {hasRole(session, "leader") && (
          <Suspense>
            <IncidentAlarms />
          </Suspense>
        )}
        <Outlet />
      </main>
      <Toasts />
      <Suspense>
        {panel === "help" && <Help onClose={close} />}
        {panel === "search" && <CommandBox onClose={close} onPanel={setPanel} />}
        {panel === "inbox" && <Inbox onClose={close} />}
        {touring && <Tour />}
      </Suspense>
    </div>
  );
}

const AFTER_FIRST_PAINT_MS = 1_200;

/** `?`, also the full-width one of a Chinese input method; not while something is being typed. */
function useQuestionMark(run: () => void): void {
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const typing =
        event.target instanceof HTMLElement && event.target.closest("input,textarea,select") !== null;
      if (typing || !["?", "？"].includes(event.key)) return;
      event.preventDefault();
      latest.current();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}

function InboxButton({ onClick }: { onClick: () => void }) {
  const unread = useQuery(unreadQuery(useSession())).data ?? 0;
  const label = T.frame.inbox.label(unread);
  return (
    <button
      type="button"
      className="icon-button counted"
      aria-label={label}
      title={label}
      data-tour="inbox"
      onClick={onClick}
    >
      <BellOutlined aria-hidden="true" />
      {unread > 0 && <Count value={unread} />}
    </button>
  );
}

function ModeButton() {
  const { mode, toggle } = useMode();
  const word = mode === "light" ? T.frame.toDark : T.frame.toLight;
  return (
    <button type="button" className="icon-button" aria-label={word} title={word} onClick={toggle}>
      {mode === "light" ? <MoonOutlined aria-hidden="true" /> : <SunOutlined aria-hidden="true" />}
    </button>
  );
}

function WhoAmI() {
  const session = useSession();
  const [open, setOpen] = useState(false);
  const roles = session.roles.map((held) => held.zh).join("、");
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: leaving the menu closes it
    <div
      className="who"
      onBlur={(e) => !e.currentTarget.contains(e.relatedTarget) && setOpen(false)}
      onKeyDown={(e) => e.key === "Escape" && setOpen(false)}
    >
      <button type="button" className="who-button" aria-expanded={open} onClick={() => setOpen(!open)}>
        <span className="who-name">{session.name}</span>
        <span className="who-roles">{session.unit ? `${session.unit.name} · ${roles}` : roles}</span>
        <DownOutlined aria-hidden="true" style={{ fontSize: 10 }} />
      </button>
      {open && (
        <div className="who-menu">
          <p className="quiet">
            {T.session.signedInAs} {session.login}
          </p>
          <Link to="/me" onClick={() => setOpen(false)}>
            {T.session.changePassword}
          </Link>
          <button type="button" onClick={() => void signOut()}>
            {T.session.signOut}
          </button>
        </div>
      )}
    </div>
  );
}
