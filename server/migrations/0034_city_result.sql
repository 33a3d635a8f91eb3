-- 市级结果: the city's monthly files by period and kind, their lines, what people matched and decided. Nothing is edited: a
-- corrected file is a new version, a matching or a decision taken back is a new row.

-- A file that was taken in: looked at, then confirmed with all its lines or given up. In force for a period and kind is the
-- confirmed one of the highest version that was not withdrawn.
create table city_file (
  id              bigint generated always as identity primary key,
  period          text not null,
  kind            text not null check (kind in ('lines', 'units')),
  layout          text not null,
  status          text not null check (status in ('uploaded', 'confirmed', 'withdrawn', 'cancelled')),
  version         integer,               -- from the confirmation on
  file_name       text not null,
  sha256          bytea not null,        -- of the bytes as they came; kept sealed under files/city-results by it
  shape           jsonb not null,        -- sheet, header row, headers, first rows with personal data covered
  mapping         jsonb not null default '{}',
  stated          text[] not null default '{}',  -- what its columns tell of every round
  rows            integer not null default 0,
  refused         jsonb not null default '[]',   -- rows that were left out: row, column, value, why
  created_at      timestamptz not null,
  user_id         bigint references app_user,
  user_name       text not null,
  confirmed_at    timestamptz,
  confirmed_name  text,
  withdrawn_at    timestamptz,
  withdrawn_name  text,
  withdrawn_why   text not null default '',
  check ((status in ('confirmed', 'withdrawn')) = (version is not null))
);
create unique index city_file_version on city_file (period, kind, version) where version is not null;
create index city_file_of on city_file (period, kind, id);

create table city_line (
  file_id        bigint not null references city_file,
  row            integer not null,
  key            text not null,  -- the same for the same ticket and round in a corrected file
  number         text not null,
  round          smallint,       -- as said; null: the file does not say
  dispatched_at  timestamptz,
  unit           text not null,  -- as written
  scope          text not null check (scope in ('full', 'responseOnly', 'exempt')),
  valid          boolean not null,
  contacted      text check (contacted in ('yes', 'no')),
  solved         text check (solved in ('yes', 'partly', 'no')),
  satisfied      text check (satisfied in ('satisfied', 'basically', 'dissatisfied')),
  ground         text not null,
  note           text not null,
  primary key (file_id, row)
);
create unique index city_line_key on city_line (file_id, key);
create index city_line_number on city_line (number);
create trigger city_line_append_only before update or delete on city_line for each row execute function refuse_change();

-- 单位成绩: figures as published, as many digits as were written.
create table city_unit_line (
  file_id       bigint not null references city_file,
  row           integer not null,
  unit          text not null,
  unit_group    text not null,
  tickets       integer,
  base          integer,
  response      text,
  solution      text,
  satisfaction  text,
  score         text,
  rank          integer,
  primary key (file_id, row)
);
create trigger city_unit_line_append_only before update or delete on city_unit_line for each row execute function refuse_change();

-- 人工对应: which round a line means, by a person; the last row of a key counts, a null ticket takes the matching back.
create table city_match (
  id         bigint generated always as identity primary key,
  period     text not null,
  key        text not null,
  ticket_id  bigint references ticket,
  round      smallint,
  reason     text not null,
  at         timestamptz not null,
  user_id    bigint references app_user,
  user_name  text not null
);
create index city_match_of on city_match (period, key, id);
create trigger city_match_append_only before update or delete on city_match for each row execute function refuse_change();

-- 市级用名: what the city calls a unit, where our own names and aliases do not know it; the last row of a name counts.
create table city_unit_name (
  id         bigint generated always as identity primary key,
  name       text not null,
  unit_id    bigint not null references unit,
  at         timestamptz not null,
  user_id    bigint references app_user,
  user_name  text not null
);
create index city_unit_name_of on city_unit_name (name, id);
create trigger city_unit_name_append_only before update or delete on city_unit_name for each row execute function refuse_change();

-- 处置: a reading adopted, a dispute made, its answer.
create table city_act (
  id         bigint generated always as identity primary key,
  period     text not null,
  key        text not null,
  act        text not null check (act in ('adopted', 'disputed', 'corrected', 'kept', 'dropped')),
  cause      text not null,          -- as it was then
  ticket_id  bigint,
  round      smallint,
  file_id    bigint references city_file,
  version    integer,                -- of the ticket, by the event that wrote it
  note       text not null,
  at         timestamptz not null,
  user_id    bigint references app_user,
  user_name  text not null
);
create index city_act_of on city_act (period, key, id);
create trigger city_act_append_only before update or delete on city_act for each row execute function refuse_change();
