/** 交接提示. What the last shift left, in its first words; the whole is with the roster. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { sentenceOf } from "../../api/problem.ts";
import { dutyQuery } from "../../api/queries.ts";
import { useSession } from "../../api/session.ts";
import { DUTY } from "../../texts/duty.ts";
import { HOME } from "../../texts/home.ts";
import { T } from "../../texts.ts";
import { shortText } from "../../ui/dates.ts";
import { useNow } from "../../ui/now.ts";
import { EmptyState, Failed, Loading } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { Card } from "./Card.tsx";

export function HandoverNote() {
  const session = useSession();
  const duty = useQuery(dutyQuery(session));
  const now = useNow();
  const handover = duty.data?.handover;
  return (
    <Card title={HOME.handover} extra={<Link to="/duty">{HOME.openDuty}</Link>} className="home-handover">
      {duty.isPending ? (
        <Loading what={T.loading} />
      ) : duty.isError ? (
        <Failed sentence={sentenceOf(duty.error)} retry={() => void duty.refetch()} />
      ) : handover ? (
        <div className="handover-note">
          <p>{handover.text}</p>
          <p className="quiet">
            {handover.shift.name} · {DUTY.givenBy(handover.userName, shortText(handover.at, now))}{" "}
            {handover.taken ? (
              DUTY.takenBy(handover.taken.by, shortText(handover.taken.at, now))
            ) : (
              <Tag tone="mine">{DUTY.notTaken}</Tag>
            )}
          </p>
        </div>
      ) : (
        <EmptyState title={HOME.noHandover}>{HOME.noHandoverAbout}</EmptyState>
      )}
    </Card>
  );
}
