-- 履约事件: breaches of what was promised, found by rule, each once by its key; their steps; and the alarm at every third of a kind.
create table incident (
  id            bigint generated always as identity primary key,
  kind          text not null,
  key           text not null unique,
  ticket_id     bigint not null references ticket,
  round         smallint not null,
  occurred_at   timestamptz not null,
  found_at      timestamptz not null,
  cause         text not null,
  side          text not null check (side in ('centre', 'unit')),
  unit_id       bigint references unit,
  person_id     bigint references app_user,  -- who answers for it, where somebody does
  person_name   text not null default '',
  post          text not null default '',    -- in words, as it was called then
  rule          text not null,
  term_from     date not null,               -- 考核任期, by the rule when it was found
  term_to       date not null,
  state         text not null,
  version       integer not null default 1,
  remedy        text not null default '',    -- 整改要求
  remedy_due    date,
  answer        text not null default '',
  answered_by   bigint references app_user,
  check (term_from <= term_to)
);
create index incident_term on incident (term_from, kind, id desc);
create index incident_unit on incident (unit_id, id desc) where unit_id is not null;
create index incident_ticket on incident (ticket_id);

create table incident_step (
  id           bigint generated always as identity primary key,
  incident_id  bigint not null references incident,
  step         text not null,
  from_state   text,
  to_state     text not null,
  at           timestamptz not null,
  user_id      bigint references app_user,
  user_name    text not null,
  words        text not null,
  due          date
);
create index incident_step_of on incident_step (incident_id, id);
create trigger incident_step_append_only before update or delete on incident_step for each row execute function refuse_change();

create table incident_alarm (
  id               bigint generated always as identity primary key,
  kind             text not null,
  term_from        date not null,
  term_to          date not null,
  nth              integer not null,           -- the third, the sixth …
  raised_at        timestamptz not null,
  acknowledged_at  timestamptz,
  by_id            bigint references app_user,
  by_name          text,
  words            text,
  unique (kind, term_from, nth),
  check ((acknowledged_at is null) = (words is null) and (acknowledged_at is null) = (by_id is null)),
  check (words is null or words <> '')
);

-- What was found stays as it was found; an incident is closed, never removed.
create function refuse_incident_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE'
     or (new.kind, new.key, new.ticket_id, new.occurred_at, new.cause, new.side, new.unit_id, new.person_id, new.term_from, new.term_to)
        is distinct from (old.kind, old.key, old.ticket_id, old.occurred_at, old.cause, old.side, old.unit_id, old.person_id, old.term_from, old.term_to)
     or old.state in ('upheld', 'dismissed') then
    raise exception 'an incident is not changed' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger incident_kept before update or delete on incident for each row execute function refuse_incident_change();
