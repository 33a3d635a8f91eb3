/** 值班盯办. The list of the shift by reason, where items went, and the sweep for tickets that nobody holds. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Segmented } from "antd";
import { hasRole, useSession } from "../../api/session.ts";
import { WATCH } from "../../texts/watch.ts";
import { usePageKeys } from "../../ui/keys.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { Leavings } from "./Leavings.tsx";
import { Sweeps } from "./Sweeps.tsx";
import type { WatchTab } from "./search.ts";
import { WatchList } from "./WatchList.tsx";
import "../exemption/exemption.css";
import "./watch.css";

const TABS: readonly WatchTab[] = ["list", "leavings", "sweep"];

export default function WatchPage() {
  const session = useSession();
  const navigate = useNavigate({ from: "/watch" });
  const { tab = "list" } = useSearch({ from: "/watch" });
  usePageKeys(WATCH.keys);
  const sweeps = hasRole(session, "shiftLead", "leader");
  return (
    <PageShell title={WATCH.title} about={WATCH.about}>
      <div className="list-tabs">
        <Segmented
          aria-label={WATCH.views}
          options={TABS.filter((each) => each !== "sweep" || sweeps).map((each) => ({
            value: each,
            label: WATCH.tabs[each],
          }))}
          value={tab}
          onChange={(to) => void navigate({ search: { tab: to }, replace: true })}
        />
      </div>
      {tab === "leavings" ? <Leavings /> : tab === "sweep" && sweeps ? <Sweeps /> : <WatchList />}
    </PageShell>
  );
}
