/** 系统设置. What the house was started with; only to be read, and nothing secret. */
import { queryOptions, useQuery } from "@tanstack/react-query";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { ADMIN } from "../../texts/admin.ts";
import { T } from "../../texts.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { Failed, Loading } from "../../ui/States.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";

const settingsQuery = queryOptions({
  queryKey: ["settings", "system"],
  queryFn: () => bodyOf(http.GET("/api/settings/system")),
});
type Setting = Awaited<ReturnType<NonNullable<typeof settingsQuery.queryFn>>>[number];

const COLUMNS: readonly Column<Setting>[] = [
  { key: "name", title: ADMIN.setting, nowrap: true, cell: (s) => <code>{s.name}</code> },
  { key: "meaning", title: ADMIN.meaning, cell: (s) => s.meaning },
  {
    key: "value",
    title: ADMIN.value,
    cell: (s) => (s.set ? (s.value ?? ADMIN.hidden) : <span className="quiet">{ADMIN.isDefault}</span>),
  },
  { key: "default", title: ADMIN.byDefault, cell: (s) => s.byDefault },
];

export default function SettingsPage() {
  const settings = useQuery(settingsQuery);
  return (
    <PageShell title={ADMIN.settings} about={ADMIN.settingsAbout}>
      {settings.isPending ? (
        <Loading what={T.loading} />
      ) : settings.isError ? (
        <Failed sentence={sentenceOf(settings.error)} retry={() => void settings.refetch()} />
      ) : (
        <div className="card">
          <WorkTable label={ADMIN.settings} columns={COLUMNS} rows={settings.data} rowKey={(s) => s.name} />
        </div>
      )}
    </PageShell>
  );
}
