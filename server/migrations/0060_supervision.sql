-- 督办: items from the city's list, from leaders' notes and from rules; their units, tickets, clocks, steps and files.
create table supervision_item (
  id              bigint generated always as identity primary key,
  origin          text not null check (origin in ('city', 'leader', 'rule')),
  subject         text,                       -- of an item found by rule: what it is about, whatever the period
  period          text not null,              -- 考核周期 in which it arrived
  title           text not null,
  matter          text not null,              -- 督办要求, or what was found
  level           text not null check (level in ('general', 'key', 'listed')),
  state           text not null,
  version         integer not null default 1, -- number of its steps
  arrived_at      timestamptz not null,
  given_due       timestamptz,                -- 交办期限 of the city or the leader
  leader          text not null default '',   -- 批示领导
  noted_on        date,                       -- 批示日期
  forwarded_at    timestamptz,
  forwarded_late  boolean,
  answered_at     timestamptz,
  ended_at        timestamptz,
  clock           text,                       -- the clock that runs, and when it is due: for lists
  due_at          timestamptz,
  near_at         timestamptz,
  asked           smallint,                   -- days of the extension that waits for an answer
  granted         smallint not null default 0,
  checked         text check (checked in ('good', 'bad')),
  passed_by       bigint references app_user,
  last_word       text not null default '',   -- what its unit, or else the centre, said last
  last_word_at    timestamptz,
  last_word_by    text not null default '',
  created_by      bigint references app_user,
  created_name    text not null,
  check ((clock is null) = (due_at is null) and (due_at is null) = (near_at is null)),
  check ((origin = 'rule') = (subject is not null)),
  check ((forwarded_at is null) = (forwarded_late is null))
);
create unique index supervision_found_once on supervision_item (subject, period) where origin = 'rule';
create index supervision_by_state on supervision_item (state, due_at);
create index supervision_by_period on supervision_item (period);

create table supervision_ticket (
  item_id    bigint not null references supervision_item,
  ticket_id  bigint not null references ticket,
  round      smallint not null,
  primary key (item_id, ticket_id)
);
create index supervision_ticket_of on supervision_ticket (ticket_id);

-- 责任单位, the lead 主责 first; named before the item is forwarded, seen by them from then on.
create table supervision_unit (
  item_id  bigint not null references supervision_item,
  unit_id  bigint not null references unit,
  place    smallint not null,
  primary key (item_id, unit_id)
);
create index supervision_unit_of on supervision_unit (unit_id);

-- A row a clock that was ever started; the one without an end runs.
create table supervision_clock (
  id          bigint generated always as identity primary key,
  item_id     bigint not null references supervision_item,
  kind        text not null,
  state       text not null check (state in ('running', 'stopped')),
  started_at  timestamptz not null,
  due_at      timestamptz not null,
  near_at     timestamptz not null,
  ended_at    timestamptz,
  late        boolean,
  rule        text not null,
  body        jsonb not null,                 -- the whole clock as core knows it
  check ((state = 'running') = (ended_at is null))
);
create unique index supervision_one_clock on supervision_clock (item_id) where state = 'running';
create index supervision_clock_of on supervision_clock (item_id, id);

create table supervision_step (
  id          bigint generated always as identity primary key,
  item_id     bigint not null references supervision_item,
  once        text unique,                    -- the sender's own key: the same sending again is the same step
  step        text not null,
  from_state  text,
  to_state    text not null,
  at          timestamptz not null,
  user_id     bigint references app_user,
  user_name   text not null,
  role        text not null,
  unit_id     bigint references unit,         -- whose person took it; null: the centre's, or the system
  text        text not null default '',
  data        jsonb not null default '{}',
  file_ids    bigint[] not null default '{}'
);
create index supervision_step_of on supervision_step (item_id, id);
create trigger supervision_step_append_only before update or delete on supervision_step
  for each row execute function refuse_change();

create table supervision_file (
  id         bigint generated always as identity primary key,
  item_id    bigint not null references supervision_item,
  name       text not null,
  mime       text not null,
  size       integer not null,
  sha256     bytea not null,
  user_id    bigint not null references app_user,
  user_name  text not null,
  unit_id    bigint references unit,
  at         timestamptz not null
);
create index supervision_file_of on supervision_file (item_id, id);

-- 市级未办结清单: a confirmed file a row; its bytes are not kept, what its lines said is.
create table supervision_list (
  id          bigint generated always as identity primary key,
  period      text not null,
  file_name   text not null,
  sha256      bytea not null,
  signature   text not null,                  -- one text for one header, by which a mapping is found again
  mapping     jsonb not null,
  rows        integer not null,
  refused     jsonb not null,
  created_at  timestamptz not null,
  user_id     bigint not null references app_user,
  user_name   text not null,
  unique (period, sha256)
);

-- A line has its item, or why it has none.
create table supervision_line (
  id         bigint generated always as identity primary key,
  list_id    bigint not null references supervision_list,
  row        integer not null,
  number     text not null,
  said       jsonb not null,                  -- the line as it was read, covered
  ticket_id  bigint references ticket,
  item_id    bigint references supervision_item,
  why        text,
  check ((item_id is null) = (why is not null)),
  unique (list_id, row)
);
create index supervision_line_item on supervision_line (item_id) where item_id is not null;
