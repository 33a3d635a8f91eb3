/** 队伍值班. Handing over and taking over first, then this week's shifts, then what was handed over before. */
import { useQuery } from "@tanstack/react-query";
import { sentenceOf } from "../../api/problem.ts";
import { dutyQuery } from "../../api/queries.ts";
import { hasRole, useSession } from "../../api/session.ts";
import { waitsForMe } from "../../frame/NavRail.tsx";
import { DUTY } from "../../texts/duty.ts";
import { T } from "../../texts.ts";
import { usePageKeys } from "../../ui/keys.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { Failed, Loading } from "../../ui/States.tsx";
import { GiveForm } from "./GiveForm.tsx";
import { PastHandovers } from "./PastHandovers.tsx";
import { TakeForm } from "./TakeForm.tsx";
import { Week } from "./Week.tsx";
import "./duty.css";

const KEYS = [DUTY.keys];

export default function DutyPage() {
  const session = useSession();
  const duty = useQuery(dutyQuery(session));
  usePageKeys(KEYS);
  const handover = duty.data?.handover;
  return (
    <PageShell title={DUTY.title} about={DUTY.about}>
      {duty.isPending && <Loading what={T.loading} />}
      {duty.isError && <Failed sentence={sentenceOf(duty.error)} retry={() => void duty.refetch()} />}
      {duty.data && (
        <div className="duty">
          <div className="duty-side">
            {handover && waitsForMe(session, duty.data) && <TakeForm key={handover.id} handover={handover} />}
            {hasRole(session, "shiftLead") && <GiveForm duty={duty.data} />}
            <PastHandovers />
          </div>
          <Week current={duty.data.current} at={duty.data.at} />
        </div>
      )}
    </PageShell>
  );
}
