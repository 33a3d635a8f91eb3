/** 回访台. Tickets waiting for a call, the most urgent first; each opens with the callback form at hand. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";
import { T } from "../../texts.ts";
import { useTitle } from "../../ui/PageShell.tsx";
import { SplitView } from "../tickets/QueuePage.tsx";
import type { TicketSearch } from "../tickets/search.ts";

const QUEUE = "calling";

export default function CallbackDesk() {
  const search = useSearch({ from: "/callback" });
  const navigate = useNavigate({ from: "/callback" });
  useTitle(T.nav.callback);
  const change = useCallback(
    (next: Partial<TicketSearch>) =>
      void navigate({ search: { ...search, ...next, queue: undefined }, replace: true }),
    [navigate, search],
  );
  return (
    <div className="queue-page" data-desk>
      <SplitView
        search={{ ...search, queue: QUEUE }}
        change={change}
        autoMove="callback"
        heading={T.callback.heading}
      />
    </div>
  );
}
