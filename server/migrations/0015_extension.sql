-- 延期申请: asked by the lead unit for one running report clock, answered once by the centre. An asking whose clock has
-- ended waits no longer; it stays on record unanswered.
create table extension (
  id            bigint generated always as identity primary key,
  ticket_id     bigint not null references ticket,
  round         smallint not null,
  clock_id      bigint not null references clock,
  unit_id       bigint not null references unit,
  ground        text not null,
  ground_zh     text not null,                       -- copied from the list when it was asked
  reason        text not null,
  days          smallint not null check (days > 0),  -- as the clock counts them
  asked_at      timestamptz not null,
  asked_by      bigint references app_user,
  asked_name    text not null,
  granted       boolean,                             -- null while it waits
  opinion       text not null default '',
  decided_at    timestamptz,
  decided_by    bigint references app_user,
  decided_name  text,
  due_before    timestamptz,
  due_after     timestamptz,
  check ((granted is null) = (decided_at is null)),
  check (due_after is null or granted)
);
create unique index extension_one_waiting on extension (clock_id) where granted is null;
create index extension_waiting on extension (ticket_id) where granted is null;
create index extension_of on extension (ticket_id, round);
