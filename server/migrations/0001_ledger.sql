-- The ledger: units, tickets, their rounds, clocks and events. Plain SQL for PostgreSQL 15 and later.

-- 承办单位 -----------------------------------------------------------------------------------------------------------
create table unit (
  id          bigint generated always as identity primary key,
  name        text not null unique,
  short_name  text not null,
  kind        text not null check (kind in ('street', 'town', 'bureau', 'company', 'other')),
  code        text unique,
  parent_id   bigint references unit,
  valid_from  date not null default date '2000-01-01',
  valid_to    date,
  check (valid_to is null or valid_to >= valid_from)
);

-- Every other name a unit is written by; learned from imports. The name and the short name are matched too.
create table unit_alias (
  alias       text primary key,
  unit_id     bigint not null references unit on delete cascade,
  source      text not null,
  created_at  timestamptz not null
);
create index unit_alias_unit on unit_alias (unit_id);

-- 社区（村）
create table community (
  code     text primary key,
  name     text not null,
  kind     text not null check (kind in ('社区', '村', '其他')),
  unit_id  bigint not null references unit
);
create index community_unit on community (unit_id);

-- 问题分类, and the unit that a category usually goes to
create table category (
  id               bigint generated always as identity primary key,
  level1           text not null,
  level2           text not null default '',
  level3           text not null default '',
  default_unit_id  bigint references unit,
  to_street        boolean not null default false,
  unique (level1, level2, level3)
);

-- 人员 ---------------------------------------------------------------------------------------------------------------
create table app_user (
  id             bigint generated always as identity primary key,
  login          text not null unique,
  name           text not null,
  password_hash  text not null,
  roles          text[] not null check (cardinality(roles) > 0),
  unit_id        bigint references unit,
  active         boolean not null default true,
  failed_logins  smallint not null default 0,
  locked_until   timestamptz,
  created_at     timestamptz not null
);

create table session (
  token_hash    bytea primary key,
  user_id       bigint not null references app_user on delete cascade,
  csrf          text not null,
  created_at    timestamptz not null,
  last_seen_at  timestamptz not null,
  expires_at    timestamptz not null
);
create index session_by_user on session (user_id);

-- 审计: sign-ins, reveals of personal data, changes of users and units. Append-only.
create table audit (
  id         bigint generated always as identity primary key,
  at         timestamptz not null,
  user_id    bigint references app_user,
  user_name  text not null,
  what       text not null,
  ticket_id  bigint,
  detail     jsonb not null default '{}'
);
create index audit_at on audit (at desc, id desc);
create index audit_ticket on audit (ticket_id) where ticket_id is not null;

-- 工单 ---------------------------------------------------------------------------------------------------------------
create table ticket (
  id                  bigint generated always as identity primary key,
  number              text not null unique,
  channel             text not null,
  path                text not null check (path in ('district', 'directStreet', 'directBureau', 'own')),
  kind                text not null default '',
  level               smallint not null default 3 check (level between 1 and 4),
  title               text not null default '',
  content             text not null,
  category1           text not null default '',
  category2           text not null default '',
  category3           text not null default '',
  district            text not null default '',
  street              text not null default '',
  community           text not null default '',
  address             text not null default '',
  enterprise          text not null default '',
  state               text not null,
  round               smallint not null default 0,
  returns             smallint not null default 0,
  lead_unit_id        bigint references unit,
  closing_kind        text check (closing_kind in ('reply', 'direct', 'transfer', 'city')),
  reply               text not null default '',
  received_at         timestamptz not null,
  city_dispatched_at  timestamptz,
  city_due_at         timestamptz,
  signed_at           timestamptz,
  dispatched_at       timestamptz,
  closed_at           timestamptz,
  due_at              timestamptz,  -- of the nearest running clock, with its kind and near-due point
  due_kind            text,
  near_at             timestamptz,
  merged_into         bigint references ticket,
  extra               jsonb not null default '{}',
  version             integer not null default 1,  -- one per event of the ticket
  moved_version       integer not null default 1,  -- the version of the last change of state: what an older screen must not overwrite
  created_at          timestamptz not null,
  updated_at          timestamptz not null
);
-- queues: open tickets by state, soonest due first
create index ticket_queue on ticket (state, due_at, id) where state not in ('closed', 'withdrawn', 'merged');
create index ticket_unit_queue on ticket (lead_unit_id, state, due_at, id) where state not in ('closed', 'withdrawn', 'merged');
create index ticket_received on ticket (received_at desc, id desc);
create index ticket_unit_received on ticket (lead_unit_id, received_at desc, id desc);
create index ticket_state_received on ticket (state, received_at desc, id desc);
create index ticket_merged on ticket (merged_into) where merged_into is not null;

