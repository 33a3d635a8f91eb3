/** 办前检查的查询. What the server's checks say of a step as its form stands, asked a breath after the last key. */
import { isGuarded } from "@jiesu/core/guard/checklist.ts";
import type { Move } from "@jiesu/core/ticket/lifecycle.ts";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { bodyOf, http } from "../../../api/client.ts";
import type { TicketDetail } from "../../../api/types.ts";

const BREATH_MS = 400;

export type MoveStep = "applyWithdraw" | "passReview" | "approveClosing";

export function useGuard(ticket: TicketDetail, move: Move, input: Readonly<Record<string, unknown>>) {
  const queries = useQueryClient();
  const step = guardedMove(move);
  const text = useSettled(JSON.stringify(input));
  const key = ["guard", ticket.id];
  const found = useQuery({
    queryKey: [...key, ticket.version, move, text],
    queryFn: () =>
      bodyOf(
        http.POST("/api/tickets/{id}/guard/{step}", {
          params: { path: { id: ticket.id, step: step ?? "approveClosing" } },
          body: { input: asRecord(text) },
        }),
      ),
    enabled: step !== null,
    placeholderData: (before) => before,
    staleTime: 5_000,
    refetchInterval: (query) => (query.state.data?.override?.state === "asked" ? 10_000 : false),
  });
  const renew = () => queries.invalidateQueries({ queryKey: key });
  return {
    guard: step === null ? null : found.data,
    renew,
    ask: async (reason: string) => {
      if (step === null) return;
      await bodyOf(
        http.POST("/api/tickets/{id}/guard/{step}/override", {
          params: { path: { id: ticket.id, step } },
          body: { input: { ...input }, reason },
        }),
      );
      await renew();
    },
    drop: async (id: string) => {
      await bodyOf(http.POST("/api/overrides/{id}/drop", { params: { path: { id } } }));
      await renew();
    },
  };
}

function guardedMove(move: Move): MoveStep | null {
  if (!isGuarded(move)) return null;
  return move === "applyWithdraw" || move === "passReview" || move === "approveClosing" ? move : null;
}

function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), BREATH_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

function asRecord(text: string): Record<string, unknown> {
  const read: unknown = JSON.parse(text);
  return typeof read === "object" && read !== null ? { ...read } : {};
}
