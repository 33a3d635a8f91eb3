-- Which of a period's segments a frozen row fell in: a rule that binds from its day on parts a period (ADR 8). What was closed
-- before there were any lies in the first.
alter table closing_row add column segment smallint not null default 0;