-- 诉求人: personal data, SM4-encrypted; the only table that holds it. Read through one function.
create table requester (
  ticket_id    bigint primary key references ticket,
  name_enc     bytea,
  phone_enc    bytea,
  account_enc  bytea,
  content_enc  bytea,
  phone_hash   bytea,
  tail_hash    bytea
);
create index requester_phone on requester (phone_hash) where phone_hash is not null;
create index requester_tail on requester (tail_hash) where tail_hash is not null;

-- 派单轮次: a new dispatch after a return or a rejection is a new round of the same ticket, with its own lead and clocks.
create table assignment (
  id             bigint generated always as identity primary key,
  ticket_id      bigint not null references ticket,
  round          smallint not null,
  part           text not null check (part in ('lead', 'co')),
  unit_id        bigint not null references unit,
  state          text not null,
  opinion        text not null default '',
  designated     boolean not null default false,
  dispatched_at  timestamptz not null,
  dispatched_by  bigint references app_user,
  accepted_at    timestamptz,
  contacted_at   timestamptz,
  contact_way    text,
  reported_at    timestamptz,
  report         text,
  outcome        text,
  ended_at       timestamptz,
  ended_as       text,
  unique (ticket_id, round, unit_id)
);
create unique index assignment_one_lead on assignment (ticket_id, round) where part = 'lead';
create index assignment_unit_co on assignment (unit_id, state) where part = 'co';

-- 时限: a running, paused or stopped clock, with its due time and the rule version it was reckoned by
create table clock (
  id          bigint generated always as identity primary key,
  ticket_id   bigint not null references ticket,
  assignment_id bigint references assignment,  -- of a co-handler's clock; null for the ticket's own
  round       smallint not null,
  kind        text not null,
  state       text not null check (state in ('running', 'paused', 'stopped', 'cancelled')),
  started_at  timestamptz not null,
  due_at      timestamptz not null,
  near_at     timestamptz not null,
  stopped_at  timestamptz,
  rule        text not null,
  body        jsonb not null,
  check (near_at <= due_at)
);
create index clock_ticket on clock (ticket_id);
create unique index clock_one_live on clock (ticket_id, kind, coalesce(assignment_id, 0)) where state in ('running', 'paused');

-- 临期/超期 timers of running clocks. A row is fired once, in the transaction that writes its event.
create table timer (
  clock_id   bigint not null references clock,
  what       text not null check (what in ('near', 'overdue')),
  ticket_id  bigint not null references ticket,
  fire_at    timestamptz not null,
  fired_at   timestamptz,
  primary key (clock_id, what)
);
create index timer_due on timer (fire_at) where fired_at is null;

-- 回访: own (centre) and city callbacks, answered or not. Blank answers are null: not assessed, never "no".
create table callback (
  id         bigint generated always as identity primary key,
  ticket_id  bigint not null references ticket,
  round      smallint not null,
  source     text not null check (source in ('own', 'city')),
  outcome    text not null check (outcome in ('answered', 'missed', 'refused')),
  contacted  text check (contacted in ('yes', 'no')),
  solved     text check (solved in ('yes', 'partly', 'no')),
  satisfied  text check (satisfied in ('satisfied', 'basically', 'dissatisfied')),
  reason     text not null default '',
  note       text not null default '',
  at         timestamptz not null,
  user_id    bigint references app_user,
  user_name  text not null
);
create index callback_ticket on callback (ticket_id, round);

