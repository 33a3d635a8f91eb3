-- 问题事件: what is found every day of near-due, overdue and closed against the standard; answered by the unit, reviewed, tracked
-- to its end. One row a ticket, round, kind and mark (the clock, or the day of the closing), however often one looks.
create table problem (
  id             bigint generated always as identity primary key,
  kind           text not null,                -- code of the dated list
  kind_zh        text not null,                -- its words on that day
  grp            text not null check (grp in ('near', 'overdue', 'closing')),
  standard       text not null,                -- 所违反的标准, in the words of that day
  ticket_id      bigint not null references ticket,
  round          smallint not null,
  mark           text not null,
  unit_id        bigint references unit,       -- null: the centre itself
  day            date not null,                -- Beijing day on which it happened
  at             timestamptz not null,
  said           text not null,                -- what was found
  rule           text not null,
  found_at       timestamptz not null,
  state          text not null check (state in ('noted', 'open', 'answered', 'disputed', 'remedying', 'checking', 'done', 'dropped')),
  due_at         timestamptz,                  -- when the answer is due; null where none is asked for
  version        integer not null default 1,
  disputed       boolean not null default false,
  cause          text,
  cause_zh       text,
  remedy         text,
  remedy_day     date,
  ended_at       timestamptz,
  unique (ticket_id, round, kind, mark),
  check ((state = 'noted') = (due_at is null)),
  check ((cause is null) = (cause_zh is null))
);
create index problem_day on problem (day, unit_id, kind);
create index problem_unit on problem (unit_id, day desc);
create index problem_open on problem (state, due_at) where state not in ('noted', 'done', 'dropped');

create table problem_step (
  id          bigint generated always as identity primary key,
  problem_id  bigint not null references problem,
  step        text not null,
  from_state  text not null,
  to_state    text not null,
  text        text not null,
  data        jsonb not null default '{}',
  at          timestamptz not null,
  user_id     bigint references app_user,
  user_name   text not null,
  role        text not null
);
create index problem_step_of on problem_step (problem_id, id);
create trigger problem_step_append_only before update or delete on problem_step for each row execute function refuse_change();

-- 梳理记录: which days were gone through, when and by whom; the last of a day says what it came to.
create table problem_run (
  id         bigint generated always as identity primary key,
  day        date not null,
  at         timestamptz not null,
  user_id    bigint references app_user,
  user_name  text not null,
  looked     integer not null,                 -- closings that were looked at
  found      integer not null                  -- rows that were new
);
create index problem_run_day on problem_run (day, id desc);

create index event_finding on event (at, id)
  where kind in ('approveClosing', 'recordCityClosing', 'cityResult', 'timer.near', 'timer.overdue');
