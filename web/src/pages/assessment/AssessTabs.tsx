/** 考核各页. The pages of assessment beside one another, for those who may see them. */
import { Link } from "@tanstack/react-router";
import { useSession, works } from "../../api/session.ts";
import { LEDGER } from "../../texts/ledger.ts";
import "./ledger.css";

const PAGES = [
  { to: "/assessment", zh: LEDGER.tabs.rank },
  { to: "/assessment/rules", zh: LEDGER.tabs.rules },
  { to: "/assessment/closing", zh: LEDGER.tabs.closing },
  { to: "/assessment/discrepancies", zh: LEDGER.tabs.discrepancies },
  { to: "/assessment/accuracy", zh: LEDGER.tabs.accuracy },
] as const;

export function AssessTabs() {
  const session = useSession();
  if (!works(session) || session.unit !== null) return null;
  return (
    <nav className="assess-tabs" aria-label={LEDGER.tabs.label}>
      {PAGES.map((page) => (
        <Link key={page.to} to={page.to} activeOptions={{ exact: true, includeSearch: false }}>
          {page.zh}
        </Link>
      ))}
    </nav>
  );
}
