/** 系统状态. For the three administrators: whether work goes on, what was saved, who tried to get in. */
import { Link } from "@tanstack/react-router";
import { hasRole, useSession } from "../../api/session.ts";
import type { Home } from "../../api/types.ts";
import { HOME } from "../../texts/home.ts";
import { minuteText, shortText } from "../../ui/dates.ts";
import { useNow } from "../../ui/now.ts";
import { Tag } from "../../ui/Tag.tsx";
import { Card } from "./Card.tsx";

type System = NonNullable<Home["system"]>;
const DAY_MS = 86_400_000;
const words = HOME.system;

export function SystemState({ of }: { of: System }) {
  const session = useSession();
  const now = useNow();
  const old = of.backup !== null && now - Date.parse(of.backup.at) > DAY_MS;
  return (
    <div className="home-columns home-system">
      <Card title={words.title} about={words.about}>
        <dl className="facts home-facts">
          <dt>{words.worker}</dt>
          <dd>
            {of.behindMinutes < 2 ? (
              words.keepsUp
            ) : (
              <Tag tone="overdue">{words.behind(of.behindMinutes)}</Tag>
            )}
          </dd>
          <dt>{words.backup}</dt>
          <dd>
            {of.backup ? (
              <>
                {words.backupAt(minuteText(of.backup.at), of.backup.rows)}{" "}
                {old && <Tag tone="near">{words.backupOld}</Tag>}
              </>
            ) : (
              <Tag tone="near">{words.backupNone}</Tag>
            )}
          </dd>
          <dt>{words.undelivered}</dt>
          <dd>
            {of.undelivered === 0 ? (
              0
            ) : hasRole(session, "sysadmin") ? (
              <Link to="/notify">
                <Tag tone="overdue">{of.undelivered}</Tag>
              </Link>
            ) : (
              <Tag tone="overdue">{of.undelivered}</Tag>
            )}
          </dd>
          <dt>{words.database}</dt>
          <dd>{(of.databaseBytes / 1024 ** 2).toFixed(0)} MB</dd>
          <dt>{words.people}</dt>
          <dd>{of.people.active}</dd>
          <dt>{words.signedIn}</dt>
          <dd>{of.people.signedIn}</dd>
          <dt>{words.locked}</dt>
          <dd>{of.people.locked}</dd>
          <dt>{words.refused}</dt>
          <dd>{of.today.signInsRefused}</dd>
          <dt>{words.reveals}</dt>
          <dd>{of.today.reveals}</dd>
          <dt>{words.entries}</dt>
          <dd>
            {hasRole(session, "auditadmin") ? <Link to="/audit">{of.today.entries}</Link> : of.today.entries}
          </dd>
        </dl>
      </Card>
      {hasRole(session, "sysadmin") && (
        <Card title={words.imports} extra={<Link to="/intake">{HOME.all}</Link>}>
          <ul className="home-imports">
            {of.imports.length === 0 && <li className="quiet">{words.importsNone}</li>}
            {of.imports.map((batch) => (
              <li key={batch.id}>
                <Link to="/intake/$id" params={{ id: batch.id }}>
                  {batch.fileName}
                </Link>
                <span className="quiet">
                  {shortText(batch.at, now)} · {words.created(batch.created, batch.updated, batch.rejected)}
                </span>
              </li>
            ))}
          </ul>
        </Card>
      )}
    </div>
  );
}
