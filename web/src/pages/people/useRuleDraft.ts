/** 规则草稿. Checking a draft and keeping it: new, or over the one that is there. */
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { ADMIN } from "../../texts/admin.ts";
import { say } from "../../ui/toasts.tsx";
import { type RuleKind, type RuleVersion, refreshRules } from "./rulequeries.ts";

export interface RuleDraft {
  readonly kind: RuleKind;
  readonly from: string;
  readonly source: string;
  readonly body: Record<string, unknown>;
}

const look = (draft: RuleDraft) => bodyOf(http.POST("/api/settings/rules/look", { body: draft }));
export type Looked = Awaited<ReturnType<typeof look>>;

export function useRuleDraft(base: RuleVersion | null, read: () => RuleDraft, onKept: () => void) {
  const queries = useQueryClient();
  const [looked, setLooked] = useState<{ readonly looked: Looked; readonly draft: RuleDraft } | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const attempt = async (work: () => Promise<void>) => {
    setRefused(null);
    try {
      await work();
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
    }
  };
  return {
    looked,
    refused,
    check: () =>
      attempt(async () => {
        const draft = read();
        setLooked({ draft, looked: await look(draft) });
      }),
    keep: () =>
      attempt(async () => {
        const draft = read();
        const over = base?.status === "draft" ? base : null;
        if (over)
          await bodyOf(
            http.PUT("/api/settings/drafts/{name}", {
              params: { path: { name: over.name } },
              body: { ...draft, version: over.version },
            }),
          );
        const { name } = over ?? (await bodyOf(http.POST("/api/settings/rules", { body: draft })));
        say(ADMIN.kept(name));
        refreshRules(queries);
        onKept();
      }),
  };
}
