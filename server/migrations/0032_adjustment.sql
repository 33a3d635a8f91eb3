-- 加减分: points drafted for a unit and period, and what became of them, step by step. Neither is ever edited: what is taken
-- back is taken back by a further step.
create table adjustment (
  id         bigint generated always as identity primary key,
  level      text not null check (level in ('district', 'city')),
  period     text not null,               -- "2026-11"
  unit_id    bigint not null references unit,
  item       text not null,               -- key in the rule set
  item_name  text not null,               -- as it was called then
  kind       text not null check (kind in ('bonus', 'penalty')),
  points     numeric(10, 6) not null check (points > 0),
  rules      text not null,               -- the rule set it was drafted under
  reason     text not null,
  evidence   text not null,
  link       text not null default '',    -- where the evidence is kept
  key        text not null unique,        -- of the screen's own making: sent twice, drafted once
  at         timestamptz not null,
  by_user    bigint references app_user,
  by_name    text not null
);
create index adjustment_of on adjustment (level, period, unit_id);
create index adjustment_unit on adjustment (unit_id, id desc);
create table adjustment_step (
  adjustment_id  bigint not null references adjustment,
  state          text not null check (state in ('approved', 'refused', 'withdrawn', 'revoked')),
  reason         text not null default '',
  late           boolean not null default false,  -- the period was closed by then: it stands as a difference
  at             timestamptz not null,
  by_user        bigint references app_user,
  by_name        text not null,
  primary key (adjustment_id, state)
);
create trigger adjustment_append_only before update or delete on adjustment for each row execute function refuse_change();
create trigger adjustment_step_append_only before update or delete on adjustment_step for each row execute function refuse_change();
