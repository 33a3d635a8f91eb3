-- What a fresh migration makes, described from the catalogue. Written by "npx jiesu schema --write"; not edited by hand.

create table app_user (
  id bigint not null generated always as identity,
  login text not null,
  name text not null,
  password_hash text not null,
  roles text[] not null,
  unit_id bigint,
  active boolean not null default true,
  failed_logins smallint not null default 0,
  locked_until timestamp with time zone,
  created_at timestamp with time zone not null,
  constraint app_user_login_key UNIQUE (login),
  constraint app_user_pkey PRIMARY KEY (id),
  constraint app_user_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint app_user_roles_check CHECK ((cardinality(roles) > 0))
);

create table assignment (
  id bigint not null generated always as identity,
  ticket_id bigint not null,
  round smallint not null,
  part text not null,
  unit_id bigint not null,
  state text not null,
  opinion text not null default ''::text,
  designated boolean not null default false,
  dispatched_at timestamp with time zone not null,
  dispatched_by bigint,
  accepted_at timestamp with time zone,
  contacted_at timestamp with time zone,
  contact_way text,
  reported_at timestamp with time zone,
  report text,
  outcome text,
  ended_at timestamp with time zone,
  ended_as text,
  constraint assignment_ticket_id_round_unit_id_key UNIQUE (ticket_id, round, unit_id),
  constraint assignment_pkey PRIMARY KEY (id),
  constraint assignment_dispatched_by_fkey FOREIGN KEY (dispatched_by) REFERENCES app_user(id),
  constraint assignment_ticket_id_fkey FOREIGN KEY (ticket_id) REFERENCES ticket(id),
  constraint assignment_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint assignment_part_check CHECK ((part = ANY (ARRAY['lead'::text, 'co'::text])))
);
CREATE INDEX assignment_unit_co ON public.assignment USING btree (unit_id, state) WHERE (part = 'co'::text);
CREATE UNIQUE INDEX assignment_one_lead ON public.assignment USING btree (ticket_id, round) WHERE (part = 'lead'::text);

create table audit (
  id bigint not null generated always as identity,
  at timestamp with time zone not null,
  user_id bigint,
  user_name text not null,
  what text not null,
  ticket_id bigint,
  detail jsonb not null default '{}'::jsonb,
  constraint audit_pkey PRIMARY KEY (id),
  constraint audit_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id)
);
CREATE INDEX audit_at ON public.audit USING btree (at DESC, id DESC);
CREATE INDEX audit_ticket ON public.audit USING btree (ticket_id) WHERE (ticket_id IS NOT NULL);
CREATE TRIGGER audit_append_only BEFORE DELETE OR UPDATE ON public.audit FOR EACH ROW EXECUTE FUNCTION refuse_change();

create table callback (
  id bigint not null generated always as identity,
  ticket_id bigint not null,
  round smallint not null,
  source text not null,
  outcome text not null,
  contacted text,
  solved text,
  satisfied text,
  reason text not null default ''::text,
  note text not null default ''::text,
  at timestamp with time zone not null,
  user_id bigint,
  user_name text not null,
  constraint callback_pkey PRIMARY KEY (id),
  constraint callback_ticket_id_fkey FOREIGN KEY (ticket_id) REFERENCES ticket(id),
  constraint callback_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id),
  constraint callback_contacted_check CHECK ((contacted = ANY (ARRAY['yes'::text, 'no'::text]))),
  constraint callback_outcome_check CHECK ((outcome = ANY (ARRAY['answered'::text, 'missed'::text, 'refused'::text]))),
  constraint callback_satisfied_check CHECK ((satisfied = ANY (ARRAY['satisfied'::text, 'basically'::text, 'dissatisfied'::text]))),
  constraint callback_solved_check CHECK ((solved = ANY (ARRAY['yes'::text, 'partly'::text, 'no'::text]))),
  constraint callback_source_check CHECK ((source = ANY (ARRAY['own'::text, 'city'::text])))
);
CREATE INDEX callback_ticket ON public.callback USING btree (ticket_id, round);

