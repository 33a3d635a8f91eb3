/** 提醒清单. Each alarm with its count, opening into exactly its tickets, and the word that it is known. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { bodyOf, http } from "../api/client.ts";
import type { Alarm } from "../api/types.ts";
import { EVERY } from "../pages/tickets/search.ts";
import { T } from "../texts.ts";

const words = T.frame.alarms;

export default function AlarmList({ alarms, onOpened }: { alarms: readonly Alarm[]; onOpened?: () => void }) {
  const queries = useQueryClient();
  const seen = useMutation({
    mutationFn: (key: Alarm["key"]) =>
      bodyOf(http.POST("/api/alarms/{key}/seen", { params: { path: { key } } })),
    onSuccess: (now) => {
      queries.setQueryData(["alarms"], now);
      void queries.invalidateQueries({ queryKey: ["home"] });
    },
  });
  return (
    <ul className="alarm-list">
      {alarms.map((alarm) => (
        <li
          key={alarm.key}
          className="alarm"
          data-tone={alarm.severity}
          data-fresh={alarm.fresh || undefined}
        >
          <Link
            to="/tickets"
            search={{ queue: EVERY, sort: "due", ...alarm.open }}
            title={alarm.about}
            {...(onOpened ? { onClick: onOpened } : {})}
          >
            <strong>{words.count(alarm.count)}</strong>
            <span>{alarm.zh}</span>
          </Link>
          {alarm.fresh ? (
            <Button size="small" disabled={seen.isPending} onClick={() => seen.mutate(alarm.key)}>
              {words.seen}
            </Button>
          ) : (
            <span className="quiet">{words.wasSeen}</span>
          )}
        </li>
      ))}
    </ul>
  );
}
