/** 在看. Who else has the ticket open, each with what they are doing; who fills in a form is told in a sentence. */
import { EditOutlined, EyeOutlined } from "@ant-design/icons";
import { type Person, usePeopleOn } from "../../../api/presence.ts";
import { T } from "../../../texts.ts";
import { Notice } from "../../../ui/States.tsx";

/** Names beside the ticket's number. */
export function PeopleHere({ ticketId }: { ticketId: string }) {
  const people = usePeopleOn(ticketId);
  if (people.length === 0) return null;
  return (
    <ul className="people-here" aria-label={T.ticket.here}>
      {people.map((person) => (
        <li key={person.login} data-writes={person.writes || undefined} title={aboutOf(person)}>
          <span className="avatar" aria-hidden="true">
            {person.name.slice(0, 1)}
          </span>
          {person.name}
          <span className="doing">
            {person.writes && <EditOutlined aria-hidden="true" />} {person.doing}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** In a row of the list: the first one's name, and how many more. */
export function PeopleOn({ ticketId }: { ticketId: string }) {
  const people = usePeopleOn(ticketId);
  const [first] = people;
  if (!first) return null;
  return (
    <span className="row-people" title={people.map(aboutOf).join("\n")}>
      {first.writes ? <EditOutlined aria-hidden="true" /> : <EyeOutlined aria-hidden="true" />} {first.name}
      {people.length > 1 && ` +${people.length - 1}`}
      <span className="sr">{first.doing}</span>
    </span>
  );
}

/** Over an open form: somebody else is filling in one of this ticket's forms too. */
export function OthersWriting({ ticketId }: { ticketId: string }) {
  const writing = usePeopleOn(ticketId).filter((person) => person.writes);
  if (writing.length === 0) return null;
  return (
    <div className="ticket-notice">
      <Notice tone="near">{T.ticket.meanwhile(writing.map(aboutOf).join("；"))}</Notice>
    </div>
  );
}

const aboutOf = ({ name, about, doing }: Person): string => `${name}（${about}）${doing}`;
