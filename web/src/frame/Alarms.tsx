/** 提醒. What must not be left lying, in one calm list; each opens into its tickets, and is quiet once seen. */
import { AlertOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Suspense, useEffect, useRef, useState } from "react";
import { useHotkeys } from "react-hotkeys-hook";
import { sentenceOf } from "../api/problem.ts";
import { alarmsQuery } from "../api/queries.ts";
import { useSession, works } from "../api/session.ts";
import type { Alarm } from "../api/types.ts";
import { T } from "../texts.ts";
import { part } from "../ui/part.tsx";
import { EmptyState, Failed } from "../ui/States.tsx";
import { Count } from "../ui/Tag.tsx";
import { Popover } from "./Popover.tsx";

const words = T.frame.alarms;
const AlarmList = part(() => import("./AlarmList.tsx"));

export function AlarmsButton() {
  const session = useSession();
  const alarms = useQuery(alarmsQuery(session));
  const [open, setOpen] = useState(false);
  useHotkeys("alt+a", () => setOpen(true), { preventDefault: true, enableOnFormTags: true });
  if (!works(session)) return null;
  const rows = alarms.data ?? [];
  const fresh = rows.filter((a) => a.fresh);
  const tone = fresh.some((a) => a.severity === "overdue") ? "overdue" : "near";
  return (
    <>
      <Popover
        open={open}
        onOpen={setOpen}
        label={words.label(fresh.length)}
        title={words.title}
        tour="alarms"
        button={
          <>
            <AlertOutlined aria-hidden="true" />
            {fresh.length > 0 && <Count value={fresh.length} tone={tone} />}
          </>
        }
      >
        {alarms.isError && <Failed sentence={sentenceOf(alarms.error)} retry={() => void alarms.refetch()} />}
        {alarms.isSuccess && rows.length === 0 && (
          <EmptyState title={words.none}>{words.noneAbout}</EmptyState>
        )}
        {rows.length > 0 && (
          <Suspense>
            <AlarmList alarms={rows} onOpened={() => setOpen(false)} />
          </Suspense>
        )}
        {rows.length > 0 && <p className="popover-foot quiet">{words.footer}</p>}
      </Popover>
      <Spoken alarms={fresh} />
    </>
  );
}

/** Read out once, when an alarm becomes fresh; never again while it only counts up and down. */
function Spoken({ alarms }: { alarms: readonly Alarm[] }) {
  const told = useRef<ReadonlySet<string>>(new Set());
  const [text, setText] = useState("");
  useEffect(() => {
    const news = alarms.filter((a) => !told.current.has(`${a.key} ${a.aroseAt}`));
    told.current = new Set(alarms.map((a) => `${a.key} ${a.aroseAt}`));
    if (news.length > 0) setText(news.map((a) => words.told(a.zh, a.count)).join("；"));
  }, [alarms]);
  return (
    <div className="sr" role="status" aria-live="polite">
      {text}
    </div>
  );
}
