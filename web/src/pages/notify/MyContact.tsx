/** 我的收件地址, on one's own page. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { bodyOf, http } from "../../api/client.ts";
import { NOTIFY } from "../../texts/notify.ts";
import { ContactForm } from "./ContactForm.tsx";
import { myContactQuery } from "./queries.ts";
import "./notify.css";

const N = NOTIFY;

export function MyContact() {
  const queries = useQueryClient();
  const mine = useQuery(myContactQuery);
  if (!mine.data) return null;
  const { email, phone, account } = mine.data;
  return (
    <section className="card form-card field-gap my-contact" aria-label={N.myContact}>
      <h2>{N.myContact}</h2>
      <ContactForm
        now={
          <>
            {N.myContactAbout}
            <br />
            {N.mine(email, phone, account)}
          </>
        }
        save={(body) => bodyOf(http.PUT("/api/notify/me", { body }))}
        onDone={() => void queries.invalidateQueries({ queryKey: myContactQuery.queryKey })}
      />
    </section>
  );
}
