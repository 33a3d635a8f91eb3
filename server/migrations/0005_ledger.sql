-- 考核台账: what each ticket said in the assessment, every time it changed; counters that follow at once; rule sets with
-- their approval; closed periods; exemption; shelving. See docs/adr/0005.

-- 考核结果, further ---------------------------------------------------------------------------------------------------
alter table result
  -- the city's own scope where it differs from the district's; null: the same
  add column city_scope    text check (city_scope in ('full', 'responseOnly', 'exempt')),
  -- the exemption that decided the scope; its evidence is found there
  add column exemption_id  bigint;

-- 台账: one entry per change of a result, append-only, a correction supersedes by its seq. Who and when is the event of the
-- same transaction (txid). No foreign key to ticket: tickets are never deleted, and a million entries are written at once.
create table ledger (
  id            bigint generated always as identity primary key,
  ticket_id     bigint not null,
  round         smallint not null,
  seq           integer not null,
  txid          xid8 not null default pg_current_xact_id(),
  unit_id       bigint,
  unit_kind     text,          -- as it was then
  counted_at    timestamptz not null,
  scope         text not null,
  city_scope    text,
  scope_note    text not null,
  void          boolean not null,
  source        text,
  valid         boolean not null,
  contacted     text,
  solved        text,
  satisfied     text,
  callback_id   bigint,        -- the callback whose answers these are
  exemption_id  bigint
);
create unique index ledger_line on ledger (ticket_id, round, seq);
create trigger ledger_append_only before update or delete on ledger for each row execute function refuse_change();

-- 计数: results by Beijing day, unit (0: none) and kind of entry. What is counted now = tally + the deltas not folded yet.
create table tally (
  day      date not null,
  unit_id  bigint not null,
  cell     text not null,
  n        bigint not null,
  primary key (day, unit_id, cell)
);
create table tally_delta (
  id       bigint generated always as identity primary key,
  day      date not null,
  unit_id  bigint not null,
  cell     text not null,
  n        bigint not null
);
-- 计数核对: a counter that the nightly recount found wrong. An alarm, not a repair.
create table tally_alarm (
  id       bigint generated always as identity primary key,
  at       timestamptz not null,
  day      date not null,
  unit_id  bigint not null,
  cell     text not null,
  kept     bigint not null,
  counted  bigint not null
);

create function tally_day(at timestamptz) returns date language sql immutable parallel safe as
$$ select ((at at time zone 'UTC') + interval '8 hours')::date $$;

-- One text for one kind of entry, "full|-|city|valid|yes|yes|-": scope, the city's scope, source, then the answers.
create function tally_cell(scope text, city_scope text, source text, valid boolean, contacted text, solved text, satisfied text)
returns text language sql immutable parallel safe as
$$ select scope || '|' || coalesce(city_scope, '-') || '|' || coalesce(source, '-') || '|' || case when valid then 'valid' else 'invalid' end
  || '|' || coalesce(contacted, '-') || '|' || coalesce(solved, '-') || '|' || coalesce(satisfied, '-') $$;

