/** 交办. Who of the next shift takes these items over, with a word on what to see to. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Input, Select } from "antd";
import { useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { useSession } from "../../api/session.ts";
import { WATCH } from "../../texts/watch.ts";
import { T } from "../../texts.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { Field } from "../../ui/Field.tsx";
import { Failed, Loading, Notice } from "../../ui/States.tsx";
import { say } from "../../ui/toasts.tsx";
import { useDraft } from "../../ui/useDraft.ts";
import { DraftNote } from "../tickets/moves/DraftNote.tsx";
import { renewWatch, watchHandoverQuery } from "./queries.ts";

const W = WATCH;

export function GiveDialog(props: { tickets: readonly string[]; onClose: () => void; onDone: () => void }) {
  const { tickets } = props;
  const session = useSession();
  const queries = useQueryClient();
  const asked = useQuery(watchHandoverQuery(undefined));
  const draft = useDraft(`${session.login}.watch-give`, { words: "" });
  const [chosen, setChosen] = useState<string | null>(null);
  const people = asked.data?.people ?? [];
  const lead = people.find((person) => person.id === asked.data?.next?.leadId)?.id;
  const to = chosen ?? lead ?? null;
  const give = useMutation({
    mutationFn: () =>
      bodyOf(
        http.POST("/api/watch/give", {
          body: { tickets: [...tickets], to: to ?? "", words: draft.value.words },
        }),
      ),
    onSuccess: () => {
      draft.drop();
      say(W.gave(tickets.length, people.find((person) => person.id === to)?.name ?? ""));
      props.onDone();
    },
    onSettled: () => renewWatch(queries),
  });
  return (
    <Dialog title={W.giveTitle(tickets.length)} onClose={props.onClose}>
      {asked.isPending && <Loading what={T.loading} />}
      {asked.isError && <Failed sentence={sentenceOf(asked.error)} retry={() => void asked.refetch()} />}
      {asked.data && (
        <form
          aria-label={W.giveTitle(tickets.length)}
          onSubmit={(event) => {
            event.preventDefault();
            if (to !== null) give.mutate();
          }}
        >
          {draft.word && <DraftNote word={draft.word} />}
          <Field
            label={W.giveTo}
            required
            hint={lead === undefined ? W.giveToAny : W.giveToHint(asked.data.next?.name ?? "")}
          >
            {(control) => (
              <Select
                {...control}
                autoFocus
                showSearch={{ optionFilterProp: "label" }}
                value={to}
                onChange={setChosen}
                options={people.map((person) => ({
                  value: person.id,
                  label: `${person.name}（${person.roles.join("、")}）`,
                }))}
                style={{ width: "100%" }}
              />
            )}
          </Field>
          <Field label={W.giveWords} hint={W.giveWordsHint}>
            {(control) => (
              <Input.TextArea
                {...control}
                autoSize={{ minRows: 2, maxRows: 6 }}
                maxLength={500}
                value={draft.value.words}
                onChange={(e) => draft.set({ words: e.target.value })}
              />
            )}
          </Field>
          {give.isError && <Notice tone="wrong">{sentenceOf(give.error)}</Notice>}
          <div className="dialog-foot">
            <Button onClick={props.onClose}>{T.cancel}</Button>
            <Button type="primary" htmlType="submit" loading={give.isPending} disabled={to === null}>
              {W.give}
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
