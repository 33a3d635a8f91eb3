-- 接班: a hand-over is taken over once, by another shift lead.
create table handover_ack (
  handover_id  bigint primary key references handover,
  note         text not null default '',
  user_id      bigint not null references app_user,
  user_name    text not null,
  at           timestamptz not null
);
create trigger handover_ack_append_only before update or delete on handover_ack for each row execute function refuse_change();

-- 知悉: until when a person has seen what an alarm tells of; what arises later is new again.
create table alarm_seen (
  user_id  bigint not null references app_user on delete cascade,
  alarm    text not null,
  at       timestamptz not null,
  primary key (user_id, alarm)
);

-- when the ledger was last backed up, for the home page of the system administrator
create index audit_backup on audit (id desc) where what = 'backup';
