/** 对应与试导入. Which column means what, which unit is which, and a trial that writes nothing, before one confirms. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Button, Checkbox, Select } from "antd";
import { useEffect, useRef, useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { unitsQuery } from "../../api/queries.ts";
import { useSession } from "../../api/session.ts";
import type { Batch, Preview } from "../../api/types.ts";
import { INTAKE } from "../../texts/intake.ts";
import { T } from "../../texts.ts";
import { Field } from "../../ui/Field.tsx";
import { Notice } from "../../ui/States.tsx";
import { say } from "../../ui/toasts.tsx";
import { useDraft } from "../../ui/useDraft.ts";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { HeaderPlace } from "./HeaderPlace.tsx";
import { type MappedColumn, MappingTable } from "./MappingTable.tsx";
import { importPages, importQuery } from "./queries.ts";
import { SeenRows } from "./SeenRows.tsx";

interface Choice {
  readonly profile: string;
  /** Header → field, only those that a person has changed. */
  readonly mapping: Readonly<Record<string, string>>;
  readonly createUnits: boolean;
}

export function ImportChoices({ batch }: { batch: Batch }) {
  const session = useSession();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const learned = Object.fromEntries(batch.columns.map((column) => [column.header, column.field]));
  const draft = useDraft<Choice>(
    `${session.login}.import.${batch.id}.${batch.sheetIndex}.${batch.headerRow}`,
    {
      profile: batch.profile,
      mapping: batch.profile === "" ? {} : learned,
      createUnits: false,
    },
  );
  const choice = draft.value;
  const [preview, setPreview] = useState<{ of: Choice; seen: Preview } | null>(null);
  const [busy, setBusy] = useState<"looking" | "confirming" | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const fresh = preview !== null && preview.of === choice;
  const columns = (preview?.seen.columns ?? batch.columns).map((column) => ({
    ...column,
    ...chosenField(column, choice.mapping[column.header]),
  }));
  const body = {
    ...(choice.profile === "" ? {} : { profile: choice.profile }),
    mapping: { ...choice.mapping },
    createUnits: choice.createUnits,
  };
  const params = { path: { id: batch.id } };

  const look = async () => {
    setBusy("looking");
    setRefused(null);
    try {
      setPreview({
        of: choice,
        seen: await bodyOf(http.POST("/api/imports/{id}/preview", { params, body })),
      });
    } catch (thrown) {
      setPreview(null);
      setRefused(sentenceOf(thrown));
    } finally {
      setBusy(null);
    }
  };
  const confirm = async () => {
    setBusy("confirming");
    setRefused(null);
    try {
      const begun = await bodyOf(http.POST("/api/imports/{id}/confirm", { params, body }));
      draft.drop();
      queries.setQueryData(importQuery(batch.id).queryKey, begun);
      void queries.invalidateQueries({ queryKey: importPages.queryKey });
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
      setBusy(null);
    }
  };
  const giveUp = async () => {
    try {
      await bodyOf(http.POST("/api/imports/{id}/cancel", { params }));
      draft.drop();
      void queries.invalidateQueries({ queryKey: ["imports"] });
      void navigate({ to: "/intake" });
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
    }
  };
  // A profile that was recognised needs no hand: the trial runs at once.
  const begun = useRef(false);
  useEffect(() => {
    if (begun.current || choice.profile === "") return;
    begun.current = true;
    void look();
  });
  return (
    <div className="import-steps">
      <HeaderPlace batch={batch} />
      <section className="card" aria-label={INTAKE.mapping}>
        <header className="card-head">
          <h2>{INTAKE.mapping}</h2>
          <span className="quiet">{INTAKE.mappingAbout}</span>
        </header>
        <div className="import-profile">
          <Field label={INTAKE.profile} hint={choice.profile === "" ? INTAKE.noProfile : undefined}>
            {(control) => (
              <Select
                {...control}
                style={{ width: 280 }}
                value={choice.profile || null}
                placeholder={INTAKE.pickProfile}
                options={batch.profiles.map((p) => ({ value: p.name, label: p.zh }))}
                onChange={(profile) => {
                  setPreview(null);
                  begun.current = false;
                  draft.set({ profile: profile ?? "", mapping: {} });
                }}
              />
            )}
          </Field>
        </div>
        {batch.duplicated.length > 0 && (
          <Notice tone="near">{INTAKE.duplicated(batch.duplicated.join("、"))}</Notice>
        )}
        <MappingTable
          columns={columns}
          fields={preview?.seen.fields ?? batch.fields}
          onChange={(header, field) =>
            draft.set({
              mapping: { ...Object.fromEntries(columns.map((c) => [c.header, c.field])), [header]: field },
            })
          }
        />
      </section>
      <section className="card import-preview" aria-label={INTAKE.preview} aria-busy={busy === "looking"}>
        <header className="card-head">
          <h2>{INTAKE.preview}</h2>
          <span className="quiet">{INTAKE.previewAbout}</span>
        </header>
        <div className="import-preview-body">
          <div className="move-buttons">
            <Button
              type={fresh ? "default" : "primary"}
              loading={busy === "looking"}
              onClick={() => void look()}
            >
              {preview ? INTAKE.lookAgain : INTAKE.look}
            </Button>
            <Button
              type={fresh ? "primary" : "default"}
              disabled={!fresh || busy !== null}
              title={fresh ? undefined : INTAKE.lookFirst}
              onClick={() => void confirm()}
            >
              {preview && fresh
                ? INTAKE.confirm(preview.seen.toCreate + preview.seen.toUpdate)
                : INTAKE.confirmWord}
            </Button>
            <Button type="text" disabled={busy !== null} onClick={() => void giveUp()}>
              {INTAKE.giveUp}
            </Button>
          </div>
          {refused && <Notice tone="wrong">{refused}</Notice>}
          {busy === "looking" && (
            <p role="status" className="quiet">
              {INTAKE.looking(batch.rows)}
            </p>
          )}
          {preview && (
            <Seen
              preview={preview.seen}
              stale={!fresh}
              createUnits={choice.createUnits}
              onCreateUnits={(createUnits) => draft.set({ createUnits })}
              batchId={batch.id}
              onMapped={() => void look()}
            />
          )}
        </div>
      </section>
    </div>
  );
}

