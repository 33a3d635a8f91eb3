-- 复核放行: a step that a check before it stops, let pass by a second person.

create table guard_override (
  id            bigint generated always as identity primary key,
  ticket_id     bigint not null references ticket,
  step          text not null,               -- core/guard/checklist.ts
  subject       text not null default '',    -- which exemption; "" for the moves
  digest        text not null,               -- of the words that were looked at
  words         text not null,               -- the same, numbers covered
  list          text not null,               -- name of the checklist
  stops         jsonb not null,              -- [{key, name, said}]
  reason        text not null,
  state         text not null check (state in ('asked', 'confirmed', 'refused', 'used', 'expired', 'dropped')),
  asked_by      bigint not null references app_user,
  asked_name    text not null,
  asked_at      timestamptz not null,
  expires_at    timestamptz not null,
  decided_by    bigint references app_user,
  decided_name  text,
  decided_at    timestamptz,
  opinion       text not null default '',
  used_at       timestamptz,
  check (decided_by <> asked_by),
  check ((decided_by is null) = (state in ('asked', 'expired', 'dropped') and decided_at is null))
);
create unique index guard_override_live on guard_override (ticket_id, step, subject) where state in ('asked', 'confirmed');
create index guard_override_open on guard_override (id desc) where state in ('asked', 'confirmed');
create index guard_override_asked on guard_override (asked_at, id);
