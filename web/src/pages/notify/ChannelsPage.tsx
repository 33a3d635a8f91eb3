/** 通知通道. By which servers and gateways notices leave the house, to which addresses, and what came of each. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Segmented } from "antd";
import { useState } from "react";
import { sentenceOf } from "../../api/problem.ts";
import { NOTIFY } from "../../texts/notify.ts";
import { T } from "../../texts.ts";
import { minuteText } from "../../ui/dates.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { EmptyState, Failed, Loading } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { ChannelDialog } from "./ChannelDialog.tsx";
import { Contacts } from "./Contacts.tsx";
import { Deliveries } from "./Deliveries.tsx";
import { type Channel, channelsQuery } from "./queries.ts";
import { TestDialog } from "./TestDialog.tsx";
import "../exemption/exemption.css";
import "./notify.css";

const N = NOTIFY;
const TABS = ["channels", "contacts", "deliveries"] as const;

interface Editing {
  readonly means: "email" | "webhook";
  readonly channel: Channel | null;
}

export default function ChannelsPage() {
  const queries = useQueryClient();
  const [tab, setTab] = useState<(typeof TABS)[number]>("channels");
  const [editing, setEditing] = useState<Editing | null>(null);
  const [testing, setTesting] = useState<Channel | null>(null);
  return (
    <PageShell
      title={N.title}
      about={N.about}
      actions={
        tab === "channels" && (
          <>
            <Button onClick={() => setEditing({ means: "email", channel: null })}>
              {N.add}：{N.email}
            </Button>
            <Button onClick={() => setEditing({ means: "webhook", channel: null })}>
              {N.add}：{N.webhook}
            </Button>
          </>
        )
      }
    >
      <div className="list-tabs">
        <Segmented
          aria-label={N.views}
          options={TABS.map((each) => ({ value: each, label: N.tabs[each] }))}
          value={tab}
          onChange={setTab}
        />
      </div>
      {tab === "channels" && (
        <Channels
          onEdit={(channel) => setEditing({ means: channel.means, channel })}
          onTest={(channel) => setTesting(channel)}
        />
      )}
      {tab === "contacts" && <Contacts />}
      {tab === "deliveries" && <Deliveries />}
      {editing && (
        <ChannelDialog
          {...editing}
          onClose={() => setEditing(null)}
          onDone={() => {
            setEditing(null);
            void queries.invalidateQueries({ queryKey: ["notify"] });
          }}
        />
      )}
      {testing && <TestDialog channel={testing} onClose={() => setTesting(null)} />}
    </PageShell>
  );
}

function Channels(props: { onEdit: (channel: Channel) => void; onTest: (channel: Channel) => void }) {
  const channels = useQuery(channelsQuery);
  if (channels.isPending) return <Loading what={T.loading} />;
  if (channels.isError)
    return <Failed sentence={sentenceOf(channels.error)} retry={() => void channels.refetch()} />;
  if (channels.data.length === 0) return <EmptyState title={N.none}>{N.noneAbout}</EmptyState>;
  const columns: readonly Column<Channel>[] = [
    { key: "name", title: N.name, nowrap: true, cell: (c) => c.name },
    { key: "means", title: N.means, nowrap: true, cell: (c) => c.meansZh },
    {
      key: "where",
      title: N.where,
      cell: (c) => (
        <span className="mono">{c.email ? `${c.email.host}:${c.email.port}` : c.webhook?.url}</span>
      ),
    },
    {
      key: "state",
      title: N.state,
      nowrap: true,
      cell: (c) => <Tag tone={c.enabled ? "mine" : "plain"}>{c.enabled ? N.on : N.off}</Tag>,
    },
    {
      key: "counts",
      title: N.counts,
      nowrap: true,
      cell: ({ counts }) => (
        <>
          {N.sent(counts.sent)}，{N.waiting(counts.waiting)}，
          {counts.failed > 0 ? <Tag tone="overdue">{N.failed(counts.failed)}</Tag> : N.failed(0)}
        </>
      ),
    },
    {
      key: "changed",
      title: N.changed,
      nowrap: true,
      cell: (c) => (
        <span className="quiet">
          {c.changedBy} {minuteText(c.changedAt)}
        </span>
      ),
    },
    {
      key: "do",
      title: N.actions,
      nowrap: true,
      cell: (c) => (
        <span className="row-actions">
          <Button type="link" onClick={() => props.onTest(c)}>
            {N.test}
          </Button>
          <Button type="link" onClick={() => props.onEdit(c)}>
            {N.edit}
          </Button>
        </span>
      ),
    },
  ];
  return (
    <div className="card">
      <WorkTable label={N.tabs.channels} columns={columns} rows={channels.data} rowKey={(c) => c.id} />
    </div>
  );
}
