/** 不纳入考核的办前检查. The checks over an application as it is written, and over one that is about to be passed on. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { GUARDS } from "../../texts/guards.ts";
import { DetailPanel } from "../../ui/DetailPanel.tsx";
import { GuardList } from "../tickets/moves/GuardList.tsx";
import type { Piece } from "./EvidenceForm.tsx";

const BREATH_MS = 400;

export function PassingGuard({ id }: { id: string }) {
  const queries = useQueryClient();
  const params = { path: { id } };
  const found = useQuery({
    queryKey: ["guard", "exemption", id],
    queryFn: () => bodyOf(http.GET("/api/exemptions/{id}/guard", { params })),
    refetchInterval: 30_000,
  });
  const renew = () => queries.invalidateQueries({ queryKey: ["guard", "exemption", id] });
  if (!found.data) return null;
  return (
    <GuardList
      guard={found.data}
      mend={() => null}
      ask={async (reason) => {
        await bodyOf(http.POST("/api/exemptions/{id}/guard/override", { params, body: { reason } }));
        await renew();
      }}
      drop={(override) => dropped(override, renew)}
    />
  );
}

/** `written`: what the form holds so far. */
export function WritingGuard(props: {
  readonly written: {
    readonly ticketId: string;
    readonly round: number;
    readonly ground: string;
    readonly reason: string;
    readonly evidence: Piece[];
  };
}) {
  const queries = useQueryClient();
  const text = useSettled(JSON.stringify(props.written));
  const key = ["guard", "exemption-new", props.written.ticketId];
  const found = useQuery({
    queryKey: [...key, text],
    queryFn: () => bodyOf(http.POST("/api/exemptions/guard", { body: props.written })),
    placeholderData: (before) => before,
    refetchInterval: 30_000,
  });
  const renew = () => queries.invalidateQueries({ queryKey: key });
  if (!found.data || props.written.reason.trim() === "") return null;
  return (
    <DetailPanel title={GUARDS.title}>
      <GuardList
        guard={found.data}
        mend={() => null}
        ask={async (why) => {
          const body = { ...props.written, why };
          await bodyOf(http.POST("/api/exemptions/guard/override", { body }));
          await renew();
        }}
        drop={(override) => dropped(override, renew)}
      />
    </DetailPanel>
  );
}

async function dropped(id: string, renew: () => Promise<void>): Promise<void> {
  await bodyOf(http.POST("/api/overrides/{id}/drop", { params: { path: { id } } }));
  await renew();
}

function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), BREATH_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
