/** 消息. What I am told of: unread first in sight, opened into its ticket or import, marked as read. */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Button, Drawer, Segmented, Select } from "antd";
import { useState } from "react";
import { bodyOf, http } from "../api/client.ts";
import { sentenceOf } from "../api/problem.ts";
import { unreadQuery } from "../api/queries.ts";
import { useSession } from "../api/session.ts";
import type { Message } from "../api/types.ts";
import { T } from "../texts.ts";
import { shortText } from "../ui/dates.ts";
import { useNow } from "../ui/now.ts";
import { EmptyState, Failed, Loading } from "../ui/States.tsx";
import { Tag, type Tone } from "../ui/Tag.tsx";

const words = T.frame.inbox;
const TONES: Readonly<Record<string, Tone>> = {
  overdue: "overdue",
  returned: "near",
  mention: "mine",
  urge: "near",
};

export default function Inbox({ onClose }: { onClose: () => void }) {
  const session = useSession();
  const unread = useQuery(unreadQuery(session)).data ?? 0;
  const [unreadOnly, setUnreadOnly] = useState(unread > 0);
  const [kind, setKind] = useState<string | undefined>();
  const { pages, read } = useMessages(unreadOnly);
  const rows = (pages.data?.pages.flatMap((p) => p.rows) ?? []).filter(
    (m) => kind === undefined || m.kind === kind,
  );
  const newest = pages.data?.pages[0]?.rows[0];
  return (
    <Drawer
      open
      size={440}
      title={words.title}
      onClose={onClose}
      closable={{ "aria-label": "关闭" }}
      extra={
        <Button
          disabled={unread === 0 || !newest}
          loading={read.isPending}
          onClick={() => newest && read.mutate({ upTo: newest.id })}
        >
          {words.readAll}
        </Button>
      }
    >
      <div className="inbox-bar">
        <Segmented
          aria-label={words.title}
          value={unreadOnly ? "unread" : "all"}
          options={[
            { value: "unread", label: `${words.unread} ${unread}` },
            { value: "all", label: words.all },
          ]}
          onChange={(value) => setUnreadOnly(value === "unread")}
        />
        <Select
          aria-label={words.kind}
          allowClear
          placeholder={words.kind}
          value={kind}
          onChange={setKind}
          options={Object.entries(words.kinds).map(([value, label]) => ({ value, label }))}
          style={{ width: 120 }}
        />
      </div>
      {read.isError && <Failed sentence={sentenceOf(read.error)} />}
      {pages.isPending && <Loading what={T.loading} />}
      {pages.isError && <Failed sentence={sentenceOf(pages.error)} retry={() => void pages.refetch()} />}
      {pages.isSuccess && rows.length === 0 && (
        <EmptyState title={unreadOnly ? words.noneUnread : words.none}>{words.noneAbout}</EmptyState>
      )}
      <ul className="inbox">
        {rows.map((message) => (
          <Line
            key={message.id}
            message={message}
            onRead={(id) => read.mutate({ ids: [id] })}
            onClose={onClose}
          />
        ))}
      </ul>
      {pages.hasNextPage && (
        <div className="list-foot">
          <Button loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
            {words.more}
          </Button>
        </div>
      )}
    </Drawer>
  );
}

function Line(props: { message: Message; onRead: (id: string) => void; onClose: () => void }) {
  const { message } = props;
  const navigate = useNavigate();
  const now = useNow();
  const go = () => {
    if (!message.read) props.onRead(message.id);
    if (message.link === "") return;
    props.onClose();
    void navigate({ href: message.link });
  };
  return (
    <li className="inbox-line" data-unread={!message.read || undefined}>
      <button type="button" className="plain-button inbox-open" onClick={go}>
        <span className="inbox-head">
          <Tag tone={TONES[message.kind] ?? "plain"}>{message.kindZh}</Tag>
          <strong>{message.title}</strong>
          {!message.read && <span className="sr">{words.unread}</span>}
          <span className="quiet">{shortText(message.at, now)}</span>
        </span>
        <span className="inbox-body">{message.body}</span>
      </button>
      {!message.read && (
        <Button size="small" type="text" onClick={() => props.onRead(message.id)}>
          {words.read}
        </Button>
      )}
    </li>
  );
}

function useMessages(unreadOnly: boolean) {
  const queries = useQueryClient();
  const pages = useInfiniteQuery({
    queryKey: ["inbox", unreadOnly],
    queryFn: ({ pageParam }) =>
      bodyOf(
        http.GET("/api/inbox", {
          params: {
            query: {
              ...(unreadOnly ? { unread: "1" as const } : {}),
              ...(pageParam ? { after: pageParam } : {}),
            },
          },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
  });
  const read = useMutation({
    mutationFn: (which: { ids: string[] } | { upTo: string }) =>
      bodyOf(http.POST("/api/inbox/read", { body: which })),
    onSuccess: ({ unread }) => {
      queries.setQueryData(["unread"], unread);
      void queries.invalidateQueries({ queryKey: ["inbox"] });
    },
  });
  return { pages, read };
}
