-- 确权: a case of its own for every ticket whose ownership is disputed; what its ruling teaches is kept as a precedent.

-- One row a 提交确权 of a ticket. It is opened, ruled and changed by the ticket's own events (triggers below), so that a
-- case and its ticket never part, whichever way the move was made.
create table ownership_case (
  id             bigint generated always as identity primary key,
  ticket_id      bigint not null references ticket,
  round          smallint not null,
  state          text not null default 'claims' check (state in ('claims', 'meeting', 'heard', 'opinion', 'reported', 'answered',
                   'ruled', 'appealed', 'upheld', 'changed', 'withdrawn')),
  before_ruling  text,                          -- the state that a taken back ruling gives back
  opened_event   bigint not null unique references event,
  opened_at      timestamptz not null,
  opened_by      bigint references app_user,
  opened_name    text not null,
  reason         text not null,
  site           text not null default '',      -- 现场情况
  site_files     bigint[] not null default '{}',
  opinion        jsonb,                         -- 初步派遣意见 as it stands: {leadUnitId, coUnitIds, text, articles, at, by, byId}
  report         jsonb,                         -- 上报: {to, note, at, by, answer?: {…}}
  lead_unit_id   bigint references unit,        -- 裁定
  co_unit_ids    bigint[] not null default '{}',
  basis          text,
  reasons        text not null default '',
  articles       jsonb not null default '[]',
  ruled_at       timestamptz,
  ruled_by       bigint references app_user,
  ruled_name     text,
  ruled_event    bigint references event,
  check ((ruled_at is null) = (lead_unit_id is null) and (ruled_at is null) = (basis is null))
);
create unique index ownership_case_one_open on ownership_case (ticket_id)
  where state in ('claims', 'meeting', 'heard', 'opinion', 'reported', 'answered');
create index ownership_case_ticket on ownership_case (ticket_id, id);
create index ownership_case_state on ownership_case (state, id);

-- 当事单位: who led it before, who was asked, who was named by the ruling.
create table ownership_party (
  case_id   bigint not null references ownership_case,
  unit_id   bigint not null references unit,
  because   text not null check (because in ('led', 'invited', 'ruled')),
  added_at  timestamptz not null,
  primary key (case_id, unit_id)
);
create index ownership_party_unit on ownership_party (unit_id, case_id);

-- 各方意见: what a unit says, each version kept; the latest stands.
create table ownership_claim (
  id             bigint generated always as identity primary key,
  case_id        bigint not null references ownership_case,
  unit_id        bigint not null references unit,
  position       text not null check (position in ('mine', 'shared', 'notMine')),
  statement      text not null,
  articles       jsonb not null,                -- 法律依据: [{paper, article, text}]
  suggest_unit_id bigint references unit,
  files          bigint[] not null,             -- attachments of the ticket
  late           boolean not null,              -- after the window
  at             timestamptz not null,
  user_id        bigint references app_user,
  user_name      text not null
);
create index ownership_claim_of on ownership_claim (case_id, unit_id, id);
create trigger ownership_claim_append_only before update or delete on ownership_claim
  for each row execute function refuse_change();

-- 确权会、现场会
create table ownership_meeting (
  id          bigint generated always as identity primary key,
  case_id     bigint not null references ownership_case,
  kind        text not null check (kind in ('onSite', 'office')),
  starts_at   timestamptz not null,
  place       text not null,
  agenda      text not null default '',
  state       text not null check (state in ('called', 'held', 'cancelled', 'moved')),
  attendance  jsonb not null default '[]',      -- [{unitId, name, post, presence}]
  minutes     text not null default '',
  files       bigint[] not null default '{}',
  called_at   timestamptz not null,
  called_name text not null,
  check (state <> 'held' or minutes <> '')
);
create index ownership_meeting_of on ownership_meeting (case_id, id);

-- 复议: once a case, by a party.
create table ownership_appeal (
  case_id       bigint primary key references ownership_case,
  unit_id       bigint not null references unit,
  reason        text not null,
  files         bigint[] not null,
  at            timestamptz not null,
  user_id       bigint references app_user,
  user_name     text not null,
  outcome       text check (outcome in ('upheld', 'changed')),
  reasons       text,
  decided_at    timestamptz,
  decided_by    bigint references app_user,
  decided_name  text,
  check ((outcome is null) = (decided_at is null) and (outcome is null) = (reasons is null))
);