-- Whoever writes a result writes its ledger entry and its counters, in the same transaction: moves, imports, seeds alike.
create function result_recorded() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    insert into ledger (ticket_id, round, seq, unit_id, unit_kind, counted_at, scope, city_scope, scope_note, void, source, valid,
                        contacted, solved, satisfied, callback_id, exemption_id)
    select w.ticket_id, w.round, coalesce((select max(l.seq) from ledger l where l.ticket_id = w.ticket_id and l.round = w.round), 0) + 1,
           w.unit_id, u.kind, w.counted_at, w.scope, w.city_scope, w.scope_note, true, w.source, w.valid,
           w.contacted, w.solved, w.satisfied, null, w.exemption_id
      from was_row w left join unit u on u.id = w.unit_id;
    insert into tally_delta (day, unit_id, cell, n)
    select tally_day(counted_at), coalesce(unit_id, 0), tally_cell(scope, city_scope, source, valid, contacted, solved, satisfied), -count(*)
      from was_row where not void group by 1, 2, 3;
    return null;
  end if;
  insert into ledger (ticket_id, round, seq, unit_id, unit_kind, counted_at, scope, city_scope, scope_note, void, source, valid,
                      contacted, solved, satisfied, callback_id, exemption_id)
  select r.ticket_id, r.round, coalesce(l.seq, 0) + 1, r.unit_id, u.kind, r.counted_at, r.scope, r.city_scope, r.scope_note, r.void, r.source, r.valid,
         r.contacted, r.solved, r.satisfied,
         case when r.source is not null then (select max(c.id) from callback c
           where c.ticket_id = r.ticket_id and c.round = r.round and c.source = r.source and c.outcome = 'answered') end,
         r.exemption_id
    from now_row r
    left join unit u on u.id = r.unit_id
    left join lateral (select * from ledger l where l.ticket_id = r.ticket_id and l.round = r.round order by l.seq desc limit 1) l on true
   where l.id is null
      or (l.unit_id, l.counted_at, l.scope, l.city_scope, l.scope_note, l.void, l.source, l.valid, l.contacted, l.solved, l.satisfied, l.exemption_id)
         is distinct from
         (r.unit_id, r.counted_at, r.scope, r.city_scope, r.scope_note, r.void, r.source, r.valid, r.contacted, r.solved, r.satisfied, r.exemption_id);
  if tg_op = 'INSERT' then
    insert into tally_delta (day, unit_id, cell, n)
    select tally_day(counted_at), coalesce(unit_id, 0), tally_cell(scope, city_scope, source, valid, contacted, solved, satisfied), count(*)
      from now_row where not void group by 1, 2, 3;
  else
    insert into tally_delta (day, unit_id, cell, n)
    select day, unit, cell, sum(n) from (
      select tally_day(counted_at) as day, coalesce(unit_id, 0) as unit, tally_cell(scope, city_scope, source, valid, contacted, solved, satisfied) as cell, 1 as n
        from now_row where not void
      union all
      select tally_day(counted_at), coalesce(unit_id, 0), tally_cell(scope, city_scope, source, valid, contacted, solved, satisfied), -1
        from was_row where not void) turned
     group by 1, 2, 3 having sum(n) <> 0;
  end if;
  return null;
end $$;
create trigger result_inserted after insert on result referencing new table as now_row for each statement execute function result_recorded();
create trigger result_updated after update on result referencing old table as was_row new table as now_row for each statement execute function result_recorded();
create trigger result_deleted after delete on result referencing old table as was_row for each statement execute function result_recorded();

-- What was there before the ledger was kept.
insert into ledger (ticket_id, round, seq, unit_id, unit_kind, counted_at, scope, scope_note, void, source, valid, contacted, solved, satisfied, callback_id)
select r.ticket_id, r.round, 1, r.unit_id, u.kind, r.counted_at, r.scope, r.scope_note, r.void, r.source, r.valid, r.contacted, r.solved, r.satisfied,
       case when r.source is not null then (select max(c.id) from callback c
         where c.ticket_id = r.ticket_id and c.round = r.round and c.source = r.source and c.outcome = 'answered') end
  from result r left join unit u on u.id = r.unit_id;
insert into tally (day, unit_id, cell, n)
select tally_day(counted_at), coalesce(unit_id, 0), tally_cell(scope, city_scope, source, valid, contacted, solved, satisfied), count(*)
  from result where not void group by 1, 2, 3;

-- 考核规则 -----------------------------------------------------------------------------------------------------------
-- The body is the rule set as the files under rules/assessment write it, without its status. It may be edited as a draft only.
create table rule_set (
  name          text primary key,
  level         text not null check (level in ('district', 'city')),
  status        text not null check (status in ('draft', 'reviewed', 'inForce', 'superseded')),
  from_day      date not null,
  body          jsonb not null,
  document_no   text not null default '',  -- 文号
  based_on      text,
  drafted_by    bigint references app_user,
  drafted_name  text not null,
  drafted_at    timestamptz not null,
  reviewed_by   bigint references app_user,
  reviewed_name text,
  reviewed_at   timestamptz,
  approved_by   bigint references app_user,
  approved_name text,
  approved_at   timestamptz
);
create unique index rule_set_from on rule_set (level, from_day) where status in ('inForce', 'superseded');
create function refuse_rule_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and old.status = 'draft' then return old; end if;
  if tg_op = 'DELETE' or (old.status <> 'draft' and
     (old.name, old.level, old.from_day, old.body) is distinct from (new.name, new.level, new.from_day, new.body)) then
    raise exception 'rule set % is no draft any more', old.name using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger rule_set_immutable before update or delete on rule_set for each row execute function refuse_rule_change();

