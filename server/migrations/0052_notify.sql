-- 通知通道: by which servers and gateways messages leave the house, to which addresses, and what came of each.

create table notify_channel (
  id           bigint generated always as identity primary key,
  means        text not null check (means in ('email', 'webhook')),
  name         text not null unique,
  enabled      boolean not null default false,
  settings     jsonb not null,   -- checked by core/notify/channel.ts
  secret_enc   bytea,            -- password or signing key, SM4
  version      integer not null default 1,
  changed_by   bigint references app_user,
  changed_name text not null,
  changed_at   timestamptz not null
);

-- 收件地址 of the house's own people; never a requester's. Sealed all the same.
create table notify_contact (
  user_id      bigint primary key references app_user on delete cascade,
  email_enc    bytea,
  phone_enc    bytea,
  account_enc  bytea,            -- 政务微信、企业微信 account
  changed_at   timestamptz not null
);

create table delivery (
  id           bigint generated always as identity primary key,
  notice_id    bigint not null references notice,
  channel_id   bigint not null references notify_channel,
  user_id      bigint references app_user,  -- null: a group's webhook, one call a notice
  address      text not null,               -- masked
  key          uuid not null,               -- the same at every attempt: Idempotency-Key, Message-ID
  state        text not null check (state in ('waiting', 'sending', 'sent', 'dead', 'unknown')),
  attempts     smallint not null default 0,
  next_at      timestamptz,                 -- of the next attempt; while sending: until when it is surely this one's
  made_at      timestamptz not null,
  done_at      timestamptz,
  problem      text not null default '',
  check ((next_at is null) = (state in ('sent', 'dead', 'unknown')))
);
create unique index delivery_once on delivery (notice_id, channel_id, coalesce(user_id, 0));
create index delivery_due on delivery (next_at) where next_at is not null;
create index delivery_dead on delivery (id desc) where state in ('dead', 'unknown');

create table delivery_attempt (
  delivery_id  bigint not null references delivery,
  nth          smallint not null,
  at           timestamptz not null,
  ok           boolean not null,
  answer       text not null,    -- status and first words, masked
  primary key (delivery_id, nth)
);
create trigger delivery_attempt_append_only before update or delete on delivery_attempt
  for each row execute function refuse_change();
