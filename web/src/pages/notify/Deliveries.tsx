/** 外发记录. Each sending with its attempts; what did not arrive can be sent once more. */
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Segmented } from "antd";
import { useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { NOTIFY } from "../../texts/notify.ts";
import { T } from "../../texts.ts";
import { minuteText } from "../../ui/dates.ts";
import { EmptyState, Failed, Loading } from "../../ui/States.tsx";
import { Tag, type Tone } from "../../ui/Tag.tsx";
import { say, sayWrong } from "../../ui/toasts.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { type Delivery, deliveriesQuery } from "./queries.ts";

const N = NOTIFY;
const STATES = ["waiting", "sent", "dead", "unknown"] as const;
const TONES: Readonly<Record<Delivery["state"], Tone>> = {
  ...{ waiting: "near", sending: "near", sent: "plain", dead: "overdue", unknown: "overdue" },
};

export function Deliveries() {
  const queries = useQueryClient();
  const [state, setState] = useState<(typeof STATES)[number] | undefined>(undefined);
  const list = useInfiniteQuery(deliveriesQuery(state));
  const again = async (id: string) => {
    try {
      await bodyOf(http.POST("/api/notify/deliveries/{id}/again", { params: { path: { id } } }));
      say(N.againDone);
    } catch (thrown) {
      sayWrong(sentenceOf(thrown));
    }
    void queries.invalidateQueries({ queryKey: ["notify"] });
  };
  const columns: readonly Column<Delivery>[] = [
    { key: "at", title: N.madeAt, nowrap: true, cell: (d) => minuteText(d.madeAt) },
    { key: "channel", title: N.channel, nowrap: true, cell: (d) => d.channel },
    {
      key: "to",
      title: N.to,
      nowrap: true,
      cell: (d) => (
        <>
          {d.to} <span className="quiet">{d.to === d.address ? "" : d.address}</span>
        </>
      ),
    },
    {
      key: "what",
      title: N.what,
      cell: (d) =>
        d.ticketId === null ? (
          d.title
        ) : (
          <Link to="/tickets/$id" params={{ id: d.ticketId }}>
            {d.title}
          </Link>
        ),
    },
    {
      key: "state",
      title: N.state,
      nowrap: true,
      cell: (d) => <Tag tone={TONES[d.state]}>{N.deliveryStates[d.state]}</Tag>,
    },
    { key: "attempts", title: N.attempts, cell: (d) => <Attempts of={d} /> },
    {
      key: "do",
      title: N.actions,
      nowrap: true,
      cell: (d) =>
        (d.state === "dead" || d.state === "unknown") && (
          <Button type="link" onClick={() => void again(d.id)}>
            {N.again}
          </Button>
        ),
    },
  ];
  const rows = list.data?.pages.flatMap((page) => page.rows) ?? [];
  return (
    <>
      <div className="list-tabs">
        <Segmented
          aria-label={N.state}
          options={[
            { value: "", label: N.allStates },
            ...STATES.map((each) => ({ value: each, label: N.deliveryStates[each] })),
          ]}
          value={state ?? ""}
          onChange={(to) => setState(STATES.find((each) => each === to))}
        />
      </div>
      {list.isPending ? (
        <Loading what={T.loading} />
      ) : list.isError ? (
        <Failed sentence={sentenceOf(list.error)} retry={() => void list.refetch()} />
      ) : rows.length === 0 ? (
        <EmptyState title={N.noDeliveries}>{N.noDeliveriesAbout}</EmptyState>
      ) : (
        <div className="card">
          <WorkTable label={N.tabs.deliveries} columns={columns} rows={rows} rowKey={(d) => d.id} />
        </div>
      )}
      {list.hasNextPage && (
        <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {N.more}
        </Button>
      )}
    </>
  );
}

function Attempts({ of: d }: { of: Delivery }) {
  return (
    <ul className="attempts">
      {d.attempts.map((a) => (
        <li key={a.nth}>{N.attemptLine(a.nth, minuteText(a.at), a.answer)}</li>
      ))}
      {d.nextAt !== null && <li className="quiet">{N.nextAt(minuteText(d.nextAt))}</li>}
      {d.attempts.length === 0 && d.problem !== "" && <li>{d.problem}</li>}
    </ul>
  );
}
