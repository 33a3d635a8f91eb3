/** 承办单位. The district's units as a tree; at its side one of them whole: names, communities, where it is used. */
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Input } from "antd";
import { useMemo, useState } from "react";
import { sentenceOf } from "../../api/problem.ts";
import { unitsQuery } from "../../api/queries.ts";
import { hasRole, useSession } from "../../api/session.ts";
import { ADMIN } from "../../texts/admin.ts";
import { PEOPLE } from "../../texts/people.ts";
import { T } from "../../texts.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { EmptyState, Failed, Loading } from "../../ui/States.tsx";
import { TreeList } from "../../ui/TreeList.tsx";
import { communitiesQuery } from "./queries.ts";
import { UnitDialog } from "./UnitDialog.tsx";
import { UnitPanel } from "./UnitPanel.tsx";
import { treeRows } from "./unittree.ts";
import "./people.css";

export default function UnitsPage() {
  const session = useSession();
  const navigate = useNavigate();
  const { unit: chosen = null } = useSearch({ from: "/units" });
  const units = useQuery(unitsQuery);
  const communities = useQuery(
    communitiesQuery(hasRole(session, "sysadmin", "triager", "shiftLead", "leader")),
  );
  const [words, setWords] = useState("");
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const [adding, setAdding] = useState(false);
  const rows = useMemo(
    () => treeRows(units.data ?? [], communities.data ?? [], opened, words),
    [units.data, communities.data, opened, words],
  );
  const toggle = (id: string) =>
    setOpened((before) => {
      const next = new Set(before);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  const choose = (id: string) => {
    if (id.startsWith("k:")) return toggle(id);
    const unit = id.startsWith("c:") ? communities.data?.find((c) => `c:${c.code}` === id)?.unitId : id;
    if (unit) void navigate({ to: "/units", search: { unit } });
  };
  return (
    <PageShell
      title={PEOPLE.units}
      about={units.data && PEOPLE.unitsAbout(units.data.length)}
      actions={
        hasRole(session, "sysadmin") && (
          <Button type="primary" onClick={() => setAdding(true)}>
            {PEOPLE.addUnit}
          </Button>
        )
      }
    >
      {units.isPending ? (
        <Loading what={T.loading} />
      ) : units.isError ? (
        <Failed sentence={sentenceOf(units.error)} retry={() => void units.refetch()} />
      ) : (
        <div className="units">
          <section className="card units-tree" aria-label={ADMIN.tree}>
            <Input
              type="search"
              aria-label={ADMIN.find}
              placeholder={ADMIN.find}
              allowClear
              value={words}
              onChange={(e) => setWords(e.target.value)}
            />
            {rows.length === 0 ? (
              <EmptyState title={PEOPLE.noUnit}>{PEOPLE.noUnitAbout}</EmptyState>
            ) : (
              <TreeList label={ADMIN.tree} rows={rows} chosen={chosen} onChoose={choose} onToggle={toggle} />
            )}
          </section>
          <div className="units-side">
            {chosen === null ? (
              <div className="card">
                <EmptyState title={ADMIN.pick}>{ADMIN.pickAbout}</EmptyState>
              </div>
            ) : (
              <UnitPanel key={chosen} id={chosen} units={units.data} />
            )}
          </div>
        </div>
      )}
      {adding && (
        <UnitDialog
          unit={null}
          units={units.data ?? []}
          onClose={() => setAdding(false)}
          onDone={(id) => {
            setAdding(false);
            void navigate({ to: "/units", search: { unit: id } });
          }}
        />
      )}
    </PageShell>
  );
}
