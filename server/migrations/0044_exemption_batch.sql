-- 报市批次: what the centre has approved waits (passed) until it goes to the city in a batch, in the city's own form.
alter table exemption drop constraint exemption_state_check;
alter table exemption add constraint exemption_state_check
  check (state in ('applied', 'returned', 'refused', 'passed', 'sent', 'upheld', 'denied', 'withdrawn'));
drop index exemption_one_live;
create unique index exemption_one_live on exemption (ticket_id, round)
  where state in ('applied', 'returned', 'passed', 'sent');

-- Until now nothing has written this table.
alter table exemption_batch
  add column year        smallint not null,
  add column serial      integer  not null,
  add column number      text     not null unique,   -- 海剔报〔2026〕3号
  add column request_key text     not null unique,   -- the same request makes no second batch
  add column asked       bytea    not null,          -- SHA-256 of the applications that were asked for
  add constraint exemption_batch_serial unique (year, serial);
comment on column exemption_batch.profile is 'version of the form';

-- What went out, as it was written then.
create table exemption_batch_item (
  batch_id      bigint   not null references exemption_batch,
  place         smallint not null,
  exemption_id  bigint   not null references exemption,
  facts         jsonb    not null,   -- what the form's columns read, people covered
  evidence      jsonb    not null,   -- [{"order", "kind", "text", "file": {"name", "size", "sha256", "path"} | null}]
  primary key (batch_id, place),
  unique (batch_id, exemption_id)
);
create index exemption_batch_item_of on exemption_batch_item (exemption_id);
create trigger exemption_batch_item_append_only before update or delete on exemption_batch_item
  for each row execute function refuse_change();

-- form 报市表 and index 证据目录 as they were made; clear 完整报市表 when somebody first asked for it with a reason, under seal.
create table exemption_batch_file (
  batch_id  bigint not null references exemption_batch,
  kind      text   not null check (kind in ('form', 'index', 'clear')),
  name      text   not null,
  bytes     bytea  not null,
  sha256    text   not null,   -- of what it says, before any seal
  primary key (batch_id, kind)
);
create trigger exemption_batch_file_append_only before update or delete on exemption_batch_file
  for each row execute function refuse_change();

-- A batch ends in one way: 市级签收 or 撤回.
create table exemption_batch_step (
  batch_id   bigint not null primary key references exemption_batch,
  step       text   not null check (step in ('acknowledge', 'withdraw')),
  at         timestamptz not null,
  user_id    bigint references app_user,
  user_name  text   not null,
  note       text   not null default ''
);
create trigger exemption_batch_step_append_only before update or delete on exemption_batch_step
  for each row execute function refuse_change();