create table category (
  id bigint not null generated always as identity,
  level1 text not null,
  level2 text not null default ''::text,
  level3 text not null default ''::text,
  default_unit_id bigint,
  to_street boolean not null default false,
  constraint category_level1_level2_level3_key UNIQUE (level1, level2, level3),
  constraint category_pkey PRIMARY KEY (id),
  constraint category_default_unit_id_fkey FOREIGN KEY (default_unit_id) REFERENCES unit(id)
);

create table clock (
  id bigint not null generated always as identity,
  ticket_id bigint not null,
  assignment_id bigint,
  round smallint not null,
  kind text not null,
  state text not null,
  started_at timestamp with time zone not null,
  due_at timestamp with time zone not null,
  near_at timestamp with time zone not null,
  stopped_at timestamp with time zone,
  rule text not null,
  body jsonb not null,
  constraint clock_pkey PRIMARY KEY (id),
  constraint clock_assignment_id_fkey FOREIGN KEY (assignment_id) REFERENCES assignment(id),
  constraint clock_ticket_id_fkey FOREIGN KEY (ticket_id) REFERENCES ticket(id),
  constraint clock_check CHECK ((near_at <= due_at)),
  constraint clock_state_check CHECK ((state = ANY (ARRAY['running'::text, 'paused'::text, 'stopped'::text, 'cancelled'::text])))
);
CREATE INDEX clock_ticket ON public.clock USING btree (ticket_id);
CREATE UNIQUE INDEX clock_one_live ON public.clock USING btree (ticket_id, kind, COALESCE(assignment_id, (0)::bigint)) WHERE (state = ANY (ARRAY['running'::text, 'paused'::text]));

create table community (
  code text not null,
  name text not null,
  kind text not null,
  unit_id bigint not null,
  constraint community_pkey PRIMARY KEY (code),
  constraint community_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint community_kind_check CHECK ((kind = ANY (ARRAY['社区'::text, '村'::text, '其他'::text])))
);
CREATE INDEX community_unit ON public.community USING btree (unit_id);

create table event (
  id bigint not null generated always as identity,
  txid xid8 not null default pg_current_xact_id(),
  ticket_id bigint not null,
  version integer not null,
  kind text not null,
  from_state text,
  to_state text,
  round smallint not null,
  at timestamp with time zone not null,
  user_id bigint,
  user_name text not null,
  role text not null,
  unit_id bigint,
  data jsonb not null default '{}'::jsonb,
  constraint event_pkey PRIMARY KEY (id),
  constraint event_ticket_id_fkey FOREIGN KEY (ticket_id) REFERENCES ticket(id),
  constraint event_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint event_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id)
);
CREATE INDEX event_ticket ON public.event USING btree (ticket_id, id);
CREATE INDEX event_txid ON public.event USING btree (txid, id);
CREATE UNIQUE INDEX event_version ON public.event USING btree (ticket_id, version);
CREATE TRIGGER event_append_only BEFORE DELETE OR UPDATE ON public.event FOR EACH ROW EXECUTE FUNCTION refuse_change();

create table event_cursor (
  consumer text not null,
  txid xid8 not null,
  id bigint not null,
  constraint event_cursor_pkey PRIMARY KEY (consumer)
);

create table import_batch (
  id bigint not null generated always as identity,
  file_name text not null,
  sha256 bytea not null,
  profile text not null,
  status text not null,
  options jsonb not null default '{}'::jsonb,
  mapping jsonb not null default '{}'::jsonb,
  preview jsonb,
  next_row integer not null default 0,
  rows integer not null default 0,
  created integer not null default 0,
  updated integer not null default 0,
  unchanged integer not null default 0,
  rejected integer not null default 0,
  failure text,
  user_id bigint,
  user_name text not null,
  created_at timestamp with time zone not null,
  finished_at timestamp with time zone,
  constraint import_batch_pkey PRIMARY KEY (id),
  constraint import_batch_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id),
  constraint import_batch_status_check CHECK ((status = ANY (ARRAY['uploaded'::text, 'running'::text, 'done'::text, 'failed'::text, 'cancelled'::text])))
);
CREATE INDEX import_batch_created ON public.import_batch USING btree (created_at DESC, id DESC);

