-- 按期办结率 frozen with the closing; 电话抽访; periods entered on screen; longer 销账期限; applications reported to the city.

-- Of the rounds whose reports could be judged when the period was closed: whether every one was in time. Null: not judged, or closed
-- before this was kept, which the frozen text tells apart.
alter table closing_row add column on_time boolean;

-- 电话抽访: a sample of closed tickets of channels that the city does not call back. The frame is kept, so that the seed draws the same.
create table sampling_plan (
  id            bigint generated always as identity primary key,
  name          text not null,
  from_day      date not null,  -- closed from … to, both counted
  to_day        date not null,
  channels      jsonb not null, -- ["人民网", …]
  strata        text not null check (strata in ('channel', 'unit', 'channelUnit')),
  size          integer not null check (size >= 1),
  seed          text not null,
  counted       boolean not null, -- by the rule in force when it was drawn: whether answers count as own callbacks
  rules         text not null,
  drawn_at      timestamptz not null,
  drawn_by      bigint references app_user,
  drawn_name    text not null
);
create trigger sampling_plan_append_only before update or delete on sampling_plan for each row execute function refuse_change();
create table sampling_frame (
  plan_id    bigint not null references sampling_plan,
  ticket_id  bigint not null references ticket,
  round      smallint not null,
  channel    text not null,
  unit_id    bigint,
  place      integer,           -- place in the call list; null: not drawn
  primary key (plan_id, ticket_id)
);
create unique index sampling_drawn on sampling_frame (plan_id, place) where place is not null;
create trigger sampling_frame_append_only before update or delete on sampling_frame for each row execute function refuse_change();
-- One row a call. Kept apart from callback: nothing of it reaches a result unless the rule says so.
create table sampling_call (
  id            bigint generated always as identity primary key,
  plan_id       bigint not null,
  ticket_id     bigint not null,
  outcome       text not null check (outcome in ('answered', 'missed', 'refused', 'unreached')),
  contacted     text check (contacted in ('yes', 'no')),
  solved        text check (solved in ('yes', 'partly', 'no')),
  satisfied     text check (satisfied in ('satisfied', 'basically', 'dissatisfied')),
  reasons       jsonb not null default '{}',
  reason        text not null default '',
  note          text not null default '',
  next_at       timestamptz,    -- of a missed call: when to try again
  talk_seconds  integer check (talk_seconds >= 0),
  at            timestamptz not null,
  user_id       bigint references app_user,
  user_name     text not null,
  foreign key (plan_id, ticket_id) references sampling_frame (plan_id, ticket_id)
);
create unique index sampling_call_once on sampling_call (plan_id, ticket_id) where outcome <> 'missed';
create trigger sampling_call_append_only before update or delete on sampling_call for each row execute function refuse_change();

-- 考核周期 entered on screen.
alter table dated_rule drop constraint dated_rule_kind_check;
alter table dated_rule add constraint dated_rule_kind_check check (kind in ('calendar', 'deadline', 'period'));

-- 延长销账期限: asked for by the unit while the ticket is shelved, decided by the centre.
alter table shelving
  add column asked_term   date,
  add column asked_reason text not null default '',
  add column asked_at     timestamptz,
  add column asked_name   text;

-- 报市: applications sent to the city in one file; each goes out once.
create table exemption_batch (
  id         bigint generated always as identity primary key,
  profile    text not null,
  sent_at    timestamptz not null,
  sent_by    bigint references app_user,
  sent_name  text not null
);
create trigger exemption_batch_append_only before update or delete on exemption_batch for each row execute function refuse_change();
alter table exemption add column batch_id bigint references exemption_batch;
create index exemption_batch_of on exemption (batch_id) where batch_id is not null;
