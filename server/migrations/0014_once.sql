-- 一次: keys of moves that were made, so that one sent again after a lost answer does not act twice. Kept for two days.
create table move_once (
  user_id    bigint not null references app_user on delete cascade,
  key        uuid not null,
  ticket_id  bigint not null references ticket,
  move       text not null,
  at         timestamptz not null,
  primary key (user_id, key)
);
create index move_once_at on move_once (at);
