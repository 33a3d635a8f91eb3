/** 催办. Who was urged and has not answered, the unit with the most first; answers, and the ladder explained. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Segmented } from "antd";
import { useState } from "react";
import { sentenceOf } from "../../api/problem.ts";
import { hasSide, useSession } from "../../api/session.ts";
import { URGING } from "../../texts/urging.ts";
import { T } from "../../texts.ts";
import { shortText } from "../../ui/dates.ts";
import { useNow } from "../../ui/now.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { EmptyState, Failed, Loading } from "../../ui/States.tsx";
import { AnswerForm } from "./AnswerForm.tsx";
import { Ladder } from "./Ladder.tsx";
import { type Urge, urgesByUnitQuery, urgesQuery } from "./queries.ts";
import type { UrgeTab } from "./search.ts";
import { UrgeAnswer, UrgeWords } from "./UrgeCard.tsx";
import "../exemption/exemption.css";
import "./urging.css";

const U = URGING;
const TABS: readonly UrgeTab[] = ["open", "answered", "settled", "all", "ladder"];
/** Units in sight above the list. */
const UNITS = 12;

export default function UrgesPage() {
  const session = useSession();
  const centre = hasSide(session, "centre");
  const navigate = useNavigate({ from: "/urging" });
  const { tab = "open", unit } = useSearch({ from: "/urging" });
  const units = useQuery(urgesByUnitQuery);
  const open = units.data?.reduce((sum, line) => sum + line.urges, 0);
  return (
    <PageShell
      title={U.title}
      about={centre ? U.about : U.aboutUnit}
      actions={
        centre && (
          <Link to="/tickets" search={{ queue: "with-units" }}>
            {U.urgeMany}
          </Link>
        )
      }
    >
      <div className="list-tabs">
        <Segmented
          aria-label={U.views}
          options={TABS.map((each) => ({
            value: each,
            label: each === "open" && open !== undefined ? `${U.tabs.open} ${open}` : U.tabs[each],
          }))}
          value={tab}
          onChange={(to) => void navigate({ search: { tab: to, unit }, replace: true })}
        />
      </div>
      {tab === "ladder" ? (
        <Ladder />
      ) : (
        <>
          {centre && tab === "open" && (
            <Units
              chosen={unit}
              onChoose={(to) => void navigate({ search: { tab, unit: to }, replace: true })}
            />
          )}
          <List key={`${tab} ${unit}`} tab={tab} unit={unit} />
        </>
      )}
    </PageShell>
  );
}

/** Which units have not answered; a press shows theirs alone. */
function Units(props: { chosen: string | undefined; onChoose: (unit: string | undefined) => void }) {
  const now = useNow();
  const units = useQuery(urgesByUnitQuery);
  const lines = units.data?.filter((line) => line.unit !== null).slice(0, UNITS) ?? [];
  if (lines.length === 0) return null;
  return (
    <ul className="urge-units" aria-label={U.byUnit}>
      {props.chosen !== undefined && (
        <li>
          <button type="button" className="urge-unit" onClick={() => props.onChoose(undefined)}>
            <strong>{U.allUnits}</strong>
          </button>
        </li>
      )}
      {lines.map(({ unit, urges, tickets, oldestAt }) => (
        <li key={unit?.id}>
          <button
            type="button"
            className="urge-unit"
            aria-pressed={unit?.id === props.chosen}
            onClick={() => props.onChoose(unit?.id === props.chosen ? undefined : unit?.id)}
          >
            <strong>{unit?.name}</strong>
            <span>{U.unitLine(urges, tickets)}</span>
            <span className="quiet">{U.oldest(shortText(oldestAt, now))}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function List({ tab, unit }: { tab: Exclude<UrgeTab, "ladder">; unit: string | undefined }) {
  const list = useInfiniteQuery(urgesQuery(tab, unit));
  if (list.isPending) return <Loading what={T.loading} />;
  if (list.isError) return <Failed sentence={sentenceOf(list.error)} retry={() => void list.refetch()} />;
  const rows = list.data.pages.flatMap((page) => page.rows);
  if (rows.length === 0)
    return <EmptyState title={tab === "open" ? U.noneOpen : U.none}>{U.noneAbout}</EmptyState>;
  return (
    <>
      <ol className="urge-list" aria-label={U.title}>
        {rows.map((urge) => (
          <Row key={urge.id} urge={urge} />
        ))}
      </ol>
      {list.hasNextPage && (
        <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {U.more}
        </Button>
      )}
    </>
  );
}

function Row({ urge }: { urge: Urge }) {
  const session = useSession();
  const [writing, setWriting] = useState(false);
  return (
    <li className="card urge-row">
      <div className="urge-ticket">
        <Link to="/tickets/$id" params={{ id: urge.ticket.id }}>
          {urge.ticket.number}
        </Link>
        <span>{urge.ticket.title}</span>
        <span className="quiet">
          {urge.unit?.name ?? U.centre} · {urge.ticket.stateZh}
        </span>
      </div>
      <UrgeWords urge={urge} />
      <div className="urge-outcome">
        {writing && urge.mayAnswer ? (
          <AnswerForm urge={urge} onDone={() => setWriting(false)} />
        ) : (
          <>
            <UrgeAnswer urge={urge} />
            {urge.mayAnswer && (
              <Button type={session.unit === null ? "text" : "default"} onClick={() => setWriting(true)}>
                {session.unit === null ? U.answerForUnit : U.answerIt}
              </Button>
            )}
          </>
        )}
      </div>
    </li>
  );
}
