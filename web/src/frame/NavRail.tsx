/** 主导航. Pages by work, with the count of work waiting for me; icons alone, or with words where there is room. */
import { MenuFoldOutlined, MenuUnfoldOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useKept } from "../api/preferences.ts";
import {
  dutyQuery,
  exemptionCountsQuery,
  incidentCountQuery,
  queuesQuery,
  shelvingCountsQuery,
  watchCountQuery,
} from "../api/queries.ts";
import { hasRole, rolesOf, useSession } from "../api/session.ts";
import type { Session } from "../api/types.ts";
import { T } from "../texts.ts";
import { useMedia } from "../ui/mode.tsx";
import { Count } from "../ui/Tag.tsx";
import { type NavGroup, type NavItem, navFor, waitingCount } from "./nav.tsx";

const WIDE = "open:rail";

/** Whether the rail shows its groups and words; chosen by the person, else by the screen. */
export function useWideRail(): { wide: boolean; set: (wide: boolean) => void } {
  const roomy = useMedia("(min-width: 1680px)");
  const phone = useMedia("(max-width: 640px)");
  const { value, keep } = useKept(WIDE);
  return { wide: !phone && (typeof value === "boolean" ? value : roomy), set: keep };
}

export function NavRail({ wide, setWide }: { wide: boolean; setWide: (wide: boolean) => void }) {
  const session = useSession();
  const items = navFor(rolesOf(session));
  const groups = Map.groupBy(items, (item) => item.group);
  const word = wide ? T.nav.narrow : T.nav.widen;
  return (
    <nav className="rail" data-wide={wide || undefined} aria-label={T.frame.nav} data-tour="nav">
      <div className="rail-groups">
        {[...groups].map(([group, members]) => (
          <Group key={group} group={group} items={members} wide={wide} session={session} />
        ))}
      </div>
      <button
        type="button"
        className="rail-fold"
        aria-label={word}
        aria-expanded={wide}
        title={word}
        onClick={() => setWide(!wide)}
      >
        {wide ? <MenuFoldOutlined aria-hidden="true" /> : <MenuUnfoldOutlined aria-hidden="true" />}
      </button>
    </nav>
  );
}

function Group(props: { group: NavGroup; items: readonly NavItem[]; wide: boolean; session: Session }) {
  const { group, items, wide } = props;
  const title = T.nav.groups[group];
  // One page alone needs no heading of its own.
  const headed = wide && items.length > 1;
  return (
    <section className="rail-group" aria-label={title}>
      {headed && <h2 className="rail-heading">{title}</h2>}
      <ul>
        {items.map((item) => (
          <Item key={item.to} item={item} session={props.session} />
        ))}
      </ul>
    </section>
  );
}

function Item({ item, session }: { item: NavItem; session: Session }) {
  const queues = useQuery(queuesQuery(session));
  const duty = useQuery(dutyQuery(session));
  const pending = item.to === "/duty" && waitsForMe(session, duty.data) ? 1 : 0;
  const waiting = waitingCount(item, queues.data ?? []) + pending + useCounted(item.to, session);
  return (
    <li>
      <Link
        to={item.to}
        className="rail-item"
        activeOptions={{ exact: item.to === "/", includeSearch: false }}
        activeProps={{ "data-active": true, "aria-current": "page" }}
      >
        <span className="rail-icon" aria-hidden="true">
          {item.icon}
        </span>
        <span className="rail-word">{item.zh}</span>
        {waiting > 0 && (
          <span className="rail-count">
            <span className="sr">{T.frame.waiting}</span>
            <Count value={waiting} />
          </span>
        )}
      </Link>
    </li>
  );
}

/** Applications that wait for this person, where the page counts its own. */
function useCounted(to: NavItem["to"], session: Session): number {
  const exemptions = useQuery({ ...exemptionCountsQuery(session), enabled: to === "/exemption" });
  const shelvings = useQuery({ ...shelvingCountsQuery(session), enabled: to === "/shelving" });
  const incidents = useQuery({ ...incidentCountQuery, enabled: to === "/incidents" });
  const watched = useQuery({ ...watchCountQuery, enabled: to === "/watch" });
  if (to === "/incidents") return incidents.data?.waiting ?? 0;
  if (to === "/watch") return watched.data?.open ?? 0;
  if (to === "/exemption") return exemptions.data?.waiting ?? 0;
  return to === "/shelving" ? (shelvings.data?.waiting ?? 0) : 0;
}

/** Whether a hand-over waits for this person to take it over. */
export function waitsForMe(
  session: Session,
  duty: { me: string; handover: { userId: string; taken: unknown } | null } | undefined,
): boolean {
  const handover = duty?.handover;
  return (
    hasRole(session, "shiftLead") && !!handover && handover.taken === null && handover.userId !== duty.me
  );
}
