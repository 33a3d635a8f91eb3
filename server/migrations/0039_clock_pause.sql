-- 暂停计时: asked for by the lead unit on a dated ground, answered once by the centre; the clocks rest to the end of a day at the
-- latest. An asking whose clock has ended waits no longer; it stays on record unanswered.
create table clock_pause (
  id            bigint generated always as identity primary key,
  ticket_id     bigint not null references ticket,
  round         smallint not null,
  clock_id      bigint not null references clock,     -- the report's, which every ground rests
  unit_id       bigint not null references unit,
  ground        text not null,
  ground_zh     text not null,                        -- copied from the list when it was asked
  clocks        jsonb not null,                       -- ["report", …], likewise
  evidence      text not null,
  reason        text not null,
  days          smallint not null check (days > 0),   -- natural days from the day it is granted
  asked_at      timestamptz not null,
  asked_by      bigint references app_user,
  asked_name    text not null,
  granted       boolean,                              -- null while it waits
  opinion       text not null default '',
  decided_at    timestamptz,
  decided_by    bigint references app_user,
  decided_name  text,
  until_at      timestamptz,                          -- granted: when it ends by itself
  ended_at      timestamptz,
  ended_as      text check (ended_as in ('day', 'hand', 'move')),
  check ((granted is null) = (decided_at is null)),
  check ((until_at is not null) = coalesce(granted, false)),
  check ((ended_at is null) = (ended_as is null)),
  check (ended_at is null or granted)
);
create unique index clock_pause_one_waiting on clock_pause (clock_id) where granted is null;
create unique index clock_pause_one_lasting on clock_pause (ticket_id) where granted and ended_at is null;
create index clock_pause_waiting on clock_pause (ticket_id) where granted is null;
create index clock_pause_of on clock_pause (ticket_id, round);

-- When a clock that rests goes on by itself.
alter table clock add column paused_until timestamptz;
create index clock_paused_until on clock (paused_until) where paused_until is not null;
