/** 问题分类. The district's table of matters with codes, who handles them by default, and the days they are valid. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Checkbox, Input, Select } from "antd";
import { type FormEvent, useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { unitsQuery } from "../../api/queries.ts";
import { hasRole, useSession } from "../../api/session.ts";
import { ADMIN } from "../../texts/admin.ts";
import { PEOPLE } from "../../texts/people.ts";
import { T } from "../../texts.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { Field } from "../../ui/Field.tsx";
import { PageShell } from "../../ui/PageShell.tsx";
import { EmptyState, Failed, Loading, Notice } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { say } from "../../ui/toasts.tsx";
import { useDraft } from "../../ui/useDraft.ts";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { allCategoriesQuery } from "./queries.ts";
import "./people.css";

type Category = Awaited<ReturnType<NonNullable<typeof allCategoriesQuery.queryFn>>>[number];

export default function CategoriesPage() {
  const session = useSession();
  const edits = hasRole(session, "sysadmin");
  const categories = useQuery(allCategoriesQuery);
  const units = useQuery(unitsQuery);
  const [words, setWords] = useState("");
  const [closed, setClosed] = useState(false);
  const [editing, setEditing] = useState<Category | "new" | null>(null);
  const nameOf = new Map((units.data ?? []).map((u) => [u.id, u.shortName]));
  const found = (categories.data ?? []).filter(
    (c) =>
      (closed || c.validTo === null) &&
      [c.level1, c.level2, c.level3, c.code ?? ""].some((t) => t.includes(words.trim())),
  );
  const columns: Column<Category>[] = [
    { key: "1", title: ADMIN.level1, nowrap: true, cell: (c) => c.level1 },
    { key: "2", title: ADMIN.level2, nowrap: true, cell: (c) => c.level2 },
    { key: "3", title: ADMIN.level3, nowrap: true, cell: (c) => c.level3 },
    { key: "code", title: ADMIN.code, nowrap: true, cell: (c) => c.code ?? "" },
    {
      key: "unit",
      title: ADMIN.defaultUnit,
      nowrap: true,
      cell: (c) => (c.toStreet ? ADMIN.toStreet : c.defaultUnitId ? (nameOf.get(c.defaultUnitId) ?? "") : ""),
    },
    {
      key: "valid",
      title: ADMIN.valid,
      nowrap: true,
      cell: (c) => (
        <>
          {c.validFrom} 起 {c.validTo && <Tag>{PEOPLE.endedOn(c.validTo)}</Tag>}
        </>
      ),
    },
    { key: "source", title: ADMIN.paper, cell: (c) => c.source },
    ...(edits
      ? [
          {
            key: "do",
            title: PEOPLE.actions,
            nowrap: true,
            cell: (c: Category) => (
              <Button type="link" onClick={() => setEditing(c)}>
                {PEOPLE.edit}
              </Button>
            ),
          },
        ]
      : []),
  ];
  return (
    <PageShell
      title={ADMIN.categories}
      about={
        categories.data && ADMIN.categoriesAbout(categories.data.filter((c) => c.validTo === null).length)
      }
      actions={
        <>
          <Checkbox checked={closed} onChange={(e) => setClosed(e.target.checked)}>
            {ADMIN.withClosed}
          </Checkbox>
          <Input
            className="page-search"
            type="search"
            aria-label={ADMIN.findCategory}
            placeholder={ADMIN.findCategory}
            allowClear
            value={words}
            onChange={(e) => setWords(e.target.value)}
          />
          {edits && (
            <Button type="primary" onClick={() => setEditing("new")}>
              {ADMIN.addCategory}
            </Button>
          )}
        </>
      }
    >
      {categories.isPending ? (
        <Loading what={T.loading} />
      ) : categories.isError ? (
        <Failed sentence={sentenceOf(categories.error)} retry={() => void categories.refetch()} />
      ) : found.length === 0 ? (
        <EmptyState title={ADMIN.noCategory}>{ADMIN.noCategoryAbout}</EmptyState>
      ) : (
        <div className="card">
          <WorkTable label={ADMIN.categories} columns={columns} rows={found} rowKey={(c) => c.id} />
        </div>
      )}
      {editing && (
        <CategoryDialog category={editing === "new" ? null : editing} onClose={() => setEditing(null)} />
      )}
    </PageShell>
  );
}

function CategoryDialog({ category, onClose }: { category: Category | null; onClose: () => void }) {
  const session = useSession();
  const queries = useQueryClient();
  const units = useQuery(unitsQuery);
  const draft = useDraft(
    `${session.login}.category.${category ? `${category.id}.${category.version}` : "new"}`,
    {
      ...{ level1: category?.level1 ?? "", level2: category?.level2 ?? "", level3: category?.level3 ?? "" },
      ...{
        code: category?.code ?? "",
        source: category?.source ?? "",
        toStreet: category?.toStreet ?? false,
      },
      defaultUnitId: category?.defaultUnitId ?? null,
      validFrom: category?.validFrom ?? "",
      validTo: category?.validTo ?? "",
    },
  );
  const { value, set } = draft;
  const [refused, setRefused] = useState<string | null>(null);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    const { validFrom, ...rest } = value;
    const body = {
      ...rest,
      code: value.code.trim() || null,
      defaultUnitId: value.toStreet ? null : value.defaultUnitId,
      validTo: value.validTo || null,
      ...(validFrom ? { validFrom } : {}),
    };
    try {
      await bodyOf(
        category
          ? http.PUT("/api/categories/{id}", {
              params: { path: { id: category.id } },
              body: { ...body, version: category.version },
            })
          : http.POST("/api/categories", { body }),
      );
      draft.drop();
      say(ADMIN.saved);
      void queries.invalidateQueries({ queryKey: ["categories"] });
      onClose();
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
    }
  };
  const text = (key: "level1" | "level2" | "level3" | "code" | "source", label: string, required = false) => (
    <Field label={label} required={required}>
      {(control) => (
        <Input
          {...control}
          maxLength={key === "source" ? 200 : 60}
          value={value[key]}
          onChange={(e) => set({ [key]: e.target.value })}
        />
      )}
    </Field>
  );
  const day = (key: "validFrom" | "validTo", label: string) => (
    <Field label={label}>
      {(control) => (
        <input
          {...control}
          className="native"
          type="date"
          value={value[key]}
          onChange={(e) => set({ [key]: e.target.value })}
        />
      )}
    </Field>
  );
  return (
    <Dialog title={category ? ADMIN.editCategory : ADMIN.addCategory} onClose={onClose} width={600}>
      <form onSubmit={save} className="two-columns">
        {text("level1", ADMIN.level1, true)}
        {text("level2", ADMIN.level2)}
        {text("level3", ADMIN.level3)}
        {text("code", ADMIN.code)}
        <Field label={ADMIN.defaultUnit}>
          {(control) => (
            <Select
              {...control}
              style={{ width: "100%" }}
              allowClear
              disabled={value.toStreet}
              placeholder={ADMIN.none}
              showSearch={{ optionFilterProp: "label" }}
              value={value.defaultUnitId}
              options={(units.data ?? [])
                .filter((u) => u.validTo === null)
                .map((u) => ({ value: u.id, label: u.name }))}
              onChange={(id: string | undefined) => set({ defaultUnitId: id ?? null })}
            />
          )}
        </Field>
        <div className="field">
          <Checkbox checked={value.toStreet} onChange={(e) => set({ toStreet: e.target.checked })}>
            {ADMIN.toStreet}
          </Checkbox>
        </div>
        {day("validFrom", ADMIN.validFrom)}
        {day("validTo", ADMIN.validTo)}
        <div className="whole">{text("source", ADMIN.source)}</div>
        {refused && (
          <div className="whole">
            <Notice tone="wrong">{refused}</Notice>
          </div>
        )}
        <div className="dialog-foot whole">
          <Button onClick={onClose}>{T.cancel}</Button>
          <Button type="primary" htmlType="submit">
            {T.save}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
