/** 先例草稿. Scope, days of validity, whose it is and why; kept while it is typed. */
import { useQueryClient } from "@tanstack/react-query";
import { Input } from "antd";
import { bodyOf, http } from "../../api/client.ts";
import { useSession } from "../../api/session.ts";
import { PRECEDENTS } from "../../texts/ownership.ts";
import { Field } from "../../ui/Field.tsx";
import { say } from "../../ui/toasts.tsx";
import { useDraft } from "../../ui/useDraft.ts";
import { DraftNote } from "../tickets/moves/DraftNote.tsx";
import { Line, SendForm, UnitField, UnitsField, Words } from "./parts.tsx";
import { precedentQuery, renewOwnership, type Version } from "./queries.ts";

const P = PRECEDENTS;

export function PrecedentForm(props: { precedentId: string; of: Version; onClose: () => void }) {
  const { of: version, precedentId } = props;
  const { login } = useSession();
  const queries = useQueryClient();
  const { value, set, drop, word } = useDraft(`${login}.precedent-${precedentId}.edit-${version.version}`, {
    ...{ title: version.title, reason: version.reason, spot: version.spot },
    ...{ category1: version.category1, category2: version.category2, category3: version.category3 },
    ...{ street: version.street, community: version.community, words: version.words.join(" ") },
    ...{ from: version.from, to: version.to ?? "" },
    lead: version.lead.id as string | null,
    co: version.co.map((unit) => unit.id) as readonly string[],
  });
  const send = async () => {
    const { lead, co, words, to, ...rest } = value;
    const body = {
      ...{ ...rest, leadUnitId: lead ?? "", coUnitIds: [...co], to: to === "" ? null : to },
      words: words.split(/[\s、，,]+/u).filter((each) => each !== ""),
    };
    const after = await bodyOf(
      http.PUT("/api/ownership/precedents/{id}", { params: { path: { id: precedentId } }, body }),
    );
    drop();
    queries.setQueryData(precedentQuery(precedentId).queryKey, after);
    renewOwnership(queries, null);
    say(P.saved);
    props.onClose();
  };
  return (
    <SendForm
      label={P.edit}
      submit={P.save}
      ready={value.title.trim() !== "" && value.reason.trim().length >= 2 && value.lead !== null}
      onClose={props.onClose}
      send={send}
    >
      {word && <DraftNote word={word} />}
      <div className="precedent-form">
        <div className="wide">
          <Line label={P.name} required value={value.title} set={(title) => set({ title })} />
        </div>
        <Line label={P.category1} required value={value.category1} set={(category1) => set({ category1 })} />
        <Line label={P.category2} value={value.category2} set={(category2) => set({ category2 })} />
        <Line label={P.category3} value={value.category3} set={(category3) => set({ category3 })} />
        <Line label={P.street} value={value.street} set={(street) => set({ street })} />
        <Line label={P.community} value={value.community} set={(community) => set({ community })} />
        <Line label={P.spot} hint={P.spotHint} value={value.spot} set={(spot) => set({ spot })} />
        <div className="wide">
          <Line label={P.words} hint={P.wordsHint} value={value.words} set={(words) => set({ words })} />
        </div>
        <Day label={P.validFrom} required value={value.from} set={(from) => set({ from })} />
        <Day label={P.validTo} hint={P.validHint} value={value.to} set={(to) => set({ to })} />
        <UnitField label={P.lead} required value={value.lead} set={(lead) => set({ lead })} />
        <UnitsField label={P.co} value={value.co} set={(co) => set({ co })} />
        <div className="wide">
          <Words label={P.reason} required rows={3} value={value.reason} set={(reason) => set({ reason })} />
        </div>
      </div>
    </SendForm>
  );
}

function Day(props: {
  label: string;
  hint?: string;
  required?: boolean;
  value: string;
  set: (day: string) => void;
}) {
  return (
    <Field label={props.label} hint={props.hint} required={props.required}>
      {(control) => (
        <Input {...control} type="date" value={props.value} onChange={(e) => props.set(e.target.value)} />
      )}
    </Field>
  );
}