/** A column with what a person chose for it since the server was last asked. */
function chosenField(column: MappedColumn, chosen: string | undefined): Partial<MappedColumn> {
  if (chosen === undefined || chosen === column.field) return {};
  return { field: chosen, because: "hand", why: INTAKE.byHand, doubt: null };
}

function Seen(props: {
  preview: Preview;
  stale: boolean;
  createUnits: boolean;
  onCreateUnits: (on: boolean) => void;
  batchId: string;
  onMapped: () => void;
}) {
  const { preview } = props;
  return (
    <>
      {props.stale && <Notice tone="near">{INTAKE.stale}</Notice>}
      <SeenRows preview={preview} stale={props.stale} />
      {preview.unknownUnits.length > 0 && <UnknownUnits {...props} units={preview.unknownUnits} />}
    </>
  );
}

/** Units that the district lacks: each to be mapped, which makes an alias, or all to be created. */
function UnknownUnits(props: Parameters<typeof Seen>[0] & { units: Preview["unknownUnits"] }) {
  const units = useQuery(unitsQuery);
  const queries = useQueryClient();
  const [mapped, setMapped] = useState<Readonly<Record<string, string>>>({});
  const [refused, setRefused] = useState<string | null>(null);
  const map = Object.entries(mapped).map(([name, unitId]) => ({ name, unitId }));
  const save = async () => {
    setRefused(null);
    try {
      await bodyOf(
        http.POST("/api/imports/{id}/unknown-units", {
          params: { path: { id: props.batchId } },
          body: { map },
        }),
      );
      say(INTAKE.mapped(map.length));
      setMapped({});
      void queries.invalidateQueries({ queryKey: unitsQuery.queryKey });
      props.onMapped();
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
    }
  };
  const columns: Column<Preview["unknownUnits"][number]>[] = [
    { key: "name", title: INTAKE.unknownName, cell: (unit) => unit.name },
    { key: "rows", title: INTAKE.rows, align: "right", width: 70, cell: (unit) => unit.rows },
    {
      key: "to",
      title: INTAKE.mapTo,
      width: 230,
      cell: (unit) => (
        <Select
          aria-label={INTAKE.mapUnit(unit.name)}
          style={{ width: "100%", minWidth: 140 }}
          allowClear
          showSearch={{ optionFilterProp: "label" }}
          placeholder={T.moves.unitHint}
          value={mapped[unit.name] ?? null}
          options={(units.data ?? []).map((u) => ({ value: u.id, label: u.name }))}
          onChange={(unitId) => {
            const { [unit.name]: _old, ...rest } = mapped;
            setMapped(unitId ? { ...rest, [unit.name]: unitId } : rest);
          }}
        />
      ),
    },
  ];
  return (
    <section aria-label={INTAKE.unknownTitle(props.units.length)}>
      <h3 className="import-title">{INTAKE.unknownTitle(props.units.length)}</h3>
      <p className="quiet">{INTAKE.unknownAbout}</p>
      <WorkTable
        label={INTAKE.unknownName}
        columns={columns}
        rows={props.units}
        rowKey={(u) => u.name}
        maxHeight="34vh"
      />
      {refused && <Notice tone="wrong">{refused}</Notice>}
      <div className="move-buttons field-gap">
        <Button disabled={map.length === 0} onClick={() => void save()}>
          {INTAKE.saveMap(map.length)}
        </Button>
        <Checkbox checked={props.createUnits} onChange={(e) => props.onCreateUnits(e.target.checked)}>
          {INTAKE.createUnits}
        </Checkbox>
      </div>
    </section>
  );
}