create table ownership_step (
  id         bigint generated always as identity primary key,
  case_id    bigint not null references ownership_case,
  step       text not null,
  at         timestamptz not null,
  user_id    bigint references app_user,
  user_name  text not null,
  unit_id    bigint references unit,
  note       text not null default '',
  data       jsonb not null default '{}'
);
create index ownership_step_of on ownership_step (case_id, id);
create trigger ownership_step_append_only before update or delete on ownership_step
  for each row execute function refuse_change();

-- 先例: a number for life, and its versions.
create table precedent (
  id       bigint generated always as identity primary key,
  case_id  bigint not null unique references ownership_case
);

create table precedent_version (
  id            bigint generated always as identity primary key,
  precedent_id  bigint not null references precedent,
  version       smallint not null check (version >= 1),
  state         text not null check (state in ('draft', 'published', 'amended', 'overruled', 'discarded')),
  title         text not null,
  category1     text not null,
  category2     text not null,
  category3     text not null,
  street        text not null,
  community     text not null,
  spot          text not null,
  words         text[] not null,
  lead_unit_id  bigint not null references unit,
  co_unit_ids   bigint[] not null,
  reason        text not null,
  valid_from    date not null,
  valid_to      date,
  written_by    bigint references app_user,
  written_name  text not null,
  written_at    timestamptz not null,
  published_at  timestamptz,
  published_name text,
  ended_at      timestamptz,
  unique (precedent_id, version),
  check (valid_to is null or valid_to >= valid_from),
  check (state in ('draft', 'discarded') or published_at is not null),
  check ((state in ('amended', 'overruled')) = (ended_at is not null))
);
create unique index precedent_one_published on precedent_version (precedent_id) where state = 'published';
create unique index precedent_one_draft on precedent_version (precedent_id) where state = 'draft';
create index precedent_in_force on precedent_version (category1) where state = 'published';

-- What was published is not edited: it may only end.
create function refuse_precedent_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.state <> 'draft' and (new.title, new.category1, new.category2, new.category3, new.street, new.community,
       new.spot, new.words, new.lead_unit_id, new.co_unit_ids, new.reason, new.valid_from, new.valid_to, new.published_at)
       is distinct from (old.title, old.category1, old.category2, old.category3, old.street, old.community,
       old.spot, old.words, old.lead_unit_id, old.co_unit_ids, old.reason, old.valid_from, old.valid_to, old.published_at)
     or old.state in ('amended', 'overruled', 'discarded') and new.state <> old.state then
    raise exception 'a precedent that was published is not changed' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger precedent_version_kept before update or delete on precedent_version
  for each row execute function refuse_precedent_change();

create table precedent_step (
  id            bigint generated always as identity primary key,
  precedent_id  bigint not null references precedent,
  version       smallint not null,
  step          text not null,
  at            timestamptz not null,
  user_id       bigint references app_user,
  user_name     text not null,
  note          text not null default ''
);
create index precedent_step_of on precedent_step (precedent_id, id);
create trigger precedent_step_append_only before update or delete on precedent_step
  for each row execute function refuse_change();

-- 引用: which dispatch or ruling cited which version. Written with the event that says so.
create table precedent_citation (
  version_id  bigint not null references precedent_version,
  ticket_id   bigint not null references ticket,
  round       smallint not null,
  event_id    bigint not null references event,
  at          timestamptz not null,
  user_name   text not null,
  unit_id     bigint references unit,
  primary key (version_id, event_id)
);
create index precedent_citation_ticket on precedent_citation (ticket_id, round);
create trigger precedent_citation_append_only before update or delete on precedent_citation
  for each row execute function refuse_change();

-- The case follows the ticket.
create function follow_ownership() returns trigger language plpgsql as $$
declare
  one bigint;
  ruled bigint;
