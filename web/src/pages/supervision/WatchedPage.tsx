/** 直派盯办. Tickets sent straight to a street: whose, how long still, what the unit said last; those that wait are urged from here. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Checkbox, Segmented } from "antd";
import { type FormEvent, useState } from "react";
import { useHotkeys } from "react-hotkeys-hook";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { hasRole, useSession } from "../../api/session.ts";
import { SUPERVISION } from "../../texts/supervision.ts";
import { T } from "../../texts.ts";
import { minuteText, shortText } from "../../ui/dates.ts";
import { Field } from "../../ui/Field.tsx";
import { usePageKeys } from "../../ui/keys.ts";
import { useNow } from "../../ui/now.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { PhraseArea } from "../../ui/PhraseArea.tsx";
import { EmptyState, Failed, Loading } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { say } from "../../ui/toasts.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { type WatchedRow, watchedQuery } from "./queries.ts";
import { SupervisionTabs } from "./SupervisionTabs.tsx";
import "../exemption/exemption.css";
import "../urging/urging.css";
import "./supervision.css";

const W = SUPERVISION.watched;

export default function WatchedPage() {
  const session = useSession();
  const queries = useQueryClient();
  const navigate = useNavigate({ from: "/supervision/watched" });
  const search = useSearch({ from: "/supervision/watched" });
  const now = useNow();
  const found = useQuery(watchedQuery(search));
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [writing, setWriting] = useState(false);
  const urges = hasRole(session, "triager", "supervisor", "shiftLead", "leader");
  const rows = found.data?.rows ?? [];
  const ids = rows.filter((row) => chosen.has(row.id)).map((row) => row.id);
  const toggle = (id: string) =>
    setChosen((before) => {
      const next = new Set(before);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  useHotkeys("u", () => setWriting(true), {
    enabled: urges && ids.length > 0 && !writing,
    preventDefault: true,
  });
  useHotkeys(
    "x",
    () => {
      const id = document.activeElement?.querySelector<HTMLElement>("[data-ticket]")?.dataset.ticket;
      if (id !== undefined) toggle(id);
    },
    { enabled: urges && !writing },
  );
  usePageKeys(W.keys);
  const units = found.data?.units ?? [];
  return (
    <PageShell title={W.title} about={W.about}>
      <SupervisionTabs />
      {found.isPending ? (
        <Loading what={T.loading} />
      ) : found.isError ? (
        <Failed sentence={sentenceOf(found.error)} retry={() => void found.refetch()} />
      ) : (
        <>
          {units.length > 0 && (
            <ul className="urge-units" aria-label={W.byUnit}>
              {search.unit !== undefined && (
                <li>
                  <button
                    type="button"
                    className="urge-unit"
                    onClick={() => void navigate({ search: { ...search, unit: undefined }, replace: true })}
                  >
                    <strong>{W.allUnits}</strong>
                  </button>
                </li>
              )}
              {units.map(({ unit, n, near, overdue }) => {
                const id = unit?.id ?? "none";
                return (
                  <li key={id}>
                    <button
                      type="button"
                      className="urge-unit"
                      aria-pressed={search.unit === id}
                      onClick={() =>
                        void navigate({
                          search: { ...search, unit: search.unit === id ? undefined : id },
                          replace: true,
                        })
                      }
                    >
                      <strong>{unit?.name ?? SUPERVISION.noUnit}</strong>
                      <span>{W.line(n, near, overdue)}</span>
                    </button>
                  </li>
                );
              })}
            </ul>
          )}
          <div className="list-tabs">
            <Segmented
              aria-label={W.views}
              options={[
                { value: "all", label: W.all },
                { value: "near", label: SUPERVISION.near },
                { value: "overdue", label: SUPERVISION.overdue },
              ]}
              value={search.due ?? "all"}
              onChange={(to) =>
                void navigate({
                  search: { ...search, due: to === "near" || to === "overdue" ? to : undefined },
                  replace: true,
                })
              }
            />
            {urges && rows.length > 0 && (
              <>
                <span className="quiet">{W.chosen(ids.length)}</span>
                <Button disabled={ids.length === 0 || writing} onClick={() => setWriting(true)}>
                  {W.urge}
                  <kbd>U</kbd>
                </Button>
              </>
            )}
          </div>
          {writing && (
            <UrgeForm
              ids={ids}
              onDone={() => {
                setWriting(false);
                setChosen(new Set());
                void queries.invalidateQueries({ queryKey: ["supervision", "watched"] });
                void queries.invalidateQueries({ queryKey: ["urges"] });
              }}
              onClose={() => setWriting(false)}
            />
          )}
          {rows.length === 0 ? (
            <EmptyState title={W.none}>{W.noneAbout}</EmptyState>
          ) : (
            <div className="card">
              <WorkTable
                label={W.title}
                columns={columnsOf(now, urges ? { chosen, toggle } : null)}
                rows={rows}
                rowKey={(row) => row.id}
                onOpen={(row) => void navigate({ to: "/tickets/$id", params: { id: row.id } })}
              />
            </div>
          )}
        </>
      )}
    </PageShell>
  );
}

function UrgeForm({
  ids,
  onDone,
  onClose,
}: {
  ids: readonly string[];
  onDone: () => void;
  onClose: () => void;
}) {
  const [text, setText] = useState("");
  const [refused, setRefused] = useState<string | null>(null);
  const urge = useMutation({
    mutationFn: () =>
      bodyOf(
        http.POST("/api/tickets/bulk-moves", { body: { ids: [...ids], move: "urge", input: { text } } }),
      ),
    onSuccess: (report) => {
      say(W.urgedDone(report.done.length, report.refused.length));
      onDone();
    },
    onError: (thrown) => setRefused(sentenceOf(thrown)),
  });
  const send = (event?: FormEvent) => {
    event?.preventDefault();
    if (!urge.isPending) urge.mutate();
  };
  return (
    <form
      className="card supervision-card supervision-form"
      aria-label={W.urge}
      onSubmit={send}
      onKeyDown={(event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) send();
        if (event.key === "Escape") onClose();
      }}
    >
      <Field label={W.urgeWords}>
        {(control) => (
          <PhraseArea
            {...control}
            move="urge"
            ready={W.urgeReady}
            value={text}
            autoFocus
            minRows={2}
            onChange={setText}
          />
        )}
      </Field>
      {refused !== null && <Failed sentence={refused} />}
      <div className="form-foot">
        <Button type="primary" htmlType="submit" loading={urge.isPending}>
          {W.urge} {ids.length}
        </Button>
        <Button onClick={onClose}>{T.cancel}</Button>
      </div>
    </form>
  );
}

function columnsOf(
  now: number,
  choosing: { readonly chosen: ReadonlySet<string>; readonly toggle: (id: string) => void } | null,
): readonly Column<WatchedRow>[] {
  return [
    ...(choosing === null
      ? []
      : [
          {
            ...{ key: "choose", title: "" },
            cell: (row: WatchedRow) => (
              <span data-ticket={row.id}>
                <Checkbox
                  aria-label={W.choose(row.number)}
                  checked={choosing.chosen.has(row.id)}
                  onChange={() => choosing.toggle(row.id)}
                />
              </span>
            ),
          },
        ]),
    {
      key: "number",
      title: W.number,
      nowrap: true,
      cell: (row) => (
        <Link to="/tickets/$id" params={{ id: row.id }}>
          {row.number}
        </Link>
      ),
    },
    { key: "what", title: W.what, cell: (row) => row.title },
    {
      key: "unit",
      title: W.unit,
      nowrap: true,
      cell: (row) => row.unit?.name ?? (row.street || SUPERVISION.noUnit),
    },
    { key: "received", title: W.received, nowrap: true, cell: (row) => minuteText(row.receivedAt) },
    {
      key: "due",
      title: W.due,
      nowrap: true,
      cell: (row) =>
        row.dueAt === null ? (
          <span className="quiet">—</span>
        ) : (
          <Tag tone={row.standing}>
            {row.standing === "plain"
              ? ""
              : row.standing === "near"
                ? `${SUPERVISION.near} `
                : `${SUPERVISION.overdue} `}
            {shortText(row.dueAt, now)}
          </Tag>
        ),
    },
    {
      key: "word",
      title: W.word,
      cell: (row) => (
        <>
          {row.word === null ? (
            <span className="quiet">—</span>
          ) : (
            <>
              <span className="supervision-word">{row.word.text}</span>
              <span className="quiet">
                {row.word.by} {minuteText(row.word.at)}
              </span>
            </>
          )}
          {row.urgedAt !== null && <div className="quiet">{W.urged(shortText(row.urgedAt, now))}</div>}
        </>
      ),
    },
    {
      key: "close",
      title: "",
      nowrap: true,
      cell: (row) =>
        choosing === null ? null : (
          <Link
            to="/tickets/$id"
            params={{ id: row.id }}
            title={W.closeHint}
            aria-label={`${W.close} ${row.number}`}
          >
            {W.close}
          </Link>
        ),
    },
  ];
}
