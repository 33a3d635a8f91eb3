-- Administration: units with a history of names and mergers, dated categories, sessions one can see, settings in force from a day.

-- 承办单位: version is what an administrator's screen showed; a second to save is told, not overwritten.
alter table unit
  add column contact      text not null default '',  -- 联系科室、人员
  add column phone        text not null default '',  -- 单位值班电话
  add column version      integer not null default 1,
  add column merged_into  bigint references unit,
  add column merged_from  date,                      -- first day on which its names mean the other unit
  add constraint unit_merged check ((merged_into is null) = (merged_from is null) and merged_into is distinct from id);
create index unit_merged_into on unit (merged_into) where merged_into is not null;

-- 名称沿革: every name a unit has had, or will have, from a day; applied_at is null until that day has come.
create table unit_name (
  unit_id     bigint not null references unit,
  from_day    date not null,
  name        text not null,
  short_name  text not null,
  source      text not null,
  user_name   text not null,
  made_at     timestamptz not null,
  applied_at  timestamptz,
  primary key (unit_id, from_day)
);
create index unit_name_due on unit_name (from_day) where applied_at is null;

-- 问题分类
alter table category
  add column code        text,
  add column valid_from  date not null default '2000-01-01',
  add column valid_to    date,
  add column source      text not null default '',
  add column version     integer not null default 1,
  add constraint category_code_key unique (code),
  add constraint category_valid check (valid_to is null or valid_to >= valid_from);

-- 账号与会话
alter table app_user
  add column version          integer not null default 1,
  add column last_sign_in_at  timestamptz;
alter table session
  add column id       bigint generated always as identity,
  add column device   text not null default '',  -- "Chrome 147 · Windows", out of what the browser calls itself
  add column address  text not null default '',
  add constraint session_id_key unique (id);

-- 日历与时限版本: entered on screen beside the files under rules/; checked when drafted, never changed once in force.
create table dated_rule (
  name           text primary key,
  kind           text not null check (kind in ('calendar', 'deadline')),
  from_day       date not null,
  source         text not null,  -- 文号
  body           jsonb not null,
  status         text not null check (status in ('draft', 'inForce')),
  version        integer not null default 1,
  drafted_by     bigint references app_user,
  drafted_name   text not null,
  drafted_at     timestamptz not null,
  approved_by    bigint references app_user,
  approved_name  text,
  approved_at    timestamptz,
  check ((status = 'inForce') = (approved_at is not null))
);
create unique index dated_rule_deadline_from on dated_rule (from_day) where kind = 'deadline' and status = 'inForce';
create function refuse_dated_rule_change() returns trigger language plpgsql as $$
begin
  if old.status <> 'draft' then
    raise exception 'dated rule % is in force', old.name using errcode = 'restrict_violation';
  end if;
  return coalesce(new, old);
end $$;
create trigger dated_rule_immutable before update or delete on dated_rule
  for each row execute function refuse_dated_rule_change();

-- 审计 by person and by action, newest first
create index audit_user on audit (user_id, id desc) where user_id is not null;
create index audit_what on audit (what, id desc);
