/** 考核各页. The pages of assessment beside one another, for those who may see them. */
import { Link } from "@tanstack/react-router";
import { useSession, works } from "../../api/session.ts";
import { T } from "../../texts.ts";
import "./ledger.css";

const PAGES = [
  { to: "/assessment", zh: T.ledger.tabs.rank },
  { to: "/assessment/rules", zh: T.ledger.tabs.rules },
  { to: "/assessment/closing", zh: T.ledger.tabs.closing },
  { to: "/assessment/discrepancies", zh: T.ledger.tabs.discrepancies },
  { to: "/assessment/accuracy", zh: T.ledger.tabs.accuracy },
] as const;

export function AssessTabs() {
  const session = useSession();
  if (!works(session) || session.unit !== null) return null;
  return (
    <nav className="assess-tabs" aria-label={T.ledger.tabs.label}>
      {PAGES.map((page) => (
        <Link key={page.to} to={page.to} activeOptions={{ exact: true, includeSearch: false }}>
          {page.zh}
        </Link>
      ))}
    </nav>
  );
}
