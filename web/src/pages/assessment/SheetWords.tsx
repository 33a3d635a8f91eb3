/** 通报文字. The four sections of the notice: written while it is a draft, kept as it is typed, read afterwards. */
import { SHEET_SECTION_KEYS, SHEET_SECTIONS } from "@jiesu/core/assessment/scoresheetwords.ts";
import { Button, Input } from "antd";
import { http } from "../../api/client.ts";
import { useSession } from "../../api/session.ts";
import type { ScoreSheet } from "../../api/types.ts";
import { SHEETS as W } from "../../texts/sheets.ts";
import { Field } from "../../ui/Field.tsx";
import { Notice } from "../../ui/States.tsx";
import { useDraft } from "../../ui/useDraft.ts";
import { useWork } from "./SheetActs.tsx";

export function SheetWords({ sheet }: { sheet: ScoreSheet }) {
  const shown = SHEET_SECTION_KEYS.filter((key) => sheet.words[key].trim() !== "");
  return (
    <section className="card ledger-card" aria-label={W.words}>
      <header className="card-head">
        <h2>{W.words}</h2>
        {sheet.mayWrite && <span className="quiet">{W.wordsAbout}</span>}
      </header>
      <div className="ledger-inner">
        {sheet.mayWrite ? (
          <Editor sheet={sheet} />
        ) : shown.length === 0 ? (
          <p className="quiet">{W.noWords}</p>
        ) : (
          shown.map((key) => (
            <div key={key} className="sheet-section">
              <h3>{SHEET_SECTIONS[key]}</h3>
              <p>{sheet.words[key]}</p>
            </div>
          ))
        )}
      </div>
    </section>
  );
}

function Editor({ sheet }: { sheet: ScoreSheet }) {
  const session = useSession();
  const initial = { ...sheet.words, number: sheet.number };
  // Its edition is in the name: what was typed over older figures is not laid over newer ones.
  const draft = useDraft(`${session.login}.sheet-words.${sheet.id}.${sheet.edition}`, initial);
  const { busy, refused, run } = useWork();
  const { number, ...words } = draft.value;
  const changed =
    number !== sheet.number || SHEET_SECTION_KEYS.some((key) => words[key] !== sheet.words[key]);
  const keep = async () => {
    const kept = await run(
      () =>
        http.PATCH("/api/assessment/sheets/{id}", {
          params: { path: { id: sheet.id } },
          body: { edition: sheet.edition, number, words },
        }),
      W.saved,
    );
    if (kept) draft.drop();
  };
  return (
    <form
      aria-label={W.words}
      onSubmit={(e) => {
        e.preventDefault();
        void keep();
      }}
    >
      <Field label={W.numberLabel} hint={W.numberHint}>
        {(control) => (
          <input
            {...control}
            className="native sheet-number"
            maxLength={100}
            value={number}
            onChange={(e) => draft.set({ number: e.target.value })}
          />
        )}
      </Field>
      {SHEET_SECTION_KEYS.map((key) => (
        <Field
          key={key}
          label={SHEET_SECTIONS[key]}
          hint={key !== "advice" && sheet.written.includes(key) ? W.writtenMark : undefined}
        >
          {(control) => (
            <Input.TextArea
              {...control}
              autoSize={{ minRows: 2, maxRows: 14 }}
              maxLength={20_000}
              placeholder={key === "advice" ? W.advicePlace : ""}
              value={words[key]}
              onChange={(e) => draft.set({ [key]: e.target.value })}
            />
          )}
        </Field>
      ))}
      {refused && <Notice tone="wrong">{refused}</Notice>}
      {changed && <Notice>{W.unsaved}</Notice>}
      <Button type="primary" htmlType="submit" loading={busy} disabled={!changed}>
        {W.saveWords}
      </Button>
    </form>
  );
}
