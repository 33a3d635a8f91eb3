/** 人员的收件地址, covered; entered by the system administrator where people have not done so themselves. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { NOTIFY } from "../../texts/notify.ts";
import { T } from "../../texts.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { EmptyState, Failed, Loading } from "../../ui/States.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { ContactForm } from "./ContactForm.tsx";
import { contactsQuery, type Person } from "./queries.ts";

const N = NOTIFY;
const dash = <span className="quiet">—</span>;

export function Contacts() {
  const queries = useQueryClient();
  const [words, setWords] = useState("");
  const [editing, setEditing] = useState<Person | null>(null);
  const people = useQuery(contactsQuery(words.trim()));
  const columns: readonly Column<Person>[] = [
    { key: "name", title: N.people, nowrap: true, cell: (p) => p.name },
    { key: "unit", title: N.unit, nowrap: true, cell: (p) => p.unit ?? dash },
    { key: "email", title: N.emailAddress, cell: (p) => p.email || dash },
    { key: "phone", title: N.phone, cell: (p) => p.phone || dash },
    { key: "account", title: N.account, cell: (p) => p.account || dash },
    {
      key: "do",
      title: N.actions,
      nowrap: true,
      cell: (p) => (
        <Button type="link" aria-label={N.contactOf(p.name)} onClick={() => setEditing(p)}>
          {N.edit}
        </Button>
      ),
    },
  ];
  return (
    <>
      <Input
        className="page-search field-gap"
        type="search"
        allowClear
        aria-label={N.findPerson}
        placeholder={N.findPerson}
        value={words}
        onChange={(e) => setWords(e.target.value)}
      />
      {people.isPending ? (
        <Loading what={T.loading} />
      ) : people.isError ? (
        <Failed sentence={sentenceOf(people.error)} retry={() => void people.refetch()} />
      ) : people.data.length === 0 ? (
        <EmptyState title={N.noPeople} />
      ) : (
        <div className="card">
          <WorkTable label={N.tabs.contacts} columns={columns} rows={people.data} rowKey={(p) => p.userId} />
        </div>
      )}
      {editing && (
        <Dialog title={N.contactOf(editing.name)} onClose={() => setEditing(null)}>
          <ContactForm
            now={N.mine(editing.email, editing.phone, editing.account)}
            save={(body) =>
              bodyOf(
                http.PUT("/api/notify/contacts/{userId}", {
                  params: { path: { userId: editing.userId } },
                  body,
                }),
              )
            }
            onCancel={() => setEditing(null)}
            onDone={() => {
              setEditing(null);
              void queries.invalidateQueries({ queryKey: ["notify"] });
            }}
          />
        </Dialog>
      )}
    </>
  );
}
