/** 手工录入. A ticket that the centre takes in itself; what is typed is kept until it is handed in. */
import { LEVELS } from "@jiesu/core/deadline/level.ts";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Button, Input, Select } from "antd";
import { type FormEvent, useMemo, useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { unitsQuery } from "../../api/queries.ts";
import { useSession } from "../../api/session.ts";
import { INTAKE } from "../../texts/intake.ts";
import { T } from "../../texts.ts";
import { Choice } from "../../ui/Choice.tsx";
import { Field } from "../../ui/Field.tsx";
import { PageShell } from "../../ui/PageShell.tsx";
import { Notice } from "../../ui/States.tsx";
import { say } from "../../ui/toasts.tsx";
import { useDraft } from "../../ui/useDraft.ts";
import { categoriesQuery } from "../tickets/queries.ts";
import { Alike } from "./Alike.tsx";
import "./intake.css";

const EMPTY = {
  channel: "",
  kind: "",
  level: "3",
  title: "",
  content: "",
  requesterName: "",
  requesterPhone: "",
  street: "",
  community: "",
  address: "",
  category1: "",
  category2: "",
  category3: "",
};
type Typed = typeof EMPTY;

export default function NewTicketPage() {
  const session = useSession();
  const navigate = useNavigate();
  const draft = useDraft<Typed>(`${session.login}.new-ticket`, EMPTY);
  const [refused, setRefused] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const typed = draft.value;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (typed.channel === "") return setRefused(INTAKE.needChannel);
    if (typed.content.trim() === "") return setRefused(INTAKE.needContent);
    setBusy(true);
    setRefused(null);
    const { level, ...rest } = typed;
    try {
      const { ticket } = await bodyOf(
        http.POST("/api/tickets", {
          body: { ...rest, level: LEVEL_OF.find((l) => String(l) === level) ?? 3 },
        }),
      );
      draft.drop();
      say(INTAKE.received(ticket.number));
      void navigate({ to: "/tickets/$id", params: { id: ticket.id } });
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
      setBusy(false);
    }
  };
  const input = (name: keyof Typed, label: string) => (
    <Field label={label}>
      {(control) => (
        <Input {...control} value={typed[name]} onChange={(e) => draft.set({ [name]: e.target.value })} />
      )}
    </Field>
  );
  return (
    <PageShell title={T.nav.newTicket} about={INTAKE.newAbout}>
      <div className="new-ticket">
        <form className="card form-card wide" onSubmit={submit}>
          <div className="form-grid">
            <Field label={T.tickets.names.channel} required>
              {(control) => (
                <Select
                  {...control}
                  style={{ width: "100%" }}
                  value={typed.channel || null}
                  placeholder={INTAKE.pickChannel}
                  options={INTAKE.channels.map((c) => ({ value: c, label: c }))}
                  onChange={(channel) => draft.set({ channel: channel ?? "" })}
                />
              )}
            </Field>
            <Choice
              label={T.tickets.names.kind}
              options={INTAKE.kinds.map((k) => ({ value: k, label: k }))}
              value={typed.kind || undefined}
              onChange={(kind) => draft.set({ kind: kind ?? "" })}
            />
            <Choice
              label={T.moves.fields.level}
              options={LEVEL_OF.map((l) => ({
                value: String(l),
                label: `${LEVELS[l].short}（${LEVELS[l].zh}）`,
              }))}
              value={typed.level}
              onChange={(level) => draft.set({ level: level ?? "3" })}
            />
          </div>
          {input("title", T.moves.fields.title)}
          <Field label={T.tickets.content} required hint={INTAKE.contentHint}>
            {(control) => (
              <Input.TextArea
                {...control}
                autoSize={{ minRows: 5, maxRows: 16 }}
                value={typed.content}
                onChange={(e) => draft.set({ content: e.target.value })}
              />
            )}
          </Field>
          <div className="form-grid">
            {input("requesterName", INTAKE.requesterName)}
            {input("requesterPhone", INTAKE.requesterPhone)}
            <StreetField value={typed.street} onChange={(street) => draft.set({ street })} />
            {input("community", T.tickets.names.community)}
          </div>
          {input("address", T.tickets.names.address)}
          <CategoryFields typed={typed} onChange={draft.set} />
          {refused && (
            <div className="field-gap">
              <Notice tone="wrong">{refused}</Notice>
            </div>
          )}
          <div className="move-buttons field-gap">
            <Button type="primary" htmlType="submit" loading={busy}>
              {INTAKE.receive}
            </Button>
            <Button
              onClick={() => {
                draft.set(EMPTY);
                draft.drop();
              }}
            >
              {INTAKE.clear}
            </Button>
          </div>
        </form>
        <Alike phone={typed.requesterPhone} title={typed.title} content={typed.content} />
      </div>
    </PageShell>
  );
}

const LEVEL_OF = [1, 2, 3, 4] as const;

function StreetField({ value, onChange }: { value: string; onChange: (street: string) => void }) {
  const units = useQuery(unitsQuery);
  const streets = (units.data ?? []).filter((u) => u.kind === "street" || u.kind === "town");
  return (
    <Field label={T.tickets.names.street}>
      {(control) => (
        <Select
          {...control}
          style={{ width: "100%" }}
          showSearch
          allowClear
          value={value || null}
          options={streets.map((u) => ({ value: u.name, label: u.name }))}
          onChange={(street) => onChange(street ?? "")}
        />
      )}
    </Field>
  );
}

function CategoryFields({ typed, onChange }: { typed: Typed; onChange: (change: Partial<Typed>) => void }) {
  const categories = useQuery(categoriesQuery);
  const options = useMemo(
    () =>
      (categories.data ?? []).map((c) => ({
        value: c.id,
        label: [c.level1, c.level2, c.level3].filter((l) => l !== "").join(" / "),
      })),
    [categories.data],
  );
  const chosen = categories.data?.find(
    (c) => c.level1 === typed.category1 && c.level2 === typed.category2 && c.level3 === typed.category3,
  );
  return (
    <div className="field-gap">
      <Field label={T.tickets.names.category}>
        {(control) => (
          <Select
            {...control}
            style={{ width: "100%" }}
            showSearch={{ optionFilterProp: "label" }}
            allowClear
            value={chosen?.id ?? null}
            options={options}
            onChange={(id) => {
              const picked = categories.data?.find((c) => c.id === id);
              onChange({
                category1: picked?.level1 ?? "",
                category2: picked?.level2 ?? "",
                category3: picked?.level3 ?? "",
              });
            }}
          />
        )}
      </Field>
    </div>
  );
}
