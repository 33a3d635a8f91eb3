-- 通知: what a feature wants people told of, written in the transaction of its cause; inbox and notify follow it by cursor.
create table notice (
  id          bigint generated always as identity primary key,
  txid        xid8 not null default pg_current_xact_id(),
  cause       text not null unique,  -- urge:7: told once, whoever tries again
  kind        text not null,         -- of the message in the workbench
  ticket_id   bigint references ticket,
  user_ids    bigint[] not null,
  means       text[] not null check (means <@ array['workbench', 'email', 'webhook']),
  title       text not null,
  body        text not null default '',
  link        text not null default '',
  at          timestamptz not null,
  outward_at  timestamptz not null   -- nothing leaves the house before (夜间免打扰); the workbench shows it at once
);
create index notice_txid on notice (txid, id);
create trigger notice_append_only before update or delete on notice for each row execute function refuse_change();

alter table inbox_message drop constraint inbox_message_kind_check;
alter table inbox_message add constraint inbox_message_kind_check
  check (kind in ('overdue', 'returned', 'bulk', 'import', 'mention', 'reminder', 'urge', 'notice'));
