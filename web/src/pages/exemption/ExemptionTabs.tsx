/** 不纳入考核各页: applications, batches to the city, the city's outcomes; units have the first alone. */
import { Link } from "@tanstack/react-router";
import { useSession, works } from "../../api/session.ts";
import { SENDING } from "../../texts/exemptioncity.ts";
import "../assessment/ledger.css";

const PAGES = [
  { to: "/exemption", zh: SENDING.applications },
  { to: "/exemption/batches", zh: SENDING.batches },
  { to: "/exemption/outcomes", zh: SENDING.outcomes },
] as const;

export function ExemptionTabs() {
  const session = useSession();
  if (!works(session) || session.unit !== null) return null;
  return (
    <nav className="assess-tabs" aria-label={SENDING.tabs}>
      {PAGES.map((page) => (
        <Link
          key={page.to}
          to={page.to}
          activeOptions={{ exact: page.to === "/exemption", includeSearch: false }}
        >
          {page.zh}
        </Link>
      ))}
    </nav>
  );
}
