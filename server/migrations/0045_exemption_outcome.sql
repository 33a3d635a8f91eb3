-- 市级认定结果: files of outcomes, looked at first, put in force in one transaction, and what became of each of their rows.
create table exemption_outcome_file (
  id              bigint generated always as identity primary key,
  status          text   not null check (status in ('uploaded', 'confirmed', 'cancelled')),
  layout          text   not null,
  file_name       text   not null,
  sha256          bytea  not null,
  shape           jsonb  not null,
  mapping         jsonb  not null default '{}',
  faults          jsonb  not null default '[]',   -- rows that were left out because they could not be read
  created_at      timestamptz not null,
  user_id         bigint references app_user,
  user_name       text   not null,
  confirmed_at    timestamptz,
  confirmed_name  text,
  check ((status = 'confirmed') = (confirmed_at is not null))
);
create unique index exemption_outcome_file_once on exemption_outcome_file (sha256) where status = 'confirmed';

create table exemption_outcome_line (
  file_id       bigint   not null references exemption_outcome_file,
  row           integer  not null,
  number        text     not null,
  application   text,
  round         integer,
  unit          text     not null,
  outcome       text     not null check (outcome in ('upheld', 'denied')),
  reason        text     not null,
  paper         text     not null,
  standing      text     not null check (standing in ('apply', 'same', 'conflict', 'duplicate', 'outside', 'unmatched')),
  why           text     not null,
  exemption_id  bigint   references exemption,
  primary key (file_id, row)
);
create index exemption_outcome_line_of on exemption_outcome_line (exemption_id) where exemption_id is not null;
create trigger exemption_outcome_line_append_only before update or delete on exemption_outcome_line
  for each row execute function refuse_change();
