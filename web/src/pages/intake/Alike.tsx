/** 查重. While a ticket is typed: what the same number reported this month, and recent tickets that say nearly the same. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import type { TicketRow } from "../../api/types.ts";
import { INTAKE } from "../../texts/intake.ts";
import { minuteText } from "../../ui/dates.ts";
import { Failed } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";

const REST_MS = 700;
const PHONE_DIGITS = 7;
const LEAST_SIGNS = 8;

interface Typed {
  readonly phone: string;
  readonly title: string;
  readonly content: string;
}

export function Alike(typed: Typed) {
  const asked = useRested(typed);
  const phone = asked.phone.replace(/\D/g, "").length >= PHONE_DIGITS ? asked.phone : "";
  const enough = phone !== "" || asked.title.length + asked.content.trim().length >= LEAST_SIGNS;
  const body = { ...asked, phone };
  const alike = useQuery({
    queryKey: ["alike", body],
    queryFn: () => bodyOf(http.POST("/api/tickets/alike", { body })),
    enabled: enough,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    gcTime: 60_000, // what was typed is not kept about
  });
  const found = enough ? alike.data : undefined;
  const none = found && found.samePhone.length + found.similar.length === 0;
  return (
    <aside className="card alike" aria-label={INTAKE.alike.title} aria-live="polite">
      <h2>{INTAKE.alike.title}</h2>
      {alike.isError ? (
        <Failed sentence={sentenceOf(alike.error)} retry={() => void alike.refetch()} />
      ) : (
        <>
          {!found && <p className="quiet">{INTAKE.alike.about}</p>}
          {none && <p className="quiet">{INTAKE.alike.none}</p>}
          {found && <Found title={INTAKE.alike.samePhone} rows={found.samePhone} />}
          {found && <Found title={INTAKE.alike.similar} rows={found.similar} />}
        </>
      )}
    </aside>
  );
}

function Found({ title, rows }: { title: string; rows: readonly TicketRow[] }) {
  if (rows.length === 0) return null;
  return (
    <section>
      <h3 className="import-title">{title}</h3>
      <ul className="alike-list">
        {rows.map((row) => (
          <li key={row.id}>
            <Link to="/tickets/$id" params={{ id: row.id }} target="_blank">
              {row.number}
            </Link>{" "}
            <Tag>{row.stateZh}</Tag>
            <div>{row.title === "" ? row.excerpt : row.title}</div>
            <div className="quiet">
              {minuteText(row.receivedAt)} {row.leadUnit?.name ?? ""}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What was typed, once the hands have rested. */
function useRested({ phone, title, content }: Typed): Typed {
  const [rested, setRested] = useState({ phone, title, content });
  useEffect(() => {
    const timer = setTimeout(() => setRested({ phone, title, content }), REST_MS);
    return () => clearTimeout(timer);
  }, [phone, title, content]);
  return rested;
}
