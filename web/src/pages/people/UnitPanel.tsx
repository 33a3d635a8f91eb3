/** 一个单位. Everything known of it: facts, names through time, other names, communities, and what still points to it. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { hasRole, useSession, works } from "../../api/session.ts";
import type { Unit } from "../../api/types.ts";
import { ADMIN } from "../../texts/admin.ts";
import { PEOPLE } from "../../texts/people.ts";
import { T } from "../../texts.ts";
import { DetailPanel, Facts } from "../../ui/DetailPanel.tsx";
import { Failed, Loading, Notice } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { sayWrong } from "../../ui/toasts.tsx";
import { Aliases } from "./Aliases.tsx";
import { MergeDialog } from "./MergeDialog.tsx";
import { refreshUnits, unitQuery } from "./queries.ts";
import { RenameDialog } from "./RenameDialog.tsx";
import { UnitDialog } from "./UnitDialog.tsx";

export function UnitPanel({ id, units }: { id: string; units: readonly Unit[] }) {
  const session = useSession();
  const queries = useQueryClient();
  const query = useQuery(unitQuery(id));
  const [doing, setDoing] = useState<"edit" | "rename" | "merge" | null>(null);
  const edits = hasRole(session, "sysadmin");
  const close = () => setDoing(null);
  if (query.isPending) return <Loading what={T.loading} />;
  if (query.isError) return <Failed sentence={sentenceOf(query.error)} retry={() => void query.refetch()} />;
  const unit = query.data;
  const { used } = unit;
  const dropName = async () => {
    try {
      await bodyOf(http.DELETE("/api/units/{id}/rename", { params: { path: { id } } }));
      refreshUnits(queries);
    } catch (thrown) {
      sayWrong(sentenceOf(thrown));
    }
  };
  return (
    <div className="card unit-panel" data-version={unit.version}>
      <header className="card-head">
        <h2>{unit.name}</h2>
        <Tag>{unit.kindZh}</Tag>
        {edits && unit.mergedInto === null && (
          <div className="unit-acts">
            <Button onClick={() => setDoing("edit")}>{PEOPLE.edit}</Button>
            <Button onClick={() => setDoing("rename")}>{ADMIN.rename}</Button>
            <Button onClick={() => setDoing("merge")}>{ADMIN.merge}</Button>
          </div>
        )}
      </header>
      {unit.mergedInto && (
        <Notice tone="near">
          {ADMIN.merged(unit.mergedInto.name, unit.mergedFrom ?? "")}{" "}
          <Link to="/units" search={{ unit: unit.mergedInto.id }}>
            {unit.mergedInto.name}
          </Link>
        </Notice>
      )}
      <div className="unit-columns">
        <div>
          <DetailPanel title={ADMIN.facts}>
            <Facts
              of={[
                [PEOPLE.shortName, unit.shortName],
                [PEOPLE.code, unit.code],
                [ADMIN.parent, units.find((u) => u.id === unit.parentId)?.name],
                [ADMIN.contact, unit.contact],
                [ADMIN.phone, unit.phone],
                [ADMIN.validFrom, unit.validFrom],
                [ADMIN.validTo, unit.validTo],
              ]}
            />
          </DetailPanel>
          <DetailPanel title={PEOPLE.aliases}>
            <Aliases
              unit={unit}
              adds={hasRole(session, "sysadmin", "triager", "shiftLead")}
              removes={edits}
            />
          </DetailPanel>
          {unit.names.length > 0 && (
            <DetailPanel title={ADMIN.names}>
              <ol className="name-history">
                {unit.names.map((n) => (
                  <li key={n.from}>
                    <span className="day">{n.from}</span> <strong>{n.name}</strong>{" "}
                    {n.pending && <Tag tone="strong">{ADMIN.pending}</Tag>}
                    <span className="quiet">
                      {n.source}　{n.userName}
                    </span>
                    {n.pending && edits && (
                      <Button size="small" onClick={() => void dropName()}>
                        {ADMIN.dropName}
                      </Button>
                    )}
                  </li>
                ))}
              </ol>
            </DetailPanel>
          )}
          {unit.communities.length > 0 && (
            <DetailPanel title={ADMIN.communities(unit.communities.length)}>
              <p className="places">{unit.communities.map((c) => c.name).join("、")}</p>
            </DetailPanel>
          )}
        </div>
        <DetailPanel title={ADMIN.used}>
          <Facts
            of={[
              [ADMIN.openTickets, ADMIN.piece(used.open)],
              [ADMIN.applications, used.applications > 0 ? ADMIN.piece(used.applications) : ""],
              [ADMIN.defaults, used.categories.join("；")],
              [ADMIN.children, used.children.map((c) => c.name).join("、")],
              [ADMIN.mergedHere, used.merged.map((m) => `${m.name}（${m.from} 起）`).join("、")],
              [
                ADMIN.people,
                used.users.length > 0
                  ? used.users.map((u) => `${u.name}${u.active ? "" : `（${PEOPLE.off}）`}`).join("、")
                  : ADMIN.nobody,
              ],
            ]}
          />
          {used.tickets.length > 0 && (
            <ul className="used-tickets">
              {used.tickets.map((t) => (
                <li key={t.id}>
                  {works(session) ? (
                    <Link to="/tickets/$id" params={{ id: t.id }}>
                      {t.number}
                    </Link>
                  ) : (
                    t.number
                  )}
                  <span className="quiet">
                    {t.part === "lead" ? "主办" : "协办"} · {t.stateZh}
                  </span>
                </li>
              ))}
              {used.open > used.tickets.length && <li>{ADMIN.more(used.open - used.tickets.length)}</li>}
            </ul>
          )}
        </DetailPanel>
      </div>
      {doing === "edit" && <UnitDialog unit={unit} units={units} onClose={close} onDone={close} />}
      {doing === "rename" && <RenameDialog unit={unit} onClose={close} />}
      {doing === "merge" && <MergeDialog unit={unit} units={units} onClose={close} />}
    </div>
  );
}
