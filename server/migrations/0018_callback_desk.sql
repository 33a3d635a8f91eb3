-- 回访台: reasons by question, how long the talk was, where its recording is, and when the next call was planned.

alter table callback
  add column reasons       jsonb not null default '{}',  -- { question: { code, zh } }, copied when it happened
  add column talk_seconds  integer check (talk_seconds >= 0),
  add column recording     text,                         -- address in the telephone system
  drop constraint callback_outcome_check,
  add constraint callback_outcome_check check (outcome in ('answered', 'missed', 'refused', 'unreached'));

-- 约定的下次回访: one a ticket, gone when the ticket leaves the callers; told once, when its time has come
create table call_plan (
  ticket_id  bigint primary key references ticket,
  round      smallint not null,
  at         timestamptz not null,
  made_at    timestamptz not null,
  user_id    bigint references app_user,
  user_name  text not null,
  told_at    timestamptz
);
create index call_plan_due on call_plan (at) where told_at is null;
