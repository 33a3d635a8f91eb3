-- 无主巡查: that every open ticket has a running clock and a holder, looked at and put on record with its counts.
create table sweep_run (
  id         bigint generated always as identity primary key,
  at         timestamptz not null,
  by_id      bigint references app_user,  -- null: the worker or the command line
  by_name    text not null,
  open       integer not null,            -- open tickets looked at, and who held them
  centre     integer not null,
  unit       integer not null,
  city       integer not null,
  clocks     integer not null,            -- running clocks of their own
  found      integer not null,
  check (centre + unit + city = open and found between 0 and open)
);
create index sweep_run_at on sweep_run (at desc, id desc);
create trigger sweep_run_append_only before update or delete on sweep_run for each row execute function refuse_change();

-- A ticket that lacked something when the sweep looked: what, and the move after which it did.
create table sweep_found (
  run_id         bigint not null references sweep_run,
  ticket_id      bigint not null references ticket,
  state          text not null,
  moved_version  integer not null,
  lacks          text[] not null check (cardinality(lacks) > 0),
  primary key (run_id, ticket_id)
);
create index sweep_found_ticket on sweep_found (ticket_id);
create trigger sweep_found_append_only before update or delete on sweep_found for each row execute function refuse_change();