-- 封账 ---------------------------------------------------------------------------------------------------------------
-- frozen: canonical JSON text of the rule set, the days, and every unit's name, kind and entries by kind; digest: SHA-256 of it.
create table closing (
  id            bigint generated always as identity primary key,
  level         text not null check (level in ('district', 'city')),
  period        text not null,
  rule_set      text not null,
  from_day      date not null,
  to_day        date not null,
  frozen        text not null,
  digest        text not null,
  entries       integer not null,
  waived        text not null default '',  -- why it was closed although a check found something
  closed_at     timestamptz not null,
  closed_by     bigint references app_user,
  closed_name   text not null,
  unique (level, period)
);
create table closing_row (
  closing_id  bigint not null references closing,
  ticket_id   bigint not null,
  round       smallint not null,
  seq         integer not null,  -- of the ledger entry that was counted
  unit_id     bigint,
  street      text not null,
  category1   text not null,
  scope       text not null,
  valid       boolean not null,
  contacted   text,
  solved      text,
  satisfied   text,
  primary key (closing_id, ticket_id, round)
);
create trigger closing_append_only before update or delete on closing for each row execute function refuse_change();
create trigger closing_row_append_only before update or delete on closing_row for each row execute function refuse_change();

-- 不纳入考核 ---------------------------------------------------------------------------------------------------------
create table exemption (
  id             bigint generated always as identity primary key,
  ticket_id      bigint not null references ticket,
  round          smallint not null,
  unit_id        bigint not null references unit,
  state          text not null check (state in ('applied', 'returned', 'refused', 'sent', 'upheld', 'denied', 'withdrawn')),
  ground         text not null,
  ground_name    text not null,        -- as it was called then
  rules          text not null,        -- version of the grounds
  reason         text not null,
  evidence       jsonb not null,       -- [{"kind", "text", "file"}]
  checks         jsonb not null default '[]',  -- the pre-check as it stood at the review
  due_at         timestamptz not null, -- until when it may be applied for
  applied_at     timestamptz not null,
  applied_by     bigint references app_user,
  applied_name   text not null,
  reviewed_at    timestamptz,
  reviewed_by    bigint references app_user,
  reviewed_name  text,
  outcome_at     timestamptz,
  outcome_no     text not null default '',  -- the city's paper
  appeal_of      bigint references exemption
);
create unique index exemption_one_live on exemption (ticket_id, round) where state in ('applied', 'returned', 'sent');
create unique index exemption_one_appeal on exemption (appeal_of) where appeal_of is not null and state <> 'withdrawn';
create index exemption_state on exemption (state, applied_at, id);
create index exemption_unit on exemption (unit_id, applied_at desc, id desc);
create index exemption_ground on exemption (ground, state);
create index exemption_ticket on exemption (ticket_id);
create table exemption_step (
  id            bigint generated always as identity primary key,
  exemption_id  bigint not null references exemption,
  step          text not null,
  at            timestamptz not null,
  user_id       bigint references app_user,
  user_name     text not null,
  note          text not null,
  data          jsonb not null default '{}'
);
create index exemption_step_of on exemption_step (exemption_id, id);
create trigger exemption_step_append_only before update or delete on exemption_step for each row execute function refuse_change();

-- 挂账 ---------------------------------------------------------------------------------------------------------------
create table shelving (
  id             bigint generated always as identity primary key,
  ticket_id      bigint not null references ticket,
  round          smallint not null,
  unit_id        bigint not null references unit,
  state          text not null check (state in ('applied', 'shelved', 'refused', 'ended')),
  kind           text not null,
  reason         text not null,
  plan           text not null,
  term_day       date not null,
  review_day     date not null,   -- of the next look
  applied_at     timestamptz not null,
  applied_by     bigint references app_user,
  applied_name   text not null,
  approved_at    timestamptz,
  approved_by    bigint references app_user,
  approved_name  text,
  ended_at       timestamptz,
  ended_note     text not null default ''
);
create unique index shelving_one_live on shelving (ticket_id) where state in ('applied', 'shelved');
create index shelving_term on shelving (state, term_day, id);
create table shelving_step (
  id           bigint generated always as identity primary key,
  shelving_id  bigint not null references shelving,
  step         text not null,
  at           timestamptz not null,
  user_id      bigint references app_user,
  user_name    text not null,
  note         text not null
);
create index shelving_step_of on shelving_step (shelving_id, id);
create trigger shelving_step_append_only before update or delete on shelving_step for each row execute function refuse_change();
