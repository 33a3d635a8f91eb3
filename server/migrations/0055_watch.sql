-- 值班盯办: what a shift watches. An item comes with its reasons and leaves only by being done; over a shift's end it goes with
-- a name.
create table watch_item (
  id            bigint generated always as identity primary key,
  ticket_id     bigint not null references ticket,
  reason        text not null,             -- the gravest when it came
  reasons       jsonb not null,            -- as they stand: [{"reason", "at"}]
  opened_at     timestamptz not null,
  opened_event  bigint not null,           -- the last thing done before it came; 0: nothing
  person_id     bigint references app_user,  -- whose it is, or who is to take it over
  person_name   text,
  named_at      timestamptz,
  named_by      bigint references app_user,
  named_from    timestamptz,               -- beginning of the shift in which the person was named
  taken_at      timestamptz,               -- when the person took it
  closed_at     timestamptz,
  closed_event  bigint references event,   -- the step by which it was done
  check ((closed_at is null) = (closed_event is null)),
  check ((person_id is null) = (named_at is null) and (person_id is null) = (named_by is null)),
  check (taken_at is null or person_id is not null)
);
create unique index watch_item_open on watch_item (ticket_id) where closed_at is null;
create index watch_item_person on watch_item (person_id) where closed_at is null;

-- What was done with an item, one row each, never changed.
create table watch_step (
  id         bigint generated always as identity primary key,
  item_id    bigint not null references watch_item,
  what       text not null check (what in ('opened', 'named', 'taken', 'done')),
  at         timestamptz not null,
  by_name    text not null,
  to_name    text,
  words      text not null default '',
  check ((what = 'named') = (to_name is not null))
);
create index watch_step_item on watch_step (item_id, id);
create index watch_step_left on watch_step (id desc) where what in ('named', 'done');
create trigger watch_step_append_only before update or delete on watch_step for each row execute function refuse_change();

-- Nothing is taken off the list, and what has left it is not put back: it comes anew.
create function refuse_watch_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.closed_at is not null
     or (new.ticket_id, new.reason, new.opened_at, new.opened_event) is distinct from (old.ticket_id, old.reason, old.opened_at, old.opened_event)
     or (old.person_id is not null and new.person_id is null) then
    raise exception 'a watched item is done or handed over' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger watch_item_kept before update or delete on watch_item for each row execute function refuse_watch_change();
