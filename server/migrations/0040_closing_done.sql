-- 办结起计日: rounds that count in another period but whose report was judged in this one, frozen with its closing. None where 办结
-- counts with the period's own days, as it did in every closing before.
create table closing_done (
  closing_id  bigint not null references closing,
  ticket_id   bigint not null,
  round       smallint not null,
  seq         integer not null,  -- of the ledger entry that stood
  segment     smallint not null default 0,
  unit_id     bigint,
  street      text not null,
  category1   text not null,
  scope       text not null,
  valid       boolean not null,
  contacted   text,
  solved      text,
  satisfied   text,
  on_time     boolean not null,
  primary key (closing_id, ticket_id, round)
);
create trigger closing_done_append_only before update or delete on closing_done for each row execute function refuse_change();
