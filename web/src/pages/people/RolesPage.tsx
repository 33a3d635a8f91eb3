/** 岗位与权限. What each role may do, as the house itself declares it: one role's list, or all of them side by side. */
import { useQuery } from "@tanstack/react-query";
import { Checkbox, Select } from "antd";
import { useState } from "react";
import { sentenceOf } from "../../api/problem.ts";
import { ADMIN } from "../../texts/admin.ts";
import { PEOPLE } from "../../texts/people.ts";
import { T } from "../../texts.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { Failed, Loading } from "../../ui/States.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { rolesQuery } from "./queries.ts";
import "./people.css";

interface Row {
  readonly key: string;
  readonly area: string;
  readonly zh: string;
  readonly roles: readonly string[];
}

export default function RolesPage() {
  const matrix = useQuery(rolesQuery);
  const [role, setRole] = useState<string | null>(null);
  const [writes, setWrites] = useState(true);
  const roles = matrix.data?.roles ?? [];
  const shown = roles.filter((r) => role === null || r.role === role);
  const rows: Row[] = (matrix.data?.areas ?? []).flatMap((area) =>
    area.rows
      .filter((r) => (!writes || r.writes) && (role === null || r.roles.includes(role)))
      .map((r, i) => ({ key: `${area.zh}${i}${r.zh}`, area: area.zh, zh: r.zh, roles: r.roles })),
  );
  const columns: Column<Row>[] = [
    { key: "area", title: "", nowrap: true, cell: (r) => <span className="quiet">{r.area}</span> },
    { key: "zh", title: ADMIN.act, cell: (r) => r.zh },
    ...shown.map((r) => ({
      key: r.role,
      title: r.zh,
      definition: ADMIN.held(r.people),
      align: "center" as const,
      cell: (row: Row) =>
        row.roles.includes(r.role) ? (
          <span role="img" aria-label={ADMIN.yes}>
            ✓
          </span>
        ) : (
          <span className="sr">{ADMIN.no}</span>
        ),
    })),
  ];
  return (
    <PageShell
      title={ADMIN.rolesPage}
      about={ADMIN.rolesAbout}
      actions={
        <>
          <Checkbox checked={writes} onChange={(e) => setWrites(e.target.checked)}>
            {ADMIN.onlyWrites}
          </Checkbox>
          <Select
            aria-label={PEOPLE.roles}
            style={{ width: 180 }}
            allowClear
            placeholder={ADMIN.allRoles}
            value={role}
            options={roles.map((r) => ({ value: r.role, label: `${r.zh}（${ADMIN.held(r.people)}）` }))}
            onChange={(next: string | undefined) => setRole(next ?? null)}
          />
        </>
      }
    >
      {matrix.isPending ? (
        <Loading what={T.loading} />
      ) : matrix.isError ? (
        <Failed sentence={sentenceOf(matrix.error)} retry={() => void matrix.refetch()} />
      ) : (
        <div className="card role-matrix">
          <WorkTable
            label={ADMIN.rolesPage}
            columns={columns}
            rows={rows}
            rowKey={(r) => r.key}
            maxHeight="calc(100vh - 160px)"
          />
        </div>
      )}
    </PageShell>
  );
}
