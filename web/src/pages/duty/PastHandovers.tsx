/** 历次交接. What each shift left, with the work that was open then, and who took it over. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { sentenceOf } from "../../api/problem.ts";
import type { Handover } from "../../api/types.ts";
import { DUTY } from "../../texts/duty.ts";
import { T } from "../../texts.ts";
import { minuteText, shortText } from "../../ui/dates.ts";
import { useNow } from "../../ui/now.ts";
import { EmptyState, Failed, Loading } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { OpenWork } from "./OpenWork.tsx";
import { handoversQuery } from "./queries.ts";

export function PastHandovers() {
  const pages = useInfiniteQuery(handoversQuery);
  const rows = pages.data?.pages.flatMap((page) => page.rows) ?? [];
  return (
    <section className="card duty-card" aria-label={DUTY.past}>
      <h2>{DUTY.past}</h2>
      {pages.isPending && <Loading what={T.loading} />}
      {pages.isError && <Failed sentence={sentenceOf(pages.error)} retry={() => void pages.refetch()} />}
      {pages.isSuccess && rows.length === 0 && (
        <EmptyState title={DUTY.pastNone}>{DUTY.pastNoneAbout}</EmptyState>
      )}
      <ul className="handovers">
        {rows.map((handover) => (
          <Past key={handover.id} handover={handover} />
        ))}
      </ul>
      {pages.hasNextPage && (
        <div className="list-foot">
          <Button loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
            {DUTY.older}
          </Button>
        </div>
      )}
    </section>
  );
}

function Past({ handover }: { handover: Handover }) {
  const now = useNow();
  const { taken } = handover;
  return (
    <li>
      <p className="handover-head">
        <strong>
          {minuteText(handover.shift.startsAt).slice(5, 10)} {handover.shift.name}
        </strong>
        <span className="quiet">{DUTY.givenBy(handover.userName, shortText(handover.at, now))}</span>
        {taken ? (
          <span className="quiet">{DUTY.takenBy(taken.by, shortText(taken.at, now))}</span>
        ) : (
          <Tag tone="mine">{DUTY.notTaken}</Tag>
        )}
      </p>
      <p className="handover-text">{handover.text}</p>
      {taken && taken.note !== "" && (
        <p className="quiet">
          {DUTY.note}：{taken.note}
        </p>
      )}
      <details>
        <summary>{DUTY.openThen}</summary>
        <OpenWork open={handover.open} />
      </details>
    </li>
  );
}
