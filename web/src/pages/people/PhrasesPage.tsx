/** 中心常用语. The centre's phrases by move, with how much each is used; written by the shift lead and the leader. */
import { MOVES, stepOf } from "@jiesu/core/ticket/lifecycle.ts";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Input, Select } from "antd";
import { type FormEvent, useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { Problem, sentenceOf } from "../../api/problem.ts";
import { hasRole, useSession } from "../../api/session.ts";
import { ADMIN } from "../../texts/admin.ts";
import { PEOPLE } from "../../texts/people.ts";
import { T } from "../../texts.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { dayText } from "../../ui/dates.ts";
import { Field } from "../../ui/Field.tsx";
import { PageShell } from "../../ui/PageShell.tsx";
import { EmptyState, Failed, Loading, Notice } from "../../ui/States.tsx";
import { say, sayWrong } from "../../ui/toasts.tsx";
import { useDraft } from "../../ui/useDraft.ts";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { centrePhrasesQuery } from "./queries.ts";

type Phrase = Awaited<ReturnType<NonNullable<typeof centrePhrasesQuery.queryFn>>>[number];

export default function PhrasesPage() {
  const session = useSession();
  const queries = useQueryClient();
  const phrases = useQuery(centrePhrasesQuery);
  const [editing, setEditing] = useState<Phrase | "new" | null>(null);
  const edits = hasRole(session, "shiftLead", "leader");
  const refresh = () => void queries.invalidateQueries({ queryKey: ["phrases"] });
  const remove = async (phrase: Phrase) => {
    try {
      await bodyOf(http.DELETE("/api/phrases/{id}", { params: { path: { id: phrase.id } } }));
    } catch (thrown) {
      sayWrong(sentenceOf(thrown));
    }
    refresh();
  };
  const columns: Column<Phrase>[] = [
    { key: "for", title: ADMIN.phraseFor, nowrap: true, cell: (p) => p.moveZh },
    { key: "text", title: ADMIN.phraseText, cell: (p) => p.text },
    { key: "used", title: ADMIN.usedTimes, align: "right", nowrap: true, cell: (p) => p.used },
    { key: "people", title: ADMIN.usedBy, align: "right", nowrap: true, cell: (p) => p.people },
    {
      key: "last",
      title: ADMIN.lastUsed,
      nowrap: true,
      cell: (p) => (p.lastUsedAt ? dayText(p.lastUsedAt) : "—"),
    },
    ...(edits
      ? [
          {
            key: "do",
            title: PEOPLE.actions,
            nowrap: true,
            cell: (p: Phrase) => (
              <span className="row-actions">
                <Button type="link" onClick={() => setEditing(p)}>
                  {PEOPLE.edit}
                </Button>
                <Button type="link" onClick={() => void remove(p)}>
                  {ADMIN.remove}
                </Button>
              </span>
            ),
          },
        ]
      : []),
  ];
  return (
    <PageShell
      title={ADMIN.phrases}
      about={ADMIN.phrasesAbout}
      actions={
        edits && (
          <Button type="primary" onClick={() => setEditing("new")}>
            {ADMIN.addPhrase}
          </Button>
        )
      }
    >
      {phrases.isPending ? (
        <Loading what={T.loading} />
      ) : phrases.isError ? (
        <Failed sentence={sentenceOf(phrases.error)} retry={() => void phrases.refetch()} />
      ) : phrases.data.length === 0 ? (
        <EmptyState title={ADMIN.noPhrase}>{ADMIN.noPhraseAbout}</EmptyState>
      ) : (
        <div className="card">
          <WorkTable label={ADMIN.phrases} columns={columns} rows={phrases.data} rowKey={(p) => p.id} />
        </div>
      )}
      {editing && (
        <PhraseDialog
          phrase={editing === "new" ? null : editing}
          onClose={() => setEditing(null)}
          onDone={() => {
            setEditing(null);
            refresh();
          }}
        />
      )}
    </PageShell>
  );
}

const FORMS = [
  { value: "", label: ADMIN.forAll },
  ...MOVES.map((move) => ({ value: move, label: stepOf(move).zh })),
];

function PhraseDialog(props: { phrase: Phrase | null; onClose: () => void; onDone: () => void }) {
  const { phrase } = props;
  const session = useSession();
  const draft = useDraft(`${session.login}.phrase.${phrase?.id ?? "new"}`, {
    text: phrase?.text ?? "",
    move: MOVES.find((move) => move === phrase?.move) ?? ("" as const),
  });
  const { value, set } = draft;
  const queries = useQueryClient();
  const [seenAt, setSeenAt] = useState(phrase?.updatedAt ?? "");
  const [refused, setRefused] = useState<string | null>(null);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    try {
      if (phrase)
        await bodyOf(
          http.PATCH("/api/phrases/{id}", {
            params: { path: { id: phrase.id } },
            body: { ...value, seenAt },
          }),
        );
      else await bodyOf(http.POST("/api/phrases", { body: { ...value, centre: true } }));
      draft.drop();
      say(ADMIN.saved);
      props.onDone();
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
      if (!(thrown instanceof Problem) || thrown.code !== "phrase-changed" || !phrase) return;
      // Told of the other's words: what is saved next is saved knowing them.
      const fresh = await queries.fetchQuery({ ...centrePhrasesQuery, staleTime: 0 }).catch(() => null);
      setSeenAt(fresh?.find((each) => each.id === phrase.id)?.updatedAt ?? seenAt);
    }
  };
  return (
    <Dialog title={phrase ? ADMIN.editPhrase : ADMIN.addPhrase} onClose={props.onClose} width={560}>
      <form onSubmit={save}>
        <Field label={ADMIN.phraseText} required>
          {(control) => (
            <Input.TextArea
              {...control}
              rows={4}
              maxLength={1000}
              value={value.text}
              onChange={(e) => set({ text: e.target.value })}
            />
          )}
        </Field>
        <Field label={ADMIN.phraseFor}>
          {(control) => (
            <Select
              {...control}
              style={{ width: "100%" }}
              showSearch={{ optionFilterProp: "label" }}
              value={value.move}
              options={FORMS}
              onChange={(move) => set({ move: MOVES.find((m) => m === move) ?? "" })}
            />
          )}
        </Field>
        {refused && <Notice tone="wrong">{refused}</Notice>}
        <div className="dialog-foot">
          <Button onClick={props.onClose}>{T.cancel}</Button>
          <Button type="primary" htmlType="submit">
            {T.save}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
