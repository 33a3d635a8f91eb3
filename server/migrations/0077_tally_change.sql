-- 计数的变动. How often the folded counters of a day have changed, whoever changed them. Sums of days that stand in memory are
-- right as long as this stands too (server/assessment/counters.ts). Each change adds one, so that no two can pass for none.
create table tally_change (
  day   date primary key,
  times bigint not null
);

insert into tally_change (day, times) select day, 1 from tally group by day;

-- By the column that it is told. Sums of a stretch count as a change of its first day: who asks for the whole stretch asks for it.
create function tally_changed() returns trigger language plpgsql as $$
begin
  execute format('insert into tally_change (day, times) select %1$I, 1 from changed group by 1 order by 1
                  on conflict (day) do update set times = tally_change.times + 1', tg_argv[0]);
  return null;
end $$;

create trigger tally_inserted after insert on tally referencing new table as changed
  for each statement execute function tally_changed('day');
create trigger tally_updated after update on tally referencing new table as changed
  for each statement execute function tally_changed('day');
create trigger tally_deleted after delete on tally referencing old table as changed
  for each statement execute function tally_changed('day');
create trigger tally_sum_inserted after insert on tally_sum referencing new table as changed
  for each statement execute function tally_changed('from_day');
create trigger tally_sum_updated after update on tally_sum referencing new table as changed
  for each statement execute function tally_changed('from_day');
create trigger tally_sum_deleted after delete on tally_sum referencing old table as changed
  for each statement execute function tally_changed('from_day');
