-- 催办阶梯 entered on screen beside the file: drafted by one, put in force by another; a day begins one.
alter table dated_rule drop constraint dated_rule_kind_check;
alter table dated_rule add constraint dated_rule_kind_check check (kind in ('calendar', 'deadline', 'period', 'urging'));
create unique index dated_rule_urging_from on dated_rule (from_day) where kind = 'urging' and status = 'inForce';
