-- 催办: what was urged, of whom, and what they answered; and, for every live clock, the next step of the ladder.

-- One row per live clock: the step that comes next under the ladder in force, reckoned by the clock as it stood. What is
-- fired looks at the clock anew; a clock that was moved since is only planned again.
create table urge_plan (
  clock_id    bigint primary key references clock,
  ticket_id   bigint not null references ticket,
  running     boolean not null,
  level       smallint not null,
  due_at      timestamptz not null,
  near_at     timestamptz not null,
  rule        text not null,  -- version of the ladder
  step        text,           -- null: the ladder has no more
  nominal_at  timestamptz,    -- when the ladder says
  fire_at     timestamptz,    -- the same outside the quiet hours; null while nothing is to be fired
  check (fire_at is null or step is not null)
);
create index urge_plan_fire on urge_plan (fire_at) where fire_at is not null;
create index urge_plan_ticket on urge_plan (ticket_id);

create table urge (
  id             bigint generated always as identity primary key,
  ticket_id      bigint not null references ticket,
  round          smallint not null,
  clock_id       bigint references clock,
  clock          text,                      -- kind of the clock, and when it is due, as it was then
  due_at         timestamptz,
  step           text not null,             -- of the ladder, or 'hand'
  step_zh        text not null,
  rule           text not null,
  event_id       bigint unique references event,  -- of an urge by hand
  unit_id        bigint references unit,    -- that owes the answer; null: the centre
  user_ids       bigint[] not null,         -- whom, as they were responsible then
  people         jsonb not null,            -- the same in words: [{"id", "name", "as"}]
  means          text[] not null,
  words          text not null,
  at             timestamptz not null,
  by_id          bigint references app_user,  -- who urged by hand
  by_name        text not null,
  answer         text,
  answered_at    timestamptz,
  answered_by    bigint references app_user,
  answered_name  text,
  settled_at     timestamptz,               -- what it urged was done, or waits no more, without an answer
  check ((answered_at is null) = (answer is null) and (answered_at is null) = (answered_name is null)),
  check ((step = 'hand') = (event_id is not null))
);
create unique index urge_once on urge (clock_id, step) where step <> 'hand';
create index urge_ticket on urge (ticket_id, id);
create index urge_open on urge (unit_id, at) where answered_at is null and settled_at is null;
create index urge_at on urge (at desc, id desc);

-- What was urged stays as it was told; only what came of it is added, once.
create function refuse_urge_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or (new.ticket_id, new.clock_id, new.step, new.user_ids, new.words, new.at, new.by_name)
       is distinct from (old.ticket_id, old.clock_id, old.step, old.user_ids, old.words, old.at, old.by_name)
     or old.answered_at is not null and (new.answer, new.answered_at, new.answered_name)
       is distinct from (old.answer, old.answered_at, old.answered_name) then
    raise exception 'an urge is not changed' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger urge_kept before update or delete on urge for each row execute function refuse_urge_change();
