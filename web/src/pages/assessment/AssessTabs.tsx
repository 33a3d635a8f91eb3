/** 考核各页. The pages of assessment beside one another, for those who may see them. */
import { Link } from "@tanstack/react-router";
import { useSession, works } from "../../api/session.ts";
import { LEDGER } from "../../texts/ledger.ts";
import "./ledger.css";

const PAGES = [
  { to: "/assessment", zh: LEDGER.tabs.rank, forUnits: true },
  { to: "/assessment/sheets", zh: LEDGER.tabs.sheets, forUnits: true },
  { to: "/assessment/outlook", zh: LEDGER.tabs.outlook, forUnits: true },
  { to: "/assessment/rules", zh: LEDGER.tabs.rules },
  { to: "/assessment/adjustments", zh: LEDGER.tabs.adjustments },
  { to: "/assessment/units", zh: LEDGER.tabs.units },
  { to: "/assessment/closing", zh: LEDGER.tabs.closing },
  { to: "/assessment/city", zh: LEDGER.tabs.city },
  { to: "/assessment/discrepancies", zh: LEDGER.tabs.discrepancies },
  { to: "/assessment/accuracy", zh: LEDGER.tabs.accuracy },
  { to: "/assessment/reasons", zh: LEDGER.tabs.reasons },
  { to: "/assessment/measures", zh: LEDGER.tabs.measures },
] as const satisfies readonly { to: string; zh: string; forUnits?: true }[];

export function AssessTabs() {
  const session = useSession();
  if (!works(session)) return null;
  const pages = session.unit === null ? PAGES : PAGES.filter((page) => "forUnits" in page);
  return (
    <nav className="assess-tabs" aria-label={LEDGER.tabs.label}>
      {pages.map((page) => (
        <Link key={page.to} to={page.to} activeOptions={{ exact: true, includeSearch: false }}>
          {page.zh}
        </Link>
      ))}
      {session.unit !== null && (
        <Link
          to="/assessment/outlook/$unit"
          params={{ unit: session.unit.id }}
          activeOptions={{ exact: true, includeSearch: false }}
        >
          {LEDGER.tabs.levers}
        </Link>
      )}
    </nav>
  );
}
