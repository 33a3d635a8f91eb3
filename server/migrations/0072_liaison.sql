-- 协调单: a question between the centre, the city and units; who is party, who was asked and until when, every step with its words.
create table liaison (
  id           bigint generated always as identity primary key,
  year         smallint not null,
  serial       integer not null,
  number       text not null unique,       -- 协调〔2026〕12号
  key          uuid not null unique,        -- of the screen's own making: sent twice, begun once
  title        text not null,
  question     text not null,
  pace         text not null,               -- 缓急, code and name as the rule had them
  pace_name    text not null,
  state        text not null check (state in ('asking', 'answered', 'closed', 'cancelled')),
  version      integer not null default 1,  -- number of its steps
  opener_unit  bigint references unit,      -- null: the centre
  opened_by    bigint not null references app_user,
  opened_name  text not null,
  opened_at    timestamptz not null,
  clock        jsonb not null,              -- 结论时限, whole as core knows it
  due_at       timestamptz not null,
  told_at      timestamptz,                 -- that the outcome is overdue was told, for this due time
  outcome      text,                        -- code, and its name as it was
  outcome_name text,
  conclusion   text,
  closed_at    timestamptz,
  closed_name  text,
  closed_late  boolean,
  unique (year, serial),
  check ((state in ('closed', 'cancelled')) = (closed_at is not null)),
  check ((state = 'closed') = (outcome is not null))
);
create index liaison_open on liaison (due_at) where state in ('asking', 'answered');
create index liaison_state on liaison (state, id desc);
create index liaison_opened on liaison (opened_at);

-- The centre is always one; a unit sees the items that it is party to.
create table liaison_party (
  id          bigint generated always as identity primary key,
  liaison_id  bigint not null references liaison,
  side        text not null check (side in ('centre', 'city', 'unit')),
  unit_id     bigint references unit,
  name        text not null,                -- as it was called then
  check ((side = 'unit') = (unit_id is not null))
);
create unique index liaison_party_once on liaison_party (liaison_id, side, coalesce(unit_id, 0), (case side when 'city' then name else '' end));
create index liaison_party_unit on liaison_party (unit_id, liaison_id) where unit_id is not null;

create table liaison_step (
  id          bigint generated always as identity primary key,
  liaison_id  bigint not null references liaison,
  once        uuid unique,
  step        text not null,
  from_state  text,
  to_state    text not null,
  at          timestamptz not null,
  user_id     bigint references app_user,   -- null: the clock
  user_name   text not null,
  role        text not null,
  unit_id     bigint references unit,       -- whose person; null: the centre's, or the clock
  party_id    bigint references liaison_party,  -- who speaks
  to_ids      bigint[] not null default '{}',   -- to which parties; none: to all
  means       text not null default '',     -- 电话, 政务微信 …; none: in the system
  contact     text not null default '',     -- who was spoken with there
  said_at     timestamptz not null,
  words       text not null default '',
  data        jsonb not null default '{}'
);
create index liaison_step_of on liaison_step (liaison_id, id);
create trigger liaison_step_append_only before update or delete on liaison_step
  for each row execute function refuse_change();

-- Each asking of a party, with its own clock: answered, let off, or still owed.
create table liaison_ask (
  id           bigint generated always as identity primary key,
  liaison_id   bigint not null references liaison,
  party_id     bigint not null references liaison_party,
  step_id      bigint not null references liaison_step,
  asked_at     timestamptz not null,
  clock        jsonb not null,
  due_at       timestamptz not null,
  near_at      timestamptz not null,
  near_told    timestamptz,
  overdue_told timestamptz,
  answered_at  timestamptz,
  answer_step  bigint references liaison_step,
  let_off_at   timestamptz,
  check ((answered_at is null) = (answer_step is null)),
  check (answered_at is null or let_off_at is null)
);
create unique index liaison_ask_one on liaison_ask (party_id) where answered_at is null and let_off_at is null;
create index liaison_ask_of on liaison_ask (liaison_id, id);
create index liaison_ask_due on liaison_ask (due_at) where answered_at is null and let_off_at is null;

create table liaison_ticket (
  liaison_id  bigint not null references liaison,
  ticket_id   bigint not null references ticket,
  step_id     bigint not null references liaison_step,
  primary key (liaison_id, ticket_id)
);
create index liaison_ticket_of on liaison_ticket (ticket_id);

-- Taken in before the step that they belong to; a step takes its own person's alone, once.
create table liaison_file (
  id         bigint generated always as identity primary key,
  step_id    bigint references liaison_step,
  name       text not null,
  mime       text not null,
  size       integer not null,
  sha256     bytea not null,
  user_id    bigint not null references app_user,
  at         timestamptz not null
);
create index liaison_file_of on liaison_file (step_id) where step_id is not null;
