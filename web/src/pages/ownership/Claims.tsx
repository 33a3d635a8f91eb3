/** 各方意见. What every party says, side by side, with its legal basis and its files; what is not mine to read yet says so. */
import { OWNERSHIP } from "../../texts/ownership.ts";
import { DetailPanel } from "../../ui/DetailPanel.tsx";
import { minuteText } from "../../ui/dates.ts";
import { Tag } from "../../ui/Tag.tsx";
import { ArticleList, Files } from "./parts.tsx";
import type { OwnershipCase } from "./queries.ts";

const O = OWNERSHIP;
const TONES = { mine: "strong", shared: "near", notMine: "plain" } as const;

export function Claims({ of: one }: { of: OwnershipCase }) {
  return (
    <DetailPanel
      title={O.claims}
      extra={
        <span className="quiet">
          {O.claimed(one.claimed, one.parties.length)} · {O.claimBy} {minuteText(one.claimBy)}
        </span>
      }
    >
      <ul className="claims">
        {one.claims.map(({ unit, because, standing, claim }) => (
          <li key={unit.id} className="claim">
            <p className="claim-head">
              <strong>{unit.name}</strong> <span className="quiet">{O.because[because]}</span>
              {claim !== null && <Tag tone={TONES[claim.position]}>{O.positions[claim.position]}</Tag>}
              {claim?.late && <Tag tone="overdue">{O.late}</Tag>}
            </p>
            {claim === null ? (
              <p className="quiet">{standing === "hidden" ? O.hiddenClaim : O.noClaim}</p>
            ) : (
              <>
                <p className="case-words">{claim.statement}</p>
                <ArticleList of={claim.articles} />
                {claim.suggest !== null && <p>{O.suggest(claim.suggest.name)}</p>}
                <Files ticketId={one.ticket.id} of={claim.files} />
                <p className="quiet">
                  {claim.by} {minuteText(claim.at)}
                  {claim.versions > 1 && ` · ${O.versions(claim.versions)}`}
                </p>
              </>
            )}
          </li>
        ))}
      </ul>
    </DetailPanel>
  );
}
