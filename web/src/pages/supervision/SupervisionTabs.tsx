/** 督办各页. The pages of supervision beside one another, for those who may see them. */
import { Link } from "@tanstack/react-router";
import { useSession } from "../../api/session.ts";
import { SUPERVISION } from "../../texts/supervision.ts";
import "../assessment/ledger.css";

const S = SUPERVISION.tabs;
const PAGES = [
  { to: "/supervision", zh: S.items, forUnits: true },
  { to: "/supervision/watched", zh: S.watched, forUnits: true },
  { to: "/supervision/summary", zh: S.summary, forUnits: true },
  { to: "/supervision/lists", zh: S.lists, forUnits: false },
] as const;

export function SupervisionTabs() {
  const session = useSession();
  return (
    <nav className="assess-tabs" aria-label={S.label}>
      {PAGES.filter((page) => session.unit === null || page.forUnits).map((page) => (
        <Link key={page.to} to={page.to} search={{}} activeOptions={{ exact: true, includeSearch: false }}>
          {page.zh}
        </Link>
      ))}
    </nav>
  );
}
