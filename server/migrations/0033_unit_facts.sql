-- 分类与人口: which class a unit has from which day, and how many people live in its area in which year, each by its paper.
-- Entries are never edited: of two for the same day, or year, the later one counts.
create table unit_class (
  id        bigint generated always as identity primary key,
  unit_id   bigint not null references unit,
  class     text,                          -- null: none any more
  from_day  date not null,
  source    text not null,                 -- 文号
  at        timestamptz not null,
  by_user   bigint references app_user,
  by_name   text not null
);
create index unit_class_of on unit_class (unit_id, from_day, id);
create table population (
  id        bigint generated always as identity primary key,
  unit_id   bigint not null references unit,
  year      smallint not null check (year between 2000 and 2099),
  people    integer check (people > 0),    -- null: what was entered does not hold, the figure is not known
  source    text not null,
  at        timestamptz not null,
  by_user   bigint references app_user,
  by_name   text not null
);
create index population_of on population (year, unit_id, id);
create trigger unit_class_append_only before update or delete on unit_class for each row execute function refuse_change();
create trigger population_append_only before update or delete on population for each row execute function refuse_change();