create table import_error (
  batch_id bigint not null,
  row integer not null,
  column text not null,
  value text not null,
  why text not null,
  constraint import_error_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES import_batch(id) ON DELETE CASCADE
);
CREATE INDEX import_error_batch ON public.import_error USING btree (batch_id, "row");

create table import_mapping (
  header_hash bytea not null,
  profile text not null,
  mapping jsonb not null,
  learned_at timestamp with time zone not null,
  constraint import_mapping_pkey PRIMARY KEY (header_hash)
);

create table import_row (
  key text not null,
  ticket_id bigint not null,
  round smallint not null,
  hash bytea not null,
  batch_id bigint not null,
  constraint import_row_pkey PRIMARY KEY (key),
  constraint import_row_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES import_batch(id),
  constraint import_row_ticket_id_fkey FOREIGN KEY (ticket_id) REFERENCES ticket(id)
);
CREATE INDEX import_row_ticket ON public.import_row USING btree (ticket_id, round);

create table requester (
  ticket_id bigint not null,
  name_enc bytea,
  phone_enc bytea,
  account_enc bytea,
  content_enc bytea,
  phone_hash bytea,
  tail_hash bytea,
  constraint requester_pkey PRIMARY KEY (ticket_id),
  constraint requester_ticket_id_fkey FOREIGN KEY (ticket_id) REFERENCES ticket(id)
);
CREATE INDEX requester_phone ON public.requester USING btree (phone_hash) WHERE (phone_hash IS NOT NULL);
CREATE INDEX requester_tail ON public.requester USING btree (tail_hash) WHERE (tail_hash IS NOT NULL);

create table result (
  ticket_id bigint not null,
  round smallint not null,
  unit_id bigint not null,
  counted_at timestamp with time zone not null,
  scope text not null default 'full'::text,
  scope_note text not null default ''::text,
  void boolean not null default false,
  source text,
  valid boolean not null default false,
  contacted text,
  solved text,
  satisfied text,
  constraint result_pkey PRIMARY KEY (ticket_id, round),
  constraint result_ticket_id_fkey FOREIGN KEY (ticket_id) REFERENCES ticket(id),
  constraint result_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint result_contacted_check CHECK ((contacted = ANY (ARRAY['yes'::text, 'no'::text]))),
  constraint result_satisfied_check CHECK ((satisfied = ANY (ARRAY['satisfied'::text, 'basically'::text, 'dissatisfied'::text]))),
  constraint result_scope_check CHECK ((scope = ANY (ARRAY['full'::text, 'responseOnly'::text, 'exempt'::text]))),
  constraint result_solved_check CHECK ((solved = ANY (ARRAY['yes'::text, 'partly'::text, 'no'::text]))),
  constraint result_source_check CHECK ((source = ANY (ARRAY['own'::text, 'city'::text])))
);
CREATE INDEX result_counted ON public.result USING btree (counted_at) INCLUDE (unit_id, scope, void, valid, contacted, solved, satisfied, ticket_id, round);
CREATE INDEX result_unit ON public.result USING btree (unit_id, counted_at DESC);

create table schema_migration (
  number integer not null,
  name text not null,
  sha256 text not null,
  applied_at timestamp with time zone not null default now(),
  constraint schema_migration_pkey PRIMARY KEY (number)
);

create table session (
  token_hash bytea not null,
  user_id bigint not null,
  csrf text not null,
  created_at timestamp with time zone not null,
  last_seen_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  constraint session_pkey PRIMARY KEY (token_hash),
  constraint session_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id) ON DELETE CASCADE
);
CREATE INDEX session_by_user ON public.session USING btree (user_id);

