/** 框架. Navigation by role at the left, one search at the top, who I am; the page fills the rest. */
import {
  DownOutlined,
  MoonOutlined,
  QuestionCircleOutlined,
  SearchOutlined,
  SunOutlined,
} from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Link, Outlet } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from "react";
import { useHotkeys } from "react-hotkeys-hook";
import { useLiveStream } from "../api/live.ts";
import { queuesQuery } from "../api/queries.ts";
import { hasRole, rolesOf, useSession, works } from "../api/session.ts";
import { signOut } from "../pages/session/signOut.ts";
import { T } from "../texts.ts";
import { KeyHelp } from "../ui/KeyHelp.tsx";
import { usePageKeyGroups } from "../ui/keys.ts";
import { useMode } from "../ui/mode.tsx";
import { Count } from "../ui/Tag.tsx";
import { Toasts } from "../ui/toasts.tsx";
import { NEW_TICKET, navFor, waitingCount } from "./nav.tsx";
import "./frame.css";

const loadCommandBox = () => import("./CommandBox.tsx");
const CommandBox = lazy(loadCommandBox);

export function Frame() {
  const session = useSession();
  const pageKeys = usePageKeyGroups();
  const [searching, setSearching] = useState(false);
  const [helping, setHelping] = useState(false);
  useLiveStream(works(session));
  useHotkeys("mod+k", () => setSearching(true), { preventDefault: true, enableOnFormTags: true });
  useQuestionMark(() => setHelping(true));
  // Fetched once the page stands, so that what is typed right after Ctrl+K finds its box.
  useEffect(() => {
    const timer = setTimeout(() => void loadCommandBox(), AFTER_FIRST_PAINT_MS);
    return () => clearTimeout(timer);
  }, []);
  const keys = useMemo(() => [...pageKeys, T.frame.keys], [pageKeys]);
  return (
    <div className="frame">
      <a className="skip" href="#main">
        {T.frame.skip}
      </a>
      <NavRail />
      <header className="topbar">
        <button type="button" className="search-button" onClick={() => setSearching(true)}>
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
          <ModeButton />
          <button
            type="button"
            className="icon-button"
            aria-label={T.frame.help}
            title={T.frame.help}
            onClick={() => setHelping(true)}
          >
            <QuestionCircleOutlined aria-hidden="true" />
          </button>
          <WhoAmI />
        </div>
      </header>
      <main id="main" className="frame-main" tabIndex={-1}>
        <Outlet />
      </main>
      <Toasts />
      {helping && <KeyHelp groups={keys} onClose={() => setHelping(false)} />}
      {searching && (
        <Suspense>
          <CommandBox onClose={() => setSearching(false)} />
        </Suspense>
      )}
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

function NavRail() {
  const session = useSession();
  const queues = useQuery(queuesQuery(session));
  return (
    <nav className="rail" aria-label={T.frame.nav}>
      <ul>
        {navFor(rolesOf(session)).map((item) => {
          const waiting = waitingCount(item, queues.data ?? []);
          return (
            <li key={item.to}>
              <Link
                to={item.to}
                className="rail-item"
                activeOptions={{ exact: item.to === "/", includeSearch: false }}
                activeProps={{ "data-active": true, "aria-current": "page" }}
              >
                <span className="rail-icon" aria-hidden="true">
                  {item.icon}
                </span>
                <span>{item.zh}</span>
                {waiting > 0 && (
                  <span className="rail-count">
                    <span className="sr">{T.frame.waiting}</span>
                    <Count value={waiting} />
                  </span>
                )}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
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
