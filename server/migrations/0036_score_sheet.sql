-- 月度考核成绩单: one row a version of a period at a level. While it is made it changes; once published it never does.
create table score_sheet (
  id             bigint generated always as identity primary key,
  level          text not null check (level in ('district', 'city')),
  period         text not null,
  version        smallint not null check (version >= 1),
  state          text not null check (state in ('draft', 'submitted', 'reviewed', 'published')),
  reason         text not null default '',   -- 更正原因
  number         text not null default '',   -- 发文字号
  figures        text not null,              -- as they were taken, one JSON text
  words          jsonb not null,             -- 通报 text by section
  edition        integer not null default 1, -- grows with every change, so that two hands do not overwrite one another
  hands          bigint[] not null,          -- who has written in this version; none of them may review it
  drafted_name   text not null,
  drafted_at     timestamptz not null,
  reviewed_name  text,
  reviewed_at    timestamptz,
  published_name text,
  published_at   timestamptz,
  provisional    boolean not null default false, -- 暂定: the period was not closed
  unique (level, period, version),
  check ((state = 'published') = (published_at is not null)),
  check (version = 1 or reason <> '')
);
create unique index score_sheet_one_open on score_sheet (level, period) where state <> 'published';
create function refuse_published_sheet_change() returns trigger language plpgsql as $$
begin
  if old.state = 'published' then
    raise exception 'score sheet % is published', old.id using errcode = 'restrict_violation';
  end if;
  return coalesce(new, old);
end $$;
create trigger score_sheet_immutable before update or delete on score_sheet
  for each row execute function refuse_published_sheet_change();

-- The files as they were published.
create table score_sheet_file (
  sheet_id  bigint not null references score_sheet,
  kind      text not null check (kind in ('docx', 'xlsx')),
  name      text not null,
  bytes     bytea not null,
  sha256    text not null,
  primary key (sheet_id, kind)
);
create trigger score_sheet_file_append_only before update or delete on score_sheet_file
  for each row execute function refuse_change();

create table score_sheet_step (
  id         bigint generated always as identity primary key,
  sheet_id   bigint not null references score_sheet,
  step       text not null,
  at         timestamptz not null,
  user_id    bigint references app_user,
  user_name  text not null,
  note       text not null default ''
);
create index score_sheet_step_of on score_sheet_step (sheet_id, id);
create trigger score_sheet_step_append_only before update or delete on score_sheet_step
  for each row execute function refuse_change();

-- What a sheet counts beside the ledger, found by when it happened.
create index assignment_returned on assignment (ended_at) where part = 'lead' and ended_as = 'returned';
create index event_rework on event (at) where kind = 'rework';
