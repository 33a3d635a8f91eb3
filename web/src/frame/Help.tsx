/** 本页说明. What the page on screen is for, its keys and those of every page, and the way into the tour. */
import { useMatches } from "@tanstack/react-router";
import { useMemo } from "react";
import { helpOf } from "../texts/help.ts";
import { T } from "../texts.ts";
import { KeyHelp } from "../ui/KeyHelp.tsx";
import { usePageKeyGroups } from "../ui/keys.ts";
import { beginTour, useTour } from "./touring.ts";

export default function Help({ onClose }: { onClose: () => void }) {
  const pageKeys = usePageKeyGroups();
  const { step, done } = useTour();
  const matches = useMatches();
  const keys = useMemo(() => [...pageKeys, T.frame.keys], [pageKeys]);
  const start = () => {
    onClose();
    beginTour(done ? 0 : step);
  };
  return (
    <KeyHelp
      groups={keys}
      help={helpOf(matches.at(-1)?.fullPath ?? "/")}
      tour={{ word: !done && step > 0 ? T.frame.resumeTour(step + 1) : T.frame.startTour, start }}
      onClose={onClose}
    />
  );
}