create table ticket (
  id bigint not null generated always as identity,
  number text not null,
  channel text not null,
  path text not null,
  kind text not null default ''::text,
  level smallint not null default 3,
  title text not null default ''::text,
  content text not null,
  category1 text not null default ''::text,
  category2 text not null default ''::text,
  category3 text not null default ''::text,
  district text not null default ''::text,
  street text not null default ''::text,
  community text not null default ''::text,
  address text not null default ''::text,
  enterprise text not null default ''::text,
  state text not null,
  round smallint not null default 0,
  returns smallint not null default 0,
  lead_unit_id bigint,
  closing_kind text,
  reply text not null default ''::text,
  received_at timestamp with time zone not null,
  city_dispatched_at timestamp with time zone,
  city_due_at timestamp with time zone,
  signed_at timestamp with time zone,
  dispatched_at timestamp with time zone,
  closed_at timestamp with time zone,
  due_at timestamp with time zone,
  due_kind text,
  near_at timestamp with time zone,
  merged_into bigint,
  extra jsonb not null default '{}'::jsonb,
  version integer not null default 1,
  moved_version integer not null default 1,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint ticket_number_key UNIQUE (number),
  constraint ticket_pkey PRIMARY KEY (id),
  constraint ticket_lead_unit_id_fkey FOREIGN KEY (lead_unit_id) REFERENCES unit(id),
  constraint ticket_merged_into_fkey FOREIGN KEY (merged_into) REFERENCES ticket(id),
  constraint ticket_closing_kind_check CHECK ((closing_kind = ANY (ARRAY['reply'::text, 'direct'::text, 'transfer'::text, 'city'::text]))),
  constraint ticket_level_check CHECK (((level >= 1) AND (level <= 4))),
  constraint ticket_path_check CHECK ((path = ANY (ARRAY['district'::text, 'directStreet'::text, 'directBureau'::text, 'own'::text])))
);
CREATE INDEX ticket_merged ON public.ticket USING btree (merged_into) WHERE (merged_into IS NOT NULL);
CREATE INDEX ticket_queue ON public.ticket USING btree (state, due_at, id) WHERE (state <> ALL (ARRAY['closed'::text, 'withdrawn'::text, 'merged'::text]));
CREATE INDEX ticket_received ON public.ticket USING btree (received_at DESC, id DESC);
CREATE INDEX ticket_state_received ON public.ticket USING btree (state, received_at DESC, id DESC);
CREATE INDEX ticket_unit_queue ON public.ticket USING btree (lead_unit_id, state, due_at, id) WHERE (state <> ALL (ARRAY['closed'::text, 'withdrawn'::text, 'merged'::text]));
CREATE INDEX ticket_unit_received ON public.ticket USING btree (lead_unit_id, received_at DESC, id DESC);

create table timer (
  clock_id bigint not null,
  what text not null,
  ticket_id bigint not null,
  fire_at timestamp with time zone not null,
  fired_at timestamp with time zone,
  constraint timer_pkey PRIMARY KEY (clock_id, what),
  constraint timer_clock_id_fkey FOREIGN KEY (clock_id) REFERENCES clock(id),
  constraint timer_ticket_id_fkey FOREIGN KEY (ticket_id) REFERENCES ticket(id),
  constraint timer_what_check CHECK ((what = ANY (ARRAY['near'::text, 'overdue'::text])))
);
CREATE INDEX timer_due ON public.timer USING btree (fire_at) WHERE (fired_at IS NULL);

create table unit (
  id bigint not null generated always as identity,
  name text not null,
  short_name text not null,
  kind text not null,
  code text,
  parent_id bigint,
  valid_from date not null default '2000-01-01'::date,
  valid_to date,
  constraint unit_code_key UNIQUE (code),
  constraint unit_name_key UNIQUE (name),
  constraint unit_pkey PRIMARY KEY (id),
  constraint unit_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES unit(id),
  constraint unit_check CHECK (((valid_to IS NULL) OR (valid_to >= valid_from))),
  constraint unit_kind_check CHECK ((kind = ANY (ARRAY['street'::text, 'town'::text, 'bureau'::text, 'company'::text, 'other'::text])))
);

create table unit_alias (
  alias text not null,
  unit_id bigint not null,
  source text not null,
  created_at timestamp with time zone not null,
  constraint unit_alias_pkey PRIMARY KEY (alias),
  constraint unit_alias_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id) ON DELETE CASCADE
);
CREATE INDEX unit_alias_unit ON public.unit_alias USING btree (unit_id);

CREATE OR REPLACE FUNCTION public.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $function$;

create sequence ticket_serial;
