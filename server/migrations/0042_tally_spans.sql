-- 段计数: the counters of whole stretches of days, kept added up beside those of single days. A stretch is what no period parts,
-- as a rule one period; a month's ranking then reads some thousand sums instead of a hundred thousand counters. Where the
-- stretches do not fit what is asked for, the days are added up: they decide how fast a figure is, never what it is.
create table tally_span (
  from_day  date primary key,
  to_day    date not null check (to_day >= from_day),
  exclude using gist (daterange(from_day, to_day, '[]') with &&)
);
create table tally_sum (
  from_day  date not null,  -- of its tally_span
  unit_id   bigint not null,
  cell      text not null,
  n         bigint not null,
  -- a ranking reads a whole stretch, one kind of entry after the other, from the index alone
  primary key (from_day, cell, unit_id) include (n)
);

-- 计数核对, the nightly recount: that it was done, how long it took, what it found. At most a thousand wrong counters are named.
create table tally_check (
  id     bigint generated always as identity primary key,
  at     timestamptz not null,
  ms     integer not null,
  wrong  integer not null
);
create index tally_check_at on tally_check (at desc);
alter table tally_alarm
  add column check_id  bigint references tally_check,
  add column to_day    date;  -- of a stretch; null: the counter of one day
create index tally_alarm_check on tally_alarm (check_id);
