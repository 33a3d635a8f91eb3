-- The workbench people live in: attachments, phrases, views, preferences, drafts, presence, messages, search, shifts.

-- 附件: the row; the bytes lie under the folder of files, named by their digest. Hidden with a reason, never deleted.
create table attachment (
  id              bigint generated always as identity primary key,
  ticket_id       bigint not null references ticket,
  round           smallint not null,
  name            text not null,
  mime            text not null,
  size            integer not null check (size > 0),
  sha256          bytea not null,
  user_id         bigint references app_user,
  user_name       text not null,
  unit_id         bigint references unit,
  at              timestamptz not null,
  hidden_at       timestamptz,
  hidden_by       bigint references app_user,
  hidden_by_name  text,
  hidden_reason   text,
  check ((hidden_at is null) = (hidden_reason is null))
);
create index attachment_ticket on attachment (ticket_id, id);

-- 撤销: how a ticket stood before its last move, for the minutes in which that move may be undone
create table undo_snapshot (
  ticket_id  bigint primary key references ticket,
  move       text not null,
  version    integer not null,  -- of the move's event
  user_id    bigint not null references app_user,
  at         timestamptz not null,
  before     jsonb not null
);
create index undo_snapshot_at on undo_snapshot (at);

-- 批量操作: what was asked of many tickets at once and what came of it
create table bulk_run (
  id         bigint generated always as identity primary key,
  user_id    bigint not null references app_user,
  user_name  text not null,
  move       text not null,
  asked      integer not null,
  done       integer not null,
  refused    jsonb not null default '[]',
  at         timestamptz not null
);
create index bulk_run_at on bulk_run (at);

-- 常用语: a person's own (owner) or the centre's (owner null); move '' serves every form
create table phrase (
  id          bigint generated always as identity primary key,
  owner_id    bigint references app_user on delete cascade,
  move        text not null default '',
  text        text not null,
  created_by  bigint references app_user on delete set null,
  created_at  timestamptz not null,
  updated_at  timestamptz not null
);
create unique index phrase_once on phrase (coalesce(owner_id, 0), move, md5(text));

create table phrase_use (
  phrase_id  bigint not null references phrase on delete cascade,
  user_id    bigint not null references app_user on delete cascade,
  used       integer not null,
  last_at    timestamptz not null,
  primary key (phrase_id, user_id)
);

-- 视图: a named filter with its columns and order
create table saved_view (
  id          bigint generated always as identity primary key,
  owner_id    bigint not null references app_user on delete cascade,
  name        text not null,
  sharing     text not null check (sharing in ('mine', 'shared', 'role')),
  roles       text[] not null default '{}',
  filter      jsonb not null,
  columns     jsonb not null default '[]',
  sort        text,
  position    integer not null default 0,
  created_at  timestamptz not null,
  updated_at  timestamptz not null,
  unique (owner_id, name),
  check ((sharing = 'role') = (cardinality(roles) > 0))
);
create index saved_view_sharing on saved_view (sharing);

-- 个人设置: one JSON a key
create table preference (
  user_id     bigint not null references app_user on delete cascade,
  key         text not null,
  value       jsonb not null,
  updated_at  timestamptz not null,
  primary key (user_id, key)
);

-- 草稿: what was typed and not sent, sealed, because it may hold personal data
create table draft (
  user_id     bigint not null references app_user on delete cascade,
  key         text not null,
  body_enc    bytea not null,
  updated_at  timestamptz not null,
  expires_at  timestamptz not null,
  primary key (user_id, key)
);
create index draft_expires on draft (expires_at);

-- 在看: who else has a ticket open. Lost in a crash, and told anew ten seconds later.
create unlogged table presence (
  ticket_id   bigint not null references ticket,
  user_id     bigint not null references app_user on delete cascade,
  doing       text not null default '',
  seen_at     timestamptz not null,
  expires_at  timestamptz not null,
  primary key (ticket_id, user_id)
);
create index presence_expires on presence (expires_at);

-- 消息: one a person and a cause; never personal data
create table inbox_message (
  id         bigint generated always as identity primary key,
  user_id    bigint not null references app_user on delete cascade,
  cause      text not null,  -- event:7, bulk:3, import:2:done
  kind       text not null check (kind in ('overdue', 'returned', 'bulk', 'import', 'mention')),
  ticket_id  bigint references ticket,
  title      text not null,
  body       text not null default '',
  link       text not null default '',
  at         timestamptz not null,
  read_at    timestamptz,
  unique (user_id, cause)
);
create index inbox_message_user on inbox_message (user_id, id desc);
create index inbox_message_unread on inbox_message (user_id) where read_at is null;

-- 检索: the words of a ticket, filled by following events and by a backfill that remembers how far it came
create table ticket_search (
  ticket_id  bigint primary key references ticket,
  words      tsvector not null
);
create index ticket_search_words on ticket_search using gin (words);

create table search_progress (
  dictionary  text primary key,  -- digest of the names that the words were cut by
  next_id     bigint not null,
  done_at     timestamptz
);

-- 班次
create table shift (
  id         bigint generated always as identity primary key,
  name       text not null,
  starts_at  timestamptz not null,
  ends_at    timestamptz not null,
  lead_id    bigint references app_user,
  check (ends_at > starts_at),
  unique (starts_at, name)
);
create index shift_ends on shift (ends_at);

create table shift_member (
  shift_id  bigint not null references shift on delete cascade,
  user_id   bigint not null references app_user,
  primary key (shift_id, user_id)
);

-- 交接: what one shift leaves to the next, with the work that was open then
create table handover (
  id         bigint generated always as identity primary key,
  shift_id   bigint not null references shift,
  text       text not null,
  open       jsonb not null,
  user_id    bigint not null references app_user,
  user_name  text not null,
  at         timestamptz not null
);
create index handover_shift on handover (shift_id, id desc);
create trigger handover_append_only before update or delete on handover for each row execute function refuse_change();