begin
  if new.kind = 'openOwnership' then
    -- left behind by a ticket that was taken back with its import
    update ownership_case set state = 'withdrawn'
     where ticket_id = new.ticket_id and state in ('claims', 'meeting', 'heard', 'opinion', 'reported', 'answered');
    insert into ownership_case (ticket_id, round, opened_event, opened_at, opened_by, opened_name, reason)
    values (new.ticket_id, new.round, new.id, new.at, new.user_id, new.user_name, coalesce(new.data->>'reason', ''))
    returning id into one;
    insert into ownership_party (case_id, unit_id, because, added_at)
    select distinct one, a.unit_id, 'led', new.at from assignment a where a.ticket_id = new.ticket_id and a.part = 'lead';
    insert into ownership_step (case_id, step, at, user_id, user_name, note)
    values (one, 'open', new.at, new.user_id, new.user_name, coalesce(new.data->>'reason', ''));
  elsif new.kind in ('rule', 'rerule') then
    ruled := (new.data->>'leadUnitId')::bigint;
    update ownership_case
       set state = case when new.kind = 'rule' then 'ruled' else 'changed' end,
           before_ruling = case when new.kind = 'rule' then state else before_ruling end,
           lead_unit_id = ruled, basis = coalesce(new.data->>'basis', ''), reasons = coalesce(new.data->>'reasons', ''),
           co_unit_ids = array(select jsonb_array_elements_text(coalesce(new.data->'coUnitIds', '[]'))::bigint),
           articles = coalesce(new.data->'articles', '[]'), ruled_at = new.at, ruled_by = new.user_id, ruled_name = new.user_name,
           ruled_event = new.id
     where ticket_id = new.ticket_id
       and (new.kind = 'rule' and state in ('claims', 'meeting', 'heard', 'opinion', 'reported', 'answered')
            or new.kind = 'rerule' and state = 'appealed')
    returning id into one;
    if one is not null then
      insert into ownership_party (case_id, unit_id, because, added_at) values (one, ruled, 'ruled', new.at)
      on conflict do nothing;
      insert into ownership_step (case_id, step, at, user_id, user_name, note, data)
      values (one, case when new.kind = 'rule' then 'rule' else 'change' end, new.at, new.user_id, new.user_name,
              coalesce(new.data->>'basis', ''), new.data);
    end if;
  elsif new.kind = 'undo:openOwnership' then
    update ownership_case set state = 'withdrawn'
     where ticket_id = new.ticket_id and state in ('claims', 'meeting', 'heard', 'opinion', 'reported', 'answered')
    returning id into one;
    if one is not null then
      insert into ownership_step (case_id, step, at, user_id, user_name) values (one, 'undo', new.at, new.user_id, new.user_name);
    end if;
  elsif new.kind = 'undo:rule' then
    update ownership_case
       set state = before_ruling, before_ruling = null, lead_unit_id = null, co_unit_ids = '{}', basis = null, reasons = '',
           articles = '[]', ruled_at = null, ruled_by = null, ruled_name = null, ruled_event = null
     where id = (select max(id) from ownership_case where ticket_id = new.ticket_id) and state = 'ruled'
    returning id into one;
    if one is not null then
      insert into ownership_step (case_id, step, at, user_id, user_name) values (one, 'undo', new.at, new.user_id, new.user_name);
    end if;
  end if;
  return null;
end $$;
create trigger event_follow_ownership after insert on event for each row
  when (new.kind in ('openOwnership', 'rule', 'rerule', 'undo:openOwnership', 'undo:rule'))
  execute function follow_ownership();

create function keep_citations() returns trigger language plpgsql as $$
begin
  insert into precedent_citation (version_id, ticket_id, round, event_id, at, user_name, unit_id)
  select distinct p.id::bigint, new.ticket_id, new.round, new.id, new.at, new.user_name, new.unit_id
    from jsonb_array_elements_text(new.data->'precedents') as p(id);
  return null;
end $$;
create trigger event_keep_citations after insert on event for each row
  when (new.kind in ('dispatch', 'rule', 'rerule') and jsonb_typeof(new.data->'precedents') = 'array')
  execute function keep_citations();

-- Tickets that were 确权中 before there were cases.
insert into ownership_case (ticket_id, round, opened_event, opened_at, opened_by, opened_name, reason)
select e.ticket_id, e.round, e.id, e.at, e.user_id, e.user_name, coalesce(e.data->>'reason', '')
  from ticket t cross join lateral (
    select * from event where ticket_id = t.id and kind = 'openOwnership' order by id desc limit 1) e
 where t.state = 'ownership';
insert into ownership_party (case_id, unit_id, because, added_at)
select distinct c.id, a.unit_id, 'led', c.opened_at
  from ownership_case c join assignment a on a.ticket_id = c.ticket_id and a.part = 'lead';
insert into ownership_step (case_id, step, at, user_id, user_name, note)
select id, 'open', opened_at, opened_by, opened_name, reason from ownership_case;
