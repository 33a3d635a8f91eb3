-- 退单: each time a unit gave a ticket back, with what came of it. Made of the events by the database itself, so that a
-- move, many at once, an import and the seeds' copy all leave the same rows; the matter is kept as it was when it was asked.
create table unit_return (
  id            bigint generated always as identity primary key,
  event_id      bigint not null unique,      -- the asking
  ticket_id     bigint not null,
  round         smallint not null,
  nth           smallint not null,           -- 第几次
  unit_id       bigint not null,
  ground        text,                        -- code of the dated list; null: asked in words alone
  ground_zh     text,                        -- its words on that day
  reason        text not null,
  evidence      text not null,
  suggest_unit  text not null,
  in_review     text not null check (in_review in ('pause', 'run')),
  category1     text not null,
  category2     text not null,
  street        text not null,
  community     text not null,
  asked_at      timestamptz not null,
  asked_by      bigint,
  asked_name    text not null,
  outcome       text check (outcome in ('accepted', 'refused', 'ownership')),   -- null while it waits
  decided_at    timestamptz,
  decided_by    bigint,
  decided_name  text,
  words         text,                        -- the reviewer's
  undone_at     timestamptz,                 -- taken back by who asked, within minutes
  check ((outcome is null) = (decided_at is null))
);
create index unit_return_ticket on unit_return (ticket_id, id);
create index unit_return_asked on unit_return (asked_at desc, id desc) where undone_at is null;
create index unit_return_unit on unit_return (unit_id, asked_at desc) where undone_at is null;
create index unit_return_matter on unit_return (category1, category2, street, asked_at desc) where undone_at is null;

create function keep_return(e event) returns void language plpgsql as $$
begin
  if e.kind = 'returnToCentre' then
    insert into unit_return (event_id, ticket_id, round, nth, unit_id, ground, ground_zh, reason, evidence, suggest_unit,
                             in_review, category1, category2, street, community, asked_at, asked_by, asked_name)
    select e.id, e.ticket_id, e.round,
           1 + (select count(*) from unit_return r where r.ticket_id = e.ticket_id and r.undone_at is null), e.unit_id,
           e.data ->> 'kind', e.data ->> 'groundZh', coalesce(e.data ->> 'ground', ''), coalesce(e.data ->> 'evidence', ''),
           coalesce(e.data ->> 'suggestUnit', ''), coalesce(e.data ->> 'inReview', 'pause'),
           t.category1, t.category2, t.street, t.community, e.at, e.user_id, e.user_name
      from ticket t
     where t.id = e.ticket_id and e.unit_id is not null
    on conflict (event_id) do nothing;
  elsif e.kind in ('acceptReturn', 'refuseReturn', 'openOwnership') then
    update unit_return
       set outcome = case e.kind when 'acceptReturn' then 'accepted' when 'refuseReturn' then 'refused' else 'ownership' end,
           decided_at = e.at, decided_by = e.user_id, decided_name = e.user_name,
           words = coalesce(e.data ->> 'note', e.data ->> 'reason', '')
     where id = (select id from unit_return where ticket_id = e.ticket_id and outcome is null and undone_at is null
                  order by id desc limit 1);
  elsif e.kind = 'undo:returnToCentre' then
    update unit_return set undone_at = e.at
     where id = (select id from unit_return where ticket_id = e.ticket_id and outcome is null and undone_at is null
                  order by id desc limit 1);
  else
    update unit_return set outcome = null, decided_at = null, decided_by = null, decided_name = null, words = null
     where id = (select id from unit_return where ticket_id = e.ticket_id and undone_at is null order by id desc limit 1)
       and outcome = case e.kind when 'undo:acceptReturn' then 'accepted' when 'undo:refuseReturn' then 'refused' else 'ownership' end;
  end if;
end $$;

create function return_recorded() returns trigger language plpgsql as $$
begin
  perform keep_return(new);
  return null;
end $$;

create trigger event_return after insert on event for each row
  when (new.kind in ('returnToCentre', 'acceptReturn', 'refuseReturn', 'openOwnership', 'undo:returnToCentre',
                     'undo:acceptReturn', 'undo:refuseReturn', 'undo:openOwnership'))
  execute function return_recorded();

do $$
declare
  told event;
begin
  for told in
    select * from event
     where kind in ('returnToCentre', 'acceptReturn', 'refuseReturn', 'openOwnership', 'undo:returnToCentre',
                    'undo:acceptReturn', 'undo:refuseReturn', 'undo:openOwnership')
     order by ticket_id, id
  loop
    perform keep_return(told);
  end loop;
end $$;

-- 退市: asked and answered, counted by day.
create index event_withdraw on event (at) where kind in ('applyWithdraw', 'acceptWithdraw', 'rejectWithdraw');
-- 派单: what was given to units in a span of days, in the first round and after.
create index assignment_dispatched on assignment (dispatched_at) include (ticket_id, round, unit_id, designated) where part = 'lead';