-- 考核结果: what counts for the unit of one round; the city's answers replace the centre's own (predicted) ones.
create table result (
  ticket_id   bigint not null references ticket,
  round       smallint not null,
  unit_id     bigint not null references unit,
  counted_at  timestamptz not null,
  scope       text not null default 'full' check (scope in ('full', 'responseOnly', 'exempt')),
  scope_note  text not null default '',
  void        boolean not null default false,
  source      text check (source in ('own', 'city')),
  valid       boolean not null default false,
  contacted   text check (contacted in ('yes', 'no')),
  solved      text check (solved in ('yes', 'partly', 'no')),
  satisfied   text check (satisfied in ('satisfied', 'basically', 'dissatisfied')),
  primary key (ticket_id, round)
);
create index result_counted on result (counted_at) include (unit_id, scope, void, valid, contacted, solved, satisfied, ticket_id, round);
create index result_unit on result (unit_id, counted_at desc);

-- 流转记录: one row per change, written in the transaction of the change. Append-only; the bus that others read.
-- txid lets a reader follow commits without gaps: rows with txid below pg_snapshot_xmin are complete.
create table event (
  id          bigint generated always as identity primary key,
  txid        xid8 not null default pg_current_xact_id(),
  ticket_id   bigint not null references ticket,
  version     integer not null,
  kind        text not null,
  from_state  text,
  to_state    text,
  round       smallint not null,
  at          timestamptz not null,
  user_id     bigint references app_user,
  user_name   text not null,
  role        text not null,
  unit_id     bigint references unit,
  data        jsonb not null default '{}'
);
create index event_ticket on event (ticket_id, id);
create index event_txid on event (txid, id);
create unique index event_version on event (ticket_id, version);

-- 自编号: numbers of tickets that the centre takes in itself
create sequence ticket_serial;

create table event_cursor (
  consumer  text primary key,
  txid      xid8 not null,
  id        bigint not null
);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger event_append_only before update or delete on event for each row execute function refuse_change();
create trigger audit_append_only before update or delete on audit for each row execute function refuse_change();

-- 导入 ---------------------------------------------------------------------------------------------------------------
create table import_batch (
  id           bigint generated always as identity primary key,
  file_name    text not null,
  sha256       bytea not null,
  profile      text not null,
  status       text not null check (status in ('uploaded', 'running', 'done', 'failed', 'cancelled')),
  options      jsonb not null default '{}',
  mapping      jsonb not null default '{}',
  preview      jsonb,
  next_row     integer not null default 0,
  rows         integer not null default 0,
  created      integer not null default 0,
  updated      integer not null default 0,
  unchanged    integer not null default 0,
  rejected     integer not null default 0,
  failure      text,
  user_id      bigint references app_user,
  user_name    text not null,
  created_at   timestamptz not null,
  finished_at  timestamptz
);
create index import_batch_created on import_batch (created_at desc, id desc);

create table import_error (
  batch_id  bigint not null references import_batch on delete cascade,
  row       integer not null,
  "column"  text not null,
  value     text not null,
  why       text not null
);
create index import_error_batch on import_error (batch_id, row);

-- What each imported row became: the same row twice changes nothing.
create table import_row (
  key        text primary key,
  ticket_id  bigint not null references ticket,
  round      smallint not null,
  hash       bytea not null,
  batch_id   bigint not null references import_batch
);
create index import_row_ticket on import_row (ticket_id, round);

-- A column mapping that a person has confirmed for a header, offered again for the same header.
create table import_mapping (
  header_hash  bytea primary key,
  profile      text not null,
  mapping      jsonb not null,
  learned_at   timestamptz not null
);
