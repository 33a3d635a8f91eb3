-- What a fresh migration makes, described from the catalogue. Written by "npx jiesu schema --write"; not edited by hand.

create table adjustment (
  id bigint not null generated always as identity,
  level text not null,
  period text not null,
  unit_id bigint not null,
  item text not null,
  item_name text not null,
  kind text not null,
  points numeric(10,6) not null,
  rules text not null,
  reason text not null,
  evidence text not null,
  link text not null default ''::text,
  key text not null,
  at timestamp with time zone not null,
  by_user bigint,
  by_name text not null,
  constraint adjustment_key_key UNIQUE (key),
  constraint adjustment_pkey PRIMARY KEY (id),
  constraint adjustment_by_user_fkey FOREIGN KEY (by_user) REFERENCES app_user(id),
  constraint adjustment_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint adjustment_kind_check CHECK ((kind = ANY (ARRAY['bonus'::text, 'penalty'::text]))),
  constraint adjustment_level_check CHECK ((level = ANY (ARRAY['district'::text, 'city'::text]))),
  constraint adjustment_points_check CHECK ((points > (0)::numeric))
);
CREATE INDEX adjustment_of ON public.adjustment USING btree (level, period, unit_id);
CREATE INDEX adjustment_unit ON public.adjustment USING btree (unit_id, id DESC);
CREATE TRIGGER adjustment_append_only BEFORE DELETE OR UPDATE ON public.adjustment FOR EACH ROW EXECUTE FUNCTION refuse_change();

create table adjustment_step (
  adjustment_id bigint not null,
  state text not null,
  reason text not null default ''::text,
  late boolean not null default false,
  at timestamp with time zone not null,
  by_user bigint,
  by_name text not null,
  constraint adjustment_step_pkey PRIMARY KEY (adjustment_id, state),
  constraint adjustment_step_adjustment_id_fkey FOREIGN KEY (adjustment_id) REFERENCES adjustment(id),
  constraint adjustment_step_by_user_fkey FOREIGN KEY (by_user) REFERENCES app_user(id),
  constraint adjustment_step_state_check CHECK ((state = ANY (ARRAY['approved'::text, 'refused'::text, 'withdrawn'::text, 'revoked'::text])))
);
CREATE TRIGGER adjustment_step_append_only BEFORE DELETE OR UPDATE ON public.adjustment_step FOR EACH ROW EXECUTE FUNCTION refuse_change();

create table alarm_seen (
  user_id bigint not null,
  alarm text not null,
  at timestamp with time zone not null,
  constraint alarm_seen_pkey PRIMARY KEY (user_id, alarm),
  constraint alarm_seen_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id) ON DELETE CASCADE
);

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
  version integer not null default 1,
  last_sign_in_at timestamp with time zone,
  constraint app_user_login_key UNIQUE (login),
  constraint app_user_pkey PRIMARY KEY (id),
  constraint app_user_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint app_user_roles_check CHECK ((cardinality(roles) > 0))
);
CREATE TRIGGER app_user_kept BEFORE DELETE ON public.app_user FOR EACH ROW EXECUTE FUNCTION refuse_change();

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
  constraint assignment_part_check CHECK ((part = ANY (ARRAY['lead'::text, 'co'::text])))
);
CREATE INDEX assignment_dispatched ON public.assignment USING btree (dispatched_at) INCLUDE (ticket_id, round, unit_id, designated) WHERE (part = 'lead'::text);
CREATE INDEX assignment_returned ON public.assignment USING btree (ended_at) WHERE ((part = 'lead'::text) AND (ended_as = 'returned'::text));
CREATE INDEX assignment_unit ON public.assignment USING btree (unit_id, ticket_id);
CREATE INDEX assignment_unit_co ON public.assignment USING btree (unit_id, state) WHERE (part = 'co'::text);
CREATE UNIQUE INDEX assignment_one_lead ON public.assignment USING btree (ticket_id, round) WHERE (part = 'lead'::text);

create table attachment (
  id bigint not null generated always as identity,
  ticket_id bigint not null,
  round smallint not null,
  name text not null,
  mime text not null,
  size integer not null,
  sha256 bytea not null,
  user_id bigint,
  user_name text not null,
  unit_id bigint,
  at timestamp with time zone not null,
  hidden_at timestamp with time zone,
  hidden_by bigint,
  hidden_by_name text,
  hidden_reason text,
  constraint attachment_pkey PRIMARY KEY (id),
  constraint attachment_hidden_by_fkey FOREIGN KEY (hidden_by) REFERENCES app_user(id),
  constraint attachment_ticket_id_fkey FOREIGN KEY (ticket_id) REFERENCES ticket(id),
  constraint attachment_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint attachment_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id),
  constraint attachment_check CHECK (((hidden_at IS NULL) = (hidden_reason IS NULL))),
  constraint attachment_size_check CHECK ((size > 0))
);
CREATE INDEX attachment_ticket ON public.attachment USING btree (ticket_id, id);

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
CREATE INDEX audit_backup ON public.audit USING btree (id DESC) WHERE (what = 'backup'::text);
CREATE INDEX audit_ticket ON public.audit USING btree (ticket_id) WHERE (ticket_id IS NOT NULL);
CREATE INDEX audit_user ON public.audit USING btree (user_id, id DESC) WHERE (user_id IS NOT NULL);
CREATE INDEX audit_what ON public.audit USING btree (what, id DESC);
CREATE TRIGGER audit_append_only BEFORE DELETE OR UPDATE ON public.audit FOR EACH ROW EXECUTE FUNCTION refuse_change();

create table bulk_run (
  id bigint not null generated always as identity,
  user_id bigint not null,
  user_name text not null,
  move text not null,
  asked integer not null,
  done integer not null,
  refused jsonb not null default '[]'::jsonb,
  at timestamp with time zone not null,
  moved jsonb not null default '[]'::jsonb,
  constraint bulk_run_pkey PRIMARY KEY (id),
  constraint bulk_run_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id)
);
CREATE INDEX bulk_run_at ON public.bulk_run USING btree (at);

create table call_plan (
  ticket_id bigint not null,
  round smallint not null,
  at timestamp with time zone not null,
  made_at timestamp with time zone not null,
  user_id bigint,
  user_name text not null,
  told_at timestamp with time zone,
  constraint call_plan_pkey PRIMARY KEY (ticket_id),
  constraint call_plan_ticket_id_fkey FOREIGN KEY (ticket_id) REFERENCES ticket(id),
  constraint call_plan_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id)
);
CREATE INDEX call_plan_due ON public.call_plan USING btree (at) WHERE (told_at IS NULL);

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
  reasons jsonb not null default '{}'::jsonb,
  talk_seconds integer,
  recording text,
  constraint callback_pkey PRIMARY KEY (id),
  constraint callback_contacted_check CHECK ((contacted = ANY (ARRAY['yes'::text, 'no'::text]))),
  constraint callback_outcome_check CHECK ((outcome = ANY (ARRAY['answered'::text, 'missed'::text, 'refused'::text, 'unreached'::text]))),
  constraint callback_satisfied_check CHECK ((satisfied = ANY (ARRAY['satisfied'::text, 'basically'::text, 'dissatisfied'::text]))),
  constraint callback_solved_check CHECK ((solved = ANY (ARRAY['yes'::text, 'partly'::text, 'no'::text]))),
  constraint callback_source_check CHECK ((source = ANY (ARRAY['own'::text, 'city'::text]))),
  constraint callback_talk_seconds_check CHECK ((talk_seconds >= 0))
);
CREATE INDEX callback_ticket ON public.callback USING btree (ticket_id, round);

create table category (
  id bigint not null generated always as identity,
  level1 text not null,
  level2 text not null default ''::text,
  level3 text not null default ''::text,
  default_unit_id bigint,
  to_street boolean not null default false,
  code text,
  valid_from date not null default '2000-01-01'::date,
  valid_to date,
  source text not null default ''::text,
  version integer not null default 1,
  constraint category_code_key UNIQUE (code),
  constraint category_level1_level2_level3_key UNIQUE (level1, level2, level3),
  constraint category_pkey PRIMARY KEY (id),
  constraint category_default_unit_id_fkey FOREIGN KEY (default_unit_id) REFERENCES unit(id),
  constraint category_valid CHECK (((valid_to IS NULL) OR (valid_to >= valid_from)))
);

create table city_act (
  id bigint not null generated always as identity,
  period text not null,
  key text not null,
  act text not null,
  cause text not null,
  ticket_id bigint,
  round smallint,
  file_id bigint,
  version integer,
  note text not null,
  at timestamp with time zone not null,
  user_id bigint,
  user_name text not null,
  constraint city_act_pkey PRIMARY KEY (id),
  constraint city_act_file_id_fkey FOREIGN KEY (file_id) REFERENCES city_file(id),
  constraint city_act_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id),
  constraint city_act_act_check CHECK ((act = ANY (ARRAY['adopted'::text, 'disputed'::text, 'corrected'::text, 'kept'::text, 'dropped'::text])))
);
CREATE INDEX city_act_of ON public.city_act USING btree (period, key, id);
CREATE TRIGGER city_act_append_only BEFORE DELETE OR UPDATE ON public.city_act FOR EACH ROW EXECUTE FUNCTION refuse_change();

create table city_file (
  id bigint not null generated always as identity,
  period text not null,
  kind text not null,
  layout text not null,
  status text not null,
  version integer,
  file_name text not null,
  sha256 bytea not null,
  shape jsonb not null,
  mapping jsonb not null default '{}'::jsonb,
  stated text[] not null default '{}'::text[],
  rows integer not null default 0,
  refused jsonb not null default '[]'::jsonb,
  created_at timestamp with time zone not null,
  user_id bigint,
  user_name text not null,
  confirmed_at timestamp with time zone,
  confirmed_name text,
  withdrawn_at timestamp with time zone,
  withdrawn_name text,
  withdrawn_why text not null default ''::text,
  constraint city_file_pkey PRIMARY KEY (id),
  constraint city_file_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id),
  constraint city_file_check CHECK (((status = ANY (ARRAY['confirmed'::text, 'withdrawn'::text])) = (version IS NOT NULL))),
  constraint city_file_kind_check CHECK ((kind = ANY (ARRAY['lines'::text, 'units'::text]))),
  constraint city_file_status_check CHECK ((status = ANY (ARRAY['uploaded'::text, 'confirmed'::text, 'withdrawn'::text, 'cancelled'::text])))
);
CREATE INDEX city_file_of ON public.city_file USING btree (period, kind, id);
CREATE UNIQUE INDEX city_file_version ON public.city_file USING btree (period, kind, version) WHERE (version IS NOT NULL);

create table city_line (
  file_id bigint not null,
  row integer not null,
  key text not null,
  number text not null,
  round smallint,
  dispatched_at timestamp with time zone,
  unit text not null,
  scope text not null,
  valid boolean not null,
  contacted text,
  solved text,
  satisfied text,
  ground text not null,
  note text not null,
  constraint city_line_pkey PRIMARY KEY (file_id, "row"),
  constraint city_line_file_id_fkey FOREIGN KEY (file_id) REFERENCES city_file(id),
  constraint city_line_contacted_check CHECK ((contacted = ANY (ARRAY['yes'::text, 'no'::text]))),
  constraint city_line_satisfied_check CHECK ((satisfied = ANY (ARRAY['satisfied'::text, 'basically'::text, 'dissatisfied'::text]))),
  constraint city_line_scope_check CHECK ((scope = ANY (ARRAY['full'::text, 'responseOnly'::text, 'exempt'::text]))),
  constraint city_line_solved_check CHECK ((solved = ANY (ARRAY['yes'::text, 'partly'::text, 'no'::text])))
);
CREATE INDEX city_line_number ON public.city_line USING btree (number);
CREATE UNIQUE INDEX city_line_key ON public.city_line USING btree (file_id, key);
CREATE TRIGGER city_line_append_only BEFORE DELETE OR UPDATE ON public.city_line FOR EACH ROW EXECUTE FUNCTION refuse_change();

create table city_match (
  id bigint not null generated always as identity,
  period text not null,
  key text not null,
  ticket_id bigint,
  round smallint,
  reason text not null,
  at timestamp with time zone not null,
  user_id bigint,
  user_name text not null,
  constraint city_match_pkey PRIMARY KEY (id),
  constraint city_match_ticket_id_fkey FOREIGN KEY (ticket_id) REFERENCES ticket(id),
  constraint city_match_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id)
);
CREATE INDEX city_match_of ON public.city_match USING btree (period, key, id);
CREATE TRIGGER city_match_append_only BEFORE DELETE OR UPDATE ON public.city_match FOR EACH ROW EXECUTE FUNCTION refuse_change();

create table city_unit_line (
  file_id bigint not null,
  row integer not null,
  unit text not null,
  unit_group text not null,
  tickets integer,
  base integer,
  response text,
  solution text,
  satisfaction text,
  score text,
  rank integer,
  constraint city_unit_line_pkey PRIMARY KEY (file_id, "row"),
  constraint city_unit_line_file_id_fkey FOREIGN KEY (file_id) REFERENCES city_file(id)
);
CREATE TRIGGER city_unit_line_append_only BEFORE DELETE OR UPDATE ON public.city_unit_line FOR EACH ROW EXECUTE FUNCTION refuse_change();

create table city_unit_name (
  id bigint not null generated always as identity,
  name text not null,
  unit_id bigint not null,
  at timestamp with time zone not null,
  user_id bigint,
  user_name text not null,
  constraint city_unit_name_pkey PRIMARY KEY (id),
  constraint city_unit_name_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint city_unit_name_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id)
);
CREATE INDEX city_unit_name_of ON public.city_unit_name USING btree (name, id);
CREATE TRIGGER city_unit_name_append_only BEFORE DELETE OR UPDATE ON public.city_unit_name FOR EACH ROW EXECUTE FUNCTION refuse_change();

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
  paused_until timestamp with time zone,
  constraint clock_pkey PRIMARY KEY (id),
  constraint clock_assignment_id_fkey FOREIGN KEY (assignment_id) REFERENCES assignment(id),
  constraint clock_ticket_id_fkey FOREIGN KEY (ticket_id) REFERENCES ticket(id),
  constraint clock_check CHECK ((near_at <= due_at)),
  constraint clock_state_check CHECK ((state = ANY (ARRAY['running'::text, 'paused'::text, 'stopped'::text, 'cancelled'::text])))
);
CREATE INDEX clock_paused_until ON public.clock USING btree (paused_until) WHERE (paused_until IS NOT NULL);
CREATE INDEX clock_ticket ON public.clock USING btree (ticket_id);
CREATE UNIQUE INDEX clock_one_live ON public.clock USING btree (ticket_id, kind, COALESCE(assignment_id, (0)::bigint)) WHERE (state = ANY (ARRAY['running'::text, 'paused'::text]));

create table clock_pause (
  id bigint not null generated always as identity,
  ticket_id bigint not null,
  round smallint not null,
  clock_id bigint not null,
  unit_id bigint not null,
  ground text not null,
  ground_zh text not null,
  clocks jsonb not null,
  evidence text not null,
  reason text not null,
  days smallint not null,
  asked_at timestamp with time zone not null,
  asked_by bigint,
  asked_name text not null,
  granted boolean,
  opinion text not null default ''::text,
  decided_at timestamp with time zone,
  decided_by bigint,
  decided_name text,
  until_at timestamp with time zone,
  ended_at timestamp with time zone,
  ended_as text,
  constraint clock_pause_pkey PRIMARY KEY (id),
  constraint clock_pause_asked_by_fkey FOREIGN KEY (asked_by) REFERENCES app_user(id),
  constraint clock_pause_clock_id_fkey FOREIGN KEY (clock_id) REFERENCES clock(id),
  constraint clock_pause_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES app_user(id),
  constraint clock_pause_ticket_id_fkey FOREIGN KEY (ticket_id) REFERENCES ticket(id),
  constraint clock_pause_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint clock_pause_check CHECK (((granted IS NULL) = (decided_at IS NULL))),
  constraint clock_pause_check1 CHECK (((until_at IS NOT NULL) = COALESCE(granted, false))),
  constraint clock_pause_check2 CHECK (((ended_at IS NULL) = (ended_as IS NULL))),
  constraint clock_pause_check3 CHECK (((ended_at IS NULL) OR granted)),
  constraint clock_pause_days_check CHECK ((days > 0)),
  constraint clock_pause_ended_as_check CHECK ((ended_as = ANY (ARRAY['day'::text, 'hand'::text, 'move'::text])))
);
CREATE INDEX clock_pause_of ON public.clock_pause USING btree (ticket_id, round);
CREATE INDEX clock_pause_waiting ON public.clock_pause USING btree (ticket_id) WHERE (granted IS NULL);
CREATE UNIQUE INDEX clock_pause_one_lasting ON public.clock_pause USING btree (ticket_id) WHERE (granted AND (ended_at IS NULL));
CREATE UNIQUE INDEX clock_pause_one_waiting ON public.clock_pause USING btree (clock_id) WHERE (granted IS NULL);

create table closing (
  id bigint not null generated always as identity,
  level text not null,
  period text not null,
  rule_set text not null,
  from_day date not null,
  to_day date not null,
  frozen text not null,
  digest text not null,
  entries integer not null,
  waived text not null default ''::text,
  closed_at timestamp with time zone not null,
  closed_by bigint,
  closed_name text not null,
  constraint closing_level_period_key UNIQUE (level, period),
  constraint closing_pkey PRIMARY KEY (id),
  constraint closing_closed_by_fkey FOREIGN KEY (closed_by) REFERENCES app_user(id),
  constraint closing_level_check CHECK ((level = ANY (ARRAY['district'::text, 'city'::text])))
);
CREATE TRIGGER closing_append_only BEFORE DELETE OR UPDATE ON public.closing FOR EACH ROW EXECUTE FUNCTION refuse_change();

create table closing_done (
  closing_id bigint not null,
  ticket_id bigint not null,
  round smallint not null,
  seq integer not null,
  segment smallint not null default 0,
  unit_id bigint,
  street text not null,
  category1 text not null,
  scope text not null,
  valid boolean not null,
  contacted text,
  solved text,
  satisfied text,
  on_time boolean not null,
  constraint closing_done_pkey PRIMARY KEY (closing_id, ticket_id, round),
  constraint closing_done_closing_id_fkey FOREIGN KEY (closing_id) REFERENCES closing(id)
);
CREATE TRIGGER closing_done_append_only BEFORE DELETE OR UPDATE ON public.closing_done FOR EACH ROW EXECUTE FUNCTION refuse_change();

create table closing_row (
  closing_id bigint not null,
  ticket_id bigint not null,
  round smallint not null,
  seq integer not null,
  unit_id bigint,
  street text not null,
  category1 text not null,
  scope text not null,
  valid boolean not null,
  contacted text,
  solved text,
  satisfied text,
  segment smallint not null default 0,
  on_time boolean,
  constraint closing_row_pkey PRIMARY KEY (closing_id, ticket_id, round),
  constraint closing_row_closing_id_fkey FOREIGN KEY (closing_id) REFERENCES closing(id)
);
CREATE TRIGGER closing_row_append_only BEFORE DELETE OR UPDATE ON public.closing_row FOR EACH ROW EXECUTE FUNCTION refuse_change();

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

create table dated_rule (
  name text not null,
  kind text not null,
  from_day date not null,
  source text not null,
  body jsonb not null,
  status text not null,
  version integer not null default 1,
  drafted_by bigint,
  drafted_name text not null,
  drafted_at timestamp with time zone not null,
  approved_by bigint,
  approved_name text,
  approved_at timestamp with time zone,
  constraint dated_rule_pkey PRIMARY KEY (name),
  constraint dated_rule_approved_by_fkey FOREIGN KEY (approved_by) REFERENCES app_user(id),
  constraint dated_rule_drafted_by_fkey FOREIGN KEY (drafted_by) REFERENCES app_user(id),
  constraint dated_rule_check CHECK (((status = 'inForce'::text) = (approved_at IS NOT NULL))),
  constraint dated_rule_kind_check CHECK ((kind = ANY (ARRAY['calendar'::text, 'deadline'::text, 'period'::text, 'urging'::text]))),
  constraint dated_rule_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'inForce'::text])))
);
CREATE UNIQUE INDEX dated_rule_deadline_from ON public.dated_rule USING btree (from_day) WHERE ((kind = 'deadline'::text) AND (status = 'inForce'::text));
CREATE UNIQUE INDEX dated_rule_urging_from ON public.dated_rule USING btree (from_day) WHERE ((kind = 'urging'::text) AND (status = 'inForce'::text));
CREATE TRIGGER dated_rule_immutable BEFORE DELETE OR UPDATE ON public.dated_rule FOR EACH ROW EXECUTE FUNCTION refuse_dated_rule_change();

create table delivery (
  id bigint not null generated always as identity,
  notice_id bigint not null,
  channel_id bigint not null,
  user_id bigint,
  address text not null,
  key uuid not null,
  state text not null,
  attempts smallint not null default 0,
  next_at timestamp with time zone,
  made_at timestamp with time zone not null,
  done_at timestamp with time zone,
  problem text not null default ''::text,
  constraint delivery_pkey PRIMARY KEY (id),
  constraint delivery_channel_id_fkey FOREIGN KEY (channel_id) REFERENCES notify_channel(id),
  constraint delivery_notice_id_fkey FOREIGN KEY (notice_id) REFERENCES notice(id),
  constraint delivery_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id),
  constraint delivery_check CHECK (((next_at IS NULL) = (state = ANY (ARRAY['sent'::text, 'dead'::text, 'unknown'::text])))),
  constraint delivery_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'sending'::text, 'sent'::text, 'dead'::text, 'unknown'::text])))
);
CREATE INDEX delivery_dead ON public.delivery USING btree (id DESC) WHERE (state = ANY (ARRAY['dead'::text, 'unknown'::text]));
CREATE INDEX delivery_due ON public.delivery USING btree (next_at) WHERE (next_at IS NOT NULL);
CREATE UNIQUE INDEX delivery_once ON public.delivery USING btree (notice_id, channel_id, COALESCE(user_id, (0)::bigint));

create table delivery_attempt (
  delivery_id bigint not null,
  nth smallint not null,
  at timestamp with time zone not null,
  ok boolean not null,
  answer text not null,
  constraint delivery_attempt_pkey PRIMARY KEY (delivery_id, nth),
  constraint delivery_attempt_delivery_id_fkey FOREIGN KEY (delivery_id) REFERENCES delivery(id)
);
CREATE TRIGGER delivery_attempt_append_only BEFORE DELETE OR UPDATE ON public.delivery_attempt FOR EACH ROW EXECUTE FUNCTION refuse_change();

create table draft (
  user_id bigint not null,
  key text not null,
  body_enc bytea not null,
  updated_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  constraint draft_pkey PRIMARY KEY (user_id, key),
  constraint draft_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id) ON DELETE CASCADE
);
CREATE INDEX draft_expires ON public.draft USING btree (expires_at);

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
  constraint event_pkey PRIMARY KEY (id)
);
CREATE INDEX event_finding ON public.event USING btree (at, id) WHERE (kind = ANY (ARRAY['approveClosing'::text, 'recordCityClosing'::text, 'cityResult'::text, 'timer.near'::text, 'timer.overdue'::text]));
CREATE INDEX event_rework ON public.event USING btree (at) WHERE (kind = 'rework'::text);
CREATE INDEX event_ticket ON public.event USING btree (ticket_id, id);
CREATE INDEX event_txid ON public.event USING btree (txid, id);
CREATE INDEX event_withdraw ON public.event USING btree (at) WHERE (kind = ANY (ARRAY['applyWithdraw'::text, 'acceptWithdraw'::text, 'rejectWithdraw'::text]));
CREATE UNIQUE INDEX event_version ON public.event USING btree (ticket_id, version);
CREATE TRIGGER event_append_only BEFORE DELETE OR UPDATE ON public.event FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER event_follow_ownership AFTER INSERT ON public.event FOR EACH ROW WHEN ((new.kind = ANY (ARRAY['openOwnership'::text, 'rule'::text, 'rerule'::text, 'undo:openOwnership'::text, 'undo:rule'::text]))) EXECUTE FUNCTION follow_ownership();
CREATE TRIGGER event_keep_citations AFTER INSERT ON public.event FOR EACH ROW WHEN (((new.kind = ANY (ARRAY['dispatch'::text, 'rule'::text, 'rerule'::text])) AND (jsonb_typeof((new.data -> 'precedents'::text)) = 'array'::text))) EXECUTE FUNCTION keep_citations();
CREATE TRIGGER event_return AFTER INSERT ON public.event FOR EACH ROW WHEN ((new.kind = ANY (ARRAY['returnToCentre'::text, 'acceptReturn'::text, 'refuseReturn'::text, 'openOwnership'::text, 'undo:returnToCentre'::text, 'undo:acceptReturn'::text, 'undo:refuseReturn'::text, 'undo:openOwnership'::text]))) EXECUTE FUNCTION return_recorded();

create table event_cursor (
  consumer text not null,
  txid xid8 not null,
  id bigint not null,
  constraint event_cursor_pkey PRIMARY KEY (consumer)
);

create table exemption (
  id bigint not null generated always as identity,
  ticket_id bigint not null,
  round smallint not null,
  unit_id bigint not null,
  state text not null,
  ground text not null,
  ground_name text not null,
  rules text not null,
  reason text not null,
  evidence jsonb not null,
  checks jsonb not null default '[]'::jsonb,
  due_at timestamp with time zone not null,
  applied_at timestamp with time zone not null,
  applied_by bigint,
  applied_name text not null,
  reviewed_at timestamp with time zone,
  reviewed_by bigint,
  reviewed_name text,
  outcome_at timestamp with time zone,
  outcome_no text not null default ''::text,
  appeal_of bigint,
  batch_id bigint,
  constraint exemption_pkey PRIMARY KEY (id),
  constraint exemption_appeal_of_fkey FOREIGN KEY (appeal_of) REFERENCES exemption(id),
  constraint exemption_applied_by_fkey FOREIGN KEY (applied_by) REFERENCES app_user(id),
  constraint exemption_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES exemption_batch(id),
  constraint exemption_reviewed_by_fkey FOREIGN KEY (reviewed_by) REFERENCES app_user(id),
  constraint exemption_ticket_id_fkey FOREIGN KEY (ticket_id) REFERENCES ticket(id),
  constraint exemption_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint exemption_state_check CHECK ((state = ANY (ARRAY['applied'::text, 'returned'::text, 'refused'::text, 'passed'::text, 'sent'::text, 'upheld'::text, 'denied'::text, 'withdrawn'::text])))
);
CREATE INDEX exemption_batch_of ON public.exemption USING btree (batch_id) WHERE (batch_id IS NOT NULL);
CREATE INDEX exemption_ground ON public.exemption USING btree (ground, state);
CREATE INDEX exemption_state ON public.exemption USING btree (state, applied_at, id);
CREATE INDEX exemption_ticket ON public.exemption USING btree (ticket_id);
CREATE INDEX exemption_unit ON public.exemption USING btree (unit_id, applied_at DESC, id DESC);
CREATE UNIQUE INDEX exemption_one_appeal ON public.exemption USING btree (appeal_of) WHERE ((appeal_of IS NOT NULL) AND (state <> 'withdrawn'::text));
CREATE UNIQUE INDEX exemption_one_live ON public.exemption USING btree (ticket_id, round) WHERE (state = ANY (ARRAY['applied'::text, 'returned'::text, 'passed'::text, 'sent'::text]));

create table exemption_batch (
  id bigint not null generated always as identity,
  profile text not null,
  sent_at timestamp with time zone not null,
  sent_by bigint,
  sent_name text not null,
  year smallint not null,
  serial integer not null,
  number text not null,
  request_key text not null,
  asked bytea not null,
  constraint exemption_batch_number_key UNIQUE (number),
  constraint exemption_batch_request_key_key UNIQUE (request_key),
  constraint exemption_batch_serial UNIQUE (year, serial),
  constraint exemption_batch_pkey PRIMARY KEY (id),
  constraint exemption_batch_sent_by_fkey FOREIGN KEY (sent_by) REFERENCES app_user(id)
);
CREATE TRIGGER exemption_batch_append_only BEFORE DELETE OR UPDATE ON public.exemption_batch FOR EACH ROW EXECUTE FUNCTION refuse_change();

create table exemption_batch_file (
  batch_id bigint not null,
  kind text not null,
  name text not null,
  bytes bytea not null,
  sha256 text not null,
  constraint exemption_batch_file_pkey PRIMARY KEY (batch_id, kind),
  constraint exemption_batch_file_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES exemption_batch(id),
  constraint exemption_batch_file_kind_check CHECK ((kind = ANY (ARRAY['form'::text, 'index'::text, 'clear'::text])))
);
CREATE TRIGGER exemption_batch_file_append_only BEFORE DELETE OR UPDATE ON public.exemption_batch_file FOR EACH ROW EXECUTE FUNCTION refuse_change();

create table exemption_batch_item (
  batch_id bigint not null,
  place smallint not null,
  exemption_id bigint not null,
  facts jsonb not null,
  evidence jsonb not null,
  constraint exemption_batch_item_batch_id_exemption_id_key UNIQUE (batch_id, exemption_id),
  constraint exemption_batch_item_pkey PRIMARY KEY (batch_id, place),
  constraint exemption_batch_item_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES exemption_batch(id),
  constraint exemption_batch_item_exemption_id_fkey FOREIGN KEY (exemption_id) REFERENCES exemption(id)
);
CREATE INDEX exemption_batch_item_of ON public.exemption_batch_item USING btree (exemption_id);
CREATE TRIGGER exemption_batch_item_append_only BEFORE DELETE OR UPDATE ON public.exemption_batch_item FOR EACH ROW EXECUTE FUNCTION refuse_change();

create table exemption_batch_step (
  batch_id bigint not null,
  step text not null,
  at timestamp with time zone not null,
  user_id bigint,
  user_name text not null,
  note text not null default ''::text,
  constraint exemption_batch_step_pkey PRIMARY KEY (batch_id),
  constraint exemption_batch_step_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES exemption_batch(id),
  constraint exemption_batch_step_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id),
  constraint exemption_batch_step_step_check CHECK ((step = ANY (ARRAY['acknowledge'::text, 'withdraw'::text])))
);
CREATE TRIGGER exemption_batch_step_append_only BEFORE DELETE OR UPDATE ON public.exemption_batch_step FOR EACH ROW EXECUTE FUNCTION refuse_change();

create table exemption_outcome_file (
  id bigint not null generated always as identity,
  status text not null,
  layout text not null,
  file_name text not null,
  sha256 bytea not null,
  shape jsonb not null,
  mapping jsonb not null default '{}'::jsonb,
  faults jsonb not null default '[]'::jsonb,
  created_at timestamp with time zone not null,
  user_id bigint,
  user_name text not null,
  confirmed_at timestamp with time zone,
  confirmed_name text,
  constraint exemption_outcome_file_pkey PRIMARY KEY (id),
  constraint exemption_outcome_file_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id),
  constraint exemption_outcome_file_check CHECK (((status = 'confirmed'::text) = (confirmed_at IS NOT NULL))),
  constraint exemption_outcome_file_status_check CHECK ((status = ANY (ARRAY['uploaded'::text, 'confirmed'::text, 'cancelled'::text])))
);
CREATE UNIQUE INDEX exemption_outcome_file_once ON public.exemption_outcome_file USING btree (sha256) WHERE (status = 'confirmed'::text);

create table exemption_outcome_line (
  file_id bigint not null,
  row integer not null,
  number text not null,
  application text,
  round integer,
  unit text not null,
  outcome text not null,
  reason text not null,
  paper text not null,
  standing text not null,
  why text not null,
  exemption_id bigint,
  constraint exemption_outcome_line_pkey PRIMARY KEY (file_id, "row"),
  constraint exemption_outcome_line_exemption_id_fkey FOREIGN KEY (exemption_id) REFERENCES exemption(id),
  constraint exemption_outcome_line_file_id_fkey FOREIGN KEY (file_id) REFERENCES exemption_outcome_file(id),
  constraint exemption_outcome_line_outcome_check CHECK ((outcome = ANY (ARRAY['upheld'::text, 'denied'::text]))),
  constraint exemption_outcome_line_standing_check CHECK ((standing = ANY (ARRAY['apply'::text, 'same'::text, 'conflict'::text, 'duplicate'::text, 'outside'::text, 'unmatched'::text])))
);
CREATE INDEX exemption_outcome_line_of ON public.exemption_outcome_line USING btree (exemption_id) WHERE (exemption_id IS NOT NULL);
CREATE TRIGGER exemption_outcome_line_append_only BEFORE DELETE OR UPDATE ON public.exemption_outcome_line FOR EACH ROW EXECUTE FUNCTION refuse_change();

create table exemption_step (
  id bigint not null generated always as identity,
  exemption_id bigint not null,
  step text not null,
  at timestamp with time zone not null,
  user_id bigint,
  user_name text not null,
  note text not null,
  data jsonb not null default '{}'::jsonb,
  constraint exemption_step_pkey PRIMARY KEY (id),
  constraint exemption_step_exemption_id_fkey FOREIGN KEY (exemption_id) REFERENCES exemption(id),
  constraint exemption_step_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id)
);
CREATE INDEX exemption_step_of ON public.exemption_step USING btree (exemption_id, id);
CREATE TRIGGER exemption_step_append_only BEFORE DELETE OR UPDATE ON public.exemption_step FOR EACH ROW EXECUTE FUNCTION refuse_change();

create table extension (
  id bigint not null generated always as identity,
  ticket_id bigint not null,
  round smallint not null,
  clock_id bigint not null,
  unit_id bigint not null,
  ground text not null,
  ground_zh text not null,
  reason text not null,
  days smallint not null,
  asked_at timestamp with time zone not null,
  asked_by bigint,
  asked_name text not null,
  granted boolean,
  opinion text not null default ''::text,
  decided_at timestamp with time zone,
  decided_by bigint,
  decided_name text,
  due_before timestamp with time zone,
  due_after timestamp with time zone,
  constraint extension_pkey PRIMARY KEY (id),
  constraint extension_asked_by_fkey FOREIGN KEY (asked_by) REFERENCES app_user(id),
  constraint extension_clock_id_fkey FOREIGN KEY (clock_id) REFERENCES clock(id),
  constraint extension_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES app_user(id),
  constraint extension_ticket_id_fkey FOREIGN KEY (ticket_id) REFERENCES ticket(id),
  constraint extension_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint extension_check CHECK (((granted IS NULL) = (decided_at IS NULL))),
  constraint extension_check1 CHECK (((due_after IS NULL) OR granted)),
  constraint extension_days_check CHECK ((days > 0))
);
CREATE INDEX extension_of ON public.extension USING btree (ticket_id, round);
CREATE INDEX extension_waiting ON public.extension USING btree (ticket_id) WHERE (granted IS NULL);
CREATE UNIQUE INDEX extension_one_waiting ON public.extension USING btree (clock_id) WHERE (granted IS NULL);

create table guard_override (
  id bigint not null generated always as identity,
  ticket_id bigint not null,
  step text not null,
  subject text not null default ''::text,
  digest text not null,
  words text not null,
  list text not null,
  stops jsonb not null,
  reason text not null,
  state text not null,
  asked_by bigint not null,
  asked_name text not null,
  asked_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  decided_by bigint,
  decided_name text,
  decided_at timestamp with time zone,
  opinion text not null default ''::text,
  used_at timestamp with time zone,
  constraint guard_override_pkey PRIMARY KEY (id),
  constraint guard_override_asked_by_fkey FOREIGN KEY (asked_by) REFERENCES app_user(id),
  constraint guard_override_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES app_user(id),
  constraint guard_override_ticket_id_fkey FOREIGN KEY (ticket_id) REFERENCES ticket(id),
  constraint guard_override_check CHECK ((decided_by <> asked_by)),
  constraint guard_override_check1 CHECK (((decided_by IS NULL) = ((state = ANY (ARRAY['asked'::text, 'expired'::text, 'dropped'::text])) AND (decided_at IS NULL)))),
  constraint guard_override_state_check CHECK ((state = ANY (ARRAY['asked'::text, 'confirmed'::text, 'refused'::text, 'used'::text, 'expired'::text, 'dropped'::text])))
);
CREATE INDEX guard_override_asked ON public.guard_override USING btree (asked_at, id);
CREATE INDEX guard_override_open ON public.guard_override USING btree (id DESC) WHERE (state = ANY (ARRAY['asked'::text, 'confirmed'::text]));
CREATE UNIQUE INDEX guard_override_live ON public.guard_override USING btree (ticket_id, step, subject) WHERE (state = ANY (ARRAY['asked'::text, 'confirmed'::text]));

create table handover (
  id bigint not null generated always as identity,
  shift_id bigint not null,
  text text not null,
  open jsonb not null,
  user_id bigint not null,
  user_name text not null,
  at timestamp with time zone not null,
  constraint handover_pkey PRIMARY KEY (id),
  constraint handover_shift_id_fkey FOREIGN KEY (shift_id) REFERENCES shift(id),
  constraint handover_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id)
);
CREATE INDEX handover_shift ON public.handover USING btree (shift_id, id DESC);
CREATE TRIGGER handover_append_only BEFORE DELETE OR UPDATE ON public.handover FOR EACH ROW EXECUTE FUNCTION refuse_change();

create table handover_ack (
  handover_id bigint not null,
  note text not null default ''::text,
  user_id bigint not null,
  user_name text not null,
  at timestamp with time zone not null,
  constraint handover_ack_pkey PRIMARY KEY (handover_id),
  constraint handover_ack_handover_id_fkey FOREIGN KEY (handover_id) REFERENCES handover(id),
  constraint handover_ack_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id)
);
CREATE TRIGGER handover_ack_append_only BEFORE DELETE OR UPDATE ON public.handover_ack FOR EACH ROW EXECUTE FUNCTION refuse_change();

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
  stored text,
  shape jsonb not null default '{}'::jsonb,
  lanes_done smallint not null default 0,
  lanes_until integer not null default 0,
  constraint import_batch_pkey PRIMARY KEY (id),
  constraint import_batch_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id),
  constraint import_batch_status_check CHECK ((status = ANY (ARRAY['uploaded'::text, 'running'::text, 'done'::text, 'failed'::text, 'cancelled'::text])))
);
CREATE INDEX import_batch_created ON public.import_batch USING btree (created_at DESC, id DESC);
CREATE INDEX import_batch_running ON public.import_batch USING btree (id) WHERE (status = 'running'::text);

create table import_before (
  batch_id bigint not null,
  ticket_id bigint not null,
  key text not null,
  before_batch bigint,
  round smallint,
  hash bytea,
  profile text,
  unit_id bigint,
  said json,
  constraint import_before_pkey PRIMARY KEY (batch_id, ticket_id, key)
);
CREATE INDEX import_before_was ON public.import_before USING btree (before_batch, ticket_id) WHERE (before_batch IS NOT NULL);

create table import_before_requester (
  batch_id bigint not null,
  ticket_id bigint not null,
  name_enc bytea,
  phone_enc bytea,
  account_enc bytea,
  content_enc bytea,
  phone_hash bytea,
  tail_hash bytea,
  constraint import_before_requester_pkey PRIMARY KEY (batch_id, ticket_id)
);

create table import_error (
  batch_id bigint not null,
  row integer not null,
  column text not null,
  value text not null,
  why text not null,
  constraint import_error_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES import_batch(id) ON DELETE CASCADE
);
CREATE INDEX import_error_batch ON public.import_error USING btree (batch_id, "row");

create table import_kept (
  batch_id bigint not null,
  ticket_id bigint not null,
  number text not null,
  why text not null,
  constraint import_kept_pkey PRIMARY KEY (batch_id, ticket_id),
  constraint import_kept_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES import_undo(batch_id)
);

create table import_mapping (
  header_hash bytea not null,
  profile text not null,
  mapping jsonb not null,
  learned_at timestamp with time zone not null,
  constraint import_mapping_pkey PRIMARY KEY (header_hash)
);

create table import_refused (
  batch_id bigint not null,
  row integer not null,
  cells_enc bytea not null,
  constraint import_refused_pkey PRIMARY KEY (batch_id, "row"),
  constraint import_refused_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES import_batch(id) ON DELETE CASCADE
);

create table import_row (
  key text not null,
  ticket_id bigint not null,
  round smallint not null,
  hash bytea not null,
  batch_id bigint not null,
  profile text not null,
  unit_id bigint,
  said json not null,
  constraint import_row_pkey PRIMARY KEY (key)
);
CREATE INDEX import_row_batch ON public.import_row USING btree (batch_id, ticket_id);
CREATE INDEX import_row_ticket ON public.import_row USING btree (ticket_id, round);

create table import_undo (
  batch_id bigint not null,
  reason text not null,
  user_id bigint,
  user_name text not null,
  asked_at timestamp with time zone not null,
  finished_at timestamp with time zone,
  next_ticket bigint not null default 0,
  voided integer not null default 0,
  put_back integer not null default 0,
  kept integer not null default 0,
  constraint import_undo_pkey PRIMARY KEY (batch_id),
  constraint import_undo_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES import_batch(id),
  constraint import_undo_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id)
);
CREATE INDEX import_undo_open ON public.import_undo USING btree (batch_id) WHERE (finished_at IS NULL);

create table inbox_message (
  id bigint not null generated always as identity,
  user_id bigint not null,
  cause text not null,
  kind text not null,
  ticket_id bigint,
  title text not null,
  body text not null default ''::text,
  link text not null default ''::text,
  at timestamp with time zone not null,
  read_at timestamp with time zone,
  constraint inbox_message_user_id_cause_key UNIQUE (user_id, cause),
  constraint inbox_message_pkey PRIMARY KEY (id),
  constraint inbox_message_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id) ON DELETE CASCADE,
  constraint inbox_message_kind_check CHECK ((kind = ANY (ARRAY['overdue'::text, 'returned'::text, 'bulk'::text, 'import'::text, 'mention'::text, 'reminder'::text, 'urge'::text, 'notice'::text])))
);
CREATE INDEX inbox_message_unread ON public.inbox_message USING btree (user_id) WHERE (read_at IS NULL);
CREATE INDEX inbox_message_user ON public.inbox_message USING btree (user_id, id DESC);

create table incident (
  id bigint not null generated always as identity,
  kind text not null,
  key text not null,
  ticket_id bigint,
  round smallint not null,
  occurred_at timestamp with time zone not null,
  found_at timestamp with time zone not null,
  cause text not null,
  side text not null,
  unit_id bigint,
  person_id bigint,
  person_name text not null default ''::text,
  post text not null default ''::text,
  rule text not null,
  term_from date not null,
  term_to date not null,
  state text not null,
  version integer not null default 1,
  remedy text not null default ''::text,
  remedy_due date,
  answer text not null default ''::text,
  answered_by bigint,
  item_id bigint,
  constraint incident_key_key UNIQUE (key),
  constraint incident_pkey PRIMARY KEY (id),
  constraint incident_answered_by_fkey FOREIGN KEY (answered_by) REFERENCES app_user(id),
  constraint incident_item_id_fkey FOREIGN KEY (item_id) REFERENCES supervision_item(id),
  constraint incident_person_id_fkey FOREIGN KEY (person_id) REFERENCES app_user(id),
  constraint incident_ticket_id_fkey FOREIGN KEY (ticket_id) REFERENCES ticket(id),
  constraint incident_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint incident_about CHECK (((ticket_id IS NOT NULL) OR (item_id IS NOT NULL))),
  constraint incident_check CHECK ((term_from <= term_to)),
  constraint incident_side_check CHECK ((side = ANY (ARRAY['centre'::text, 'unit'::text])))
);
CREATE INDEX incident_item ON public.incident USING btree (item_id) WHERE (item_id IS NOT NULL);
CREATE INDEX incident_term ON public.incident USING btree (term_from, kind, id DESC);
CREATE INDEX incident_ticket ON public.incident USING btree (ticket_id);
CREATE INDEX incident_unit ON public.incident USING btree (unit_id, id DESC) WHERE (unit_id IS NOT NULL);
CREATE TRIGGER incident_kept BEFORE DELETE OR UPDATE ON public.incident FOR EACH ROW EXECUTE FUNCTION refuse_incident_change();

create table incident_alarm (
  id bigint not null generated always as identity,
  kind text not null,
  term_from date not null,
  term_to date not null,
  nth integer not null,
  raised_at timestamp with time zone not null,
  acknowledged_at timestamp with time zone,
  by_id bigint,
  by_name text,
  words text,
  constraint incident_alarm_kind_term_from_nth_key UNIQUE (kind, term_from, nth),
  constraint incident_alarm_pkey PRIMARY KEY (id),
  constraint incident_alarm_by_id_fkey FOREIGN KEY (by_id) REFERENCES app_user(id),
  constraint incident_alarm_check CHECK ((((acknowledged_at IS NULL) = (words IS NULL)) AND ((acknowledged_at IS NULL) = (by_id IS NULL)))),
  constraint incident_alarm_words_check CHECK (((words IS NULL) OR (words <> ''::text)))
);

create table incident_step (
  id bigint not null generated always as identity,
  incident_id bigint not null,
  step text not null,
  from_state text,
  to_state text not null,
  at timestamp with time zone not null,
  user_id bigint,
  user_name text not null,
  words text not null,
  due date,
  constraint incident_step_pkey PRIMARY KEY (id),
  constraint incident_step_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES incident(id),
  constraint incident_step_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id)
);
CREATE INDEX incident_step_of ON public.incident_step USING btree (incident_id, id);
CREATE TRIGGER incident_step_append_only BEFORE DELETE OR UPDATE ON public.incident_step FOR EACH ROW EXECUTE FUNCTION refuse_change();

create table ledger (
  id bigint not null generated always as identity,
  ticket_id bigint not null,
  round smallint not null,
  seq integer not null,
  txid xid8 not null default pg_current_xact_id(),
  unit_id bigint,
  unit_kind text,
  counted_at timestamp with time zone not null,
  scope text not null,
  city_scope text,
  scope_note text not null,
  void boolean not null,
  source text,
  valid boolean not null,
  contacted text,
  solved text,
  satisfied text,
  callback_id bigint,
  exemption_id bigint,
  constraint ledger_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX ledger_line ON public.ledger USING btree (ticket_id, round, seq);
CREATE TRIGGER ledger_append_only BEFORE DELETE OR UPDATE ON public.ledger FOR EACH ROW EXECUTE FUNCTION refuse_change();

create table liaison (
  id bigint not null generated always as identity,
  year smallint not null,
  serial integer not null,
  number text not null,
  key uuid not null,
  title text not null,
  question text not null,
  pace text not null,
  pace_name text not null,
  state text not null,
  version integer not null default 1,
  opener_unit bigint,
  opened_by bigint not null,
  opened_name text not null,
  opened_at timestamp with time zone not null,
  clock jsonb not null,
  due_at timestamp with time zone not null,
  told_at timestamp with time zone,
  outcome text,
  outcome_name text,
  conclusion text,
  closed_at timestamp with time zone,
  closed_name text,
  closed_late boolean,
  constraint liaison_key_key UNIQUE (key),
  constraint liaison_number_key UNIQUE (number),
  constraint liaison_year_serial_key UNIQUE (year, serial),
  constraint liaison_pkey PRIMARY KEY (id),
  constraint liaison_opened_by_fkey FOREIGN KEY (opened_by) REFERENCES app_user(id),
  constraint liaison_opener_unit_fkey FOREIGN KEY (opener_unit) REFERENCES unit(id),
  constraint liaison_check CHECK (((state = ANY (ARRAY['closed'::text, 'cancelled'::text])) = (closed_at IS NOT NULL))),
  constraint liaison_check1 CHECK (((state = 'closed'::text) = (outcome IS NOT NULL))),
  constraint liaison_state_check CHECK ((state = ANY (ARRAY['asking'::text, 'answered'::text, 'closed'::text, 'cancelled'::text])))
);
CREATE INDEX liaison_open ON public.liaison USING btree (due_at) WHERE (state = ANY (ARRAY['asking'::text, 'answered'::text]));
CREATE INDEX liaison_opened ON public.liaison USING btree (opened_at);
CREATE INDEX liaison_state ON public.liaison USING btree (state, id DESC);

create table liaison_ask (
  id bigint not null generated always as identity,
  liaison_id bigint not null,
  party_id bigint not null,
  step_id bigint not null,
  asked_at timestamp with time zone not null,
  clock jsonb not null,
  due_at timestamp with time zone not null,
  near_at timestamp with time zone not null,
  near_told timestamp with time zone,
  overdue_told timestamp with time zone,
  answered_at timestamp with time zone,
  answer_step bigint,
  let_off_at timestamp with time zone,
  constraint liaison_ask_pkey PRIMARY KEY (id),
  constraint liaison_ask_answer_step_fkey FOREIGN KEY (answer_step) REFERENCES liaison_step(id),
  constraint liaison_ask_liaison_id_fkey FOREIGN KEY (liaison_id) REFERENCES liaison(id),
  constraint liaison_ask_party_id_fkey FOREIGN KEY (party_id) REFERENCES liaison_party(id),
  constraint liaison_ask_step_id_fkey FOREIGN KEY (step_id) REFERENCES liaison_step(id),
  constraint liaison_ask_check CHECK (((answered_at IS NULL) = (answer_step IS NULL))),
  constraint liaison_ask_check1 CHECK (((answered_at IS NULL) OR (let_off_at IS NULL)))
);
CREATE INDEX liaison_ask_due ON public.liaison_ask USING btree (due_at) WHERE ((answered_at IS NULL) AND (let_off_at IS NULL));
CREATE INDEX liaison_ask_of ON public.liaison_ask USING btree (liaison_id, id);
CREATE UNIQUE INDEX liaison_ask_one ON public.liaison_ask USING btree (party_id) WHERE ((answered_at IS NULL) AND (let_off_at IS NULL));

create table liaison_file (
  id bigint not null generated always as identity,
  step_id bigint,
  name text not null,
  mime text not null,
  size integer not null,
  sha256 bytea not null,
  user_id bigint not null,
  at timestamp with time zone not null,
  constraint liaison_file_pkey PRIMARY KEY (id),
  constraint liaison_file_step_id_fkey FOREIGN KEY (step_id) REFERENCES liaison_step(id),
  constraint liaison_file_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id)
);
CREATE INDEX liaison_file_of ON public.liaison_file USING btree (step_id) WHERE (step_id IS NOT NULL);

create table liaison_party (
  id bigint not null generated always as identity,
  liaison_id bigint not null,
  side text not null,
  unit_id bigint,
  name text not null,
  constraint liaison_party_pkey PRIMARY KEY (id),
  constraint liaison_party_liaison_id_fkey FOREIGN KEY (liaison_id) REFERENCES liaison(id),
  constraint liaison_party_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint liaison_party_check CHECK (((side = 'unit'::text) = (unit_id IS NOT NULL))),
  constraint liaison_party_side_check CHECK ((side = ANY (ARRAY['centre'::text, 'city'::text, 'unit'::text])))
);
CREATE INDEX liaison_party_unit ON public.liaison_party USING btree (unit_id, liaison_id) WHERE (unit_id IS NOT NULL);
CREATE UNIQUE INDEX liaison_party_once ON public.liaison_party USING btree (liaison_id, side, COALESCE(unit_id, (0)::bigint), (
CASE side
    WHEN 'city'::text THEN name
    ELSE ''::text
END));

create table liaison_step (
  id bigint not null generated always as identity,
  liaison_id bigint not null,
  once uuid,
  step text not null,
  from_state text,
  to_state text not null,
  at timestamp with time zone not null,
  user_id bigint,
  user_name text not null,
  role text not null,
  unit_id bigint,
  party_id bigint,
  to_ids bigint[] not null default '{}'::bigint[],
  means text not null default ''::text,
  contact text not null default ''::text,
  said_at timestamp with time zone not null,
  words text not null default ''::text,
  data jsonb not null default '{}'::jsonb,
  constraint liaison_step_once_key UNIQUE (once),
  constraint liaison_step_pkey PRIMARY KEY (id),
  constraint liaison_step_liaison_id_fkey FOREIGN KEY (liaison_id) REFERENCES liaison(id),
  constraint liaison_step_party_id_fkey FOREIGN KEY (party_id) REFERENCES liaison_party(id),
  constraint liaison_step_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint liaison_step_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id)
);
CREATE INDEX liaison_step_of ON public.liaison_step USING btree (liaison_id, id);
CREATE TRIGGER liaison_step_append_only BEFORE DELETE OR UPDATE ON public.liaison_step FOR EACH ROW EXECUTE FUNCTION refuse_change();

create table liaison_ticket (
  liaison_id bigint not null,
  ticket_id bigint not null,
  step_id bigint not null,
  constraint liaison_ticket_pkey PRIMARY KEY (liaison_id, ticket_id),
  constraint liaison_ticket_liaison_id_fkey FOREIGN KEY (liaison_id) REFERENCES liaison(id),
  constraint liaison_ticket_step_id_fkey FOREIGN KEY (step_id) REFERENCES liaison_step(id),
  constraint liaison_ticket_ticket_id_fkey FOREIGN KEY (ticket_id) REFERENCES ticket(id)
);
CREATE INDEX liaison_ticket_of ON public.liaison_ticket USING btree (ticket_id);

create table move_once (
  user_id bigint not null,
  key uuid not null,
  ticket_id bigint not null,
  move text not null,
  at timestamp with time zone not null,
  constraint move_once_pkey PRIMARY KEY (user_id, key),
  constraint move_once_ticket_id_fkey FOREIGN KEY (ticket_id) REFERENCES ticket(id),
  constraint move_once_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id) ON DELETE CASCADE
);
CREATE INDEX move_once_at ON public.move_once USING btree (at);

create table notice (
  id bigint not null generated always as identity,
  txid xid8 not null default pg_current_xact_id(),
  cause text not null,
  kind text not null,
  ticket_id bigint,
  user_ids bigint[] not null,
  means text[] not null,
  title text not null,
  body text not null default ''::text,
  link text not null default ''::text,
  at timestamp with time zone not null,
  outward_at timestamp with time zone not null,
  constraint notice_cause_key UNIQUE (cause),
  constraint notice_pkey PRIMARY KEY (id),
  constraint notice_means_check CHECK ((means <@ ARRAY['workbench'::text, 'email'::text, 'webhook'::text]))
);
CREATE INDEX notice_txid ON public.notice USING btree (txid, id);
CREATE TRIGGER notice_append_only BEFORE DELETE OR UPDATE ON public.notice FOR EACH ROW EXECUTE FUNCTION refuse_change();

create table notify_channel (
  id bigint not null generated always as identity,
  means text not null,
  name text not null,
  enabled boolean not null default false,
  settings jsonb not null,
  secret_enc bytea,
  version integer not null default 1,
  changed_by bigint,
  changed_name text not null,
  changed_at timestamp with time zone not null,
  constraint notify_channel_name_key UNIQUE (name),
  constraint notify_channel_pkey PRIMARY KEY (id),
  constraint notify_channel_changed_by_fkey FOREIGN KEY (changed_by) REFERENCES app_user(id),
  constraint notify_channel_means_check CHECK ((means = ANY (ARRAY['email'::text, 'webhook'::text])))
);

create table notify_contact (
  user_id bigint not null,
  email_enc bytea,
  phone_enc bytea,
  account_enc bytea,
  changed_at timestamp with time zone not null,
  constraint notify_contact_pkey PRIMARY KEY (user_id),
  constraint notify_contact_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id) ON DELETE CASCADE
);

create table ownership_appeal (
  case_id bigint not null,
  unit_id bigint not null,
  reason text not null,
  files bigint[] not null,
  at timestamp with time zone not null,
  user_id bigint,
  user_name text not null,
  outcome text,
  reasons text,
  decided_at timestamp with time zone,
  decided_by bigint,
  decided_name text,
  constraint ownership_appeal_pkey PRIMARY KEY (case_id),
  constraint ownership_appeal_case_id_fkey FOREIGN KEY (case_id) REFERENCES ownership_case(id),
  constraint ownership_appeal_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES app_user(id),
  constraint ownership_appeal_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint ownership_appeal_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id),
  constraint ownership_appeal_check CHECK ((((outcome IS NULL) = (decided_at IS NULL)) AND ((outcome IS NULL) = (reasons IS NULL)))),
  constraint ownership_appeal_outcome_check CHECK ((outcome = ANY (ARRAY['upheld'::text, 'changed'::text])))
);

create table ownership_case (
  id bigint not null generated always as identity,
  ticket_id bigint not null,
  round smallint not null,
  state text not null default 'claims'::text,
  before_ruling text,
  opened_event bigint not null,
  opened_at timestamp with time zone not null,
  opened_by bigint,
  opened_name text not null,
  reason text not null,
  site text not null default ''::text,
  site_files bigint[] not null default '{}'::bigint[],
  opinion jsonb,
  report jsonb,
  lead_unit_id bigint,
  co_unit_ids bigint[] not null default '{}'::bigint[],
  basis text,
  reasons text not null default ''::text,
  articles jsonb not null default '[]'::jsonb,
  ruled_at timestamp with time zone,
  ruled_by bigint,
  ruled_name text,
  ruled_event bigint,
  constraint ownership_case_opened_event_key UNIQUE (opened_event),
  constraint ownership_case_pkey PRIMARY KEY (id),
  constraint ownership_case_lead_unit_id_fkey FOREIGN KEY (lead_unit_id) REFERENCES unit(id),
  constraint ownership_case_opened_by_fkey FOREIGN KEY (opened_by) REFERENCES app_user(id),
  constraint ownership_case_opened_event_fkey FOREIGN KEY (opened_event) REFERENCES event(id),
  constraint ownership_case_ruled_by_fkey FOREIGN KEY (ruled_by) REFERENCES app_user(id),
  constraint ownership_case_ruled_event_fkey FOREIGN KEY (ruled_event) REFERENCES event(id),
  constraint ownership_case_ticket_id_fkey FOREIGN KEY (ticket_id) REFERENCES ticket(id),
  constraint ownership_case_check CHECK ((((ruled_at IS NULL) = (lead_unit_id IS NULL)) AND ((ruled_at IS NULL) = (basis IS NULL)))),
  constraint ownership_case_state_check CHECK ((state = ANY (ARRAY['claims'::text, 'meeting'::text, 'heard'::text, 'opinion'::text, 'reported'::text, 'answered'::text, 'ruled'::text, 'appealed'::text, 'upheld'::text, 'changed'::text, 'withdrawn'::text])))
);
CREATE INDEX ownership_case_state ON public.ownership_case USING btree (state, id);
CREATE INDEX ownership_case_ticket ON public.ownership_case USING btree (ticket_id, id);
CREATE UNIQUE INDEX ownership_case_one_open ON public.ownership_case USING btree (ticket_id) WHERE (state = ANY (ARRAY['claims'::text, 'meeting'::text, 'heard'::text, 'opinion'::text, 'reported'::text, 'answered'::text]));

create table ownership_claim (
  id bigint not null generated always as identity,
  case_id bigint not null,
  unit_id bigint not null,
  position text not null,
  statement text not null,
  articles jsonb not null,
  suggest_unit_id bigint,
  files bigint[] not null,
  late boolean not null,
  at timestamp with time zone not null,
  user_id bigint,
  user_name text not null,
  constraint ownership_claim_pkey PRIMARY KEY (id),
  constraint ownership_claim_case_id_fkey FOREIGN KEY (case_id) REFERENCES ownership_case(id),
  constraint ownership_claim_suggest_unit_id_fkey FOREIGN KEY (suggest_unit_id) REFERENCES unit(id),
  constraint ownership_claim_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint ownership_claim_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id),
  constraint ownership_claim_position_check CHECK (("position" = ANY (ARRAY['mine'::text, 'shared'::text, 'notMine'::text])))
);
CREATE INDEX ownership_claim_of ON public.ownership_claim USING btree (case_id, unit_id, id);
CREATE TRIGGER ownership_claim_append_only BEFORE DELETE OR UPDATE ON public.ownership_claim FOR EACH ROW EXECUTE FUNCTION refuse_change();

create table ownership_meeting (
  id bigint not null generated always as identity,
  case_id bigint not null,
  kind text not null,
  starts_at timestamp with time zone not null,
  place text not null,
  agenda text not null default ''::text,
  state text not null,
  attendance jsonb not null default '[]'::jsonb,
  minutes text not null default ''::text,
  files bigint[] not null default '{}'::bigint[],
  called_at timestamp with time zone not null,
  called_name text not null,
  constraint ownership_meeting_pkey PRIMARY KEY (id),
  constraint ownership_meeting_case_id_fkey FOREIGN KEY (case_id) REFERENCES ownership_case(id),
  constraint ownership_meeting_check CHECK (((state <> 'held'::text) OR (minutes <> ''::text))),
  constraint ownership_meeting_kind_check CHECK ((kind = ANY (ARRAY['onSite'::text, 'office'::text]))),
  constraint ownership_meeting_state_check CHECK ((state = ANY (ARRAY['called'::text, 'held'::text, 'cancelled'::text, 'moved'::text])))
);
CREATE INDEX ownership_meeting_of ON public.ownership_meeting USING btree (case_id, id);

create table ownership_party (
  case_id bigint not null,
  unit_id bigint not null,
  because text not null,
  added_at timestamp with time zone not null,
  constraint ownership_party_pkey PRIMARY KEY (case_id, unit_id),
  constraint ownership_party_case_id_fkey FOREIGN KEY (case_id) REFERENCES ownership_case(id),
  constraint ownership_party_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint ownership_party_because_check CHECK ((because = ANY (ARRAY['led'::text, 'invited'::text, 'ruled'::text])))
);
CREATE INDEX ownership_party_unit ON public.ownership_party USING btree (unit_id, case_id);

create table ownership_step (
  id bigint not null generated always as identity,
  case_id bigint not null,
  step text not null,
  at timestamp with time zone not null,
  user_id bigint,
  user_name text not null,
  unit_id bigint,
  note text not null default ''::text,
  data jsonb not null default '{}'::jsonb,
  constraint ownership_step_pkey PRIMARY KEY (id),
  constraint ownership_step_case_id_fkey FOREIGN KEY (case_id) REFERENCES ownership_case(id),
  constraint ownership_step_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint ownership_step_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id)
);
CREATE INDEX ownership_step_of ON public.ownership_step USING btree (case_id, id);
CREATE TRIGGER ownership_step_append_only BEFORE DELETE OR UPDATE ON public.ownership_step FOR EACH ROW EXECUTE FUNCTION refuse_change();

create table phrase (
  id bigint not null generated always as identity,
  owner_id bigint,
  move text not null default ''::text,
  text text not null,
  created_by bigint,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint phrase_pkey PRIMARY KEY (id),
  constraint phrase_created_by_fkey FOREIGN KEY (created_by) REFERENCES app_user(id) ON DELETE SET NULL,
  constraint phrase_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES app_user(id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX phrase_once ON public.phrase USING btree (COALESCE(owner_id, (0)::bigint), move, md5(text));

create table phrase_use (
  phrase_id bigint not null,
  user_id bigint not null,
  used integer not null,
  last_at timestamp with time zone not null,
  constraint phrase_use_pkey PRIMARY KEY (phrase_id, user_id),
  constraint phrase_use_phrase_id_fkey FOREIGN KEY (phrase_id) REFERENCES phrase(id) ON DELETE CASCADE,
  constraint phrase_use_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id) ON DELETE CASCADE
);

create table population (
  id bigint not null generated always as identity,
  unit_id bigint not null,
  year smallint not null,
  people integer,
  source text not null,
  at timestamp with time zone not null,
  by_user bigint,
  by_name text not null,
  constraint population_pkey PRIMARY KEY (id),
  constraint population_by_user_fkey FOREIGN KEY (by_user) REFERENCES app_user(id),
  constraint population_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint population_people_check CHECK ((people > 0)),
  constraint population_year_check CHECK (((year >= 2000) AND (year <= 2099)))
);
CREATE INDEX population_of ON public.population USING btree (year, unit_id, id);
CREATE TRIGGER population_append_only BEFORE DELETE OR UPDATE ON public.population FOR EACH ROW EXECUTE FUNCTION refuse_change();

create table precedent (
  id bigint not null generated always as identity,
  case_id bigint not null,
  constraint precedent_case_id_key UNIQUE (case_id),
  constraint precedent_pkey PRIMARY KEY (id),
  constraint precedent_case_id_fkey FOREIGN KEY (case_id) REFERENCES ownership_case(id)
);

create table precedent_citation (
  version_id bigint not null,
  ticket_id bigint not null,
  round smallint not null,
  event_id bigint not null,
  at timestamp with time zone not null,
  user_name text not null,
  unit_id bigint,
  constraint precedent_citation_pkey PRIMARY KEY (version_id, event_id),
  constraint precedent_citation_event_id_fkey FOREIGN KEY (event_id) REFERENCES event(id),
  constraint precedent_citation_ticket_id_fkey FOREIGN KEY (ticket_id) REFERENCES ticket(id),
  constraint precedent_citation_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint precedent_citation_version_id_fkey FOREIGN KEY (version_id) REFERENCES precedent_version(id)
);
CREATE INDEX precedent_citation_ticket ON public.precedent_citation USING btree (ticket_id, round);
CREATE TRIGGER precedent_citation_append_only BEFORE DELETE OR UPDATE ON public.precedent_citation FOR EACH ROW EXECUTE FUNCTION refuse_change();

create table precedent_step (
  id bigint not null generated always as identity,
  precedent_id bigint not null,
  version smallint not null,
  step text not null,
  at timestamp with time zone not null,
  user_id bigint,
  user_name text not null,
  note text not null default ''::text,
  constraint precedent_step_pkey PRIMARY KEY (id),
  constraint precedent_step_precedent_id_fkey FOREIGN KEY (precedent_id) REFERENCES precedent(id),
  constraint precedent_step_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id)
);
CREATE INDEX precedent_step_of ON public.precedent_step USING btree (precedent_id, id);
CREATE TRIGGER precedent_step_append_only BEFORE DELETE OR UPDATE ON public.precedent_step FOR EACH ROW EXECUTE FUNCTION refuse_change();

create table precedent_version (
  id bigint not null generated always as identity,
  precedent_id bigint not null,
  version smallint not null,
  state text not null,
  title text not null,
  category1 text not null,
  category2 text not null,
  category3 text not null,
  street text not null,
  community text not null,
  spot text not null,
  words text[] not null,
  lead_unit_id bigint not null,
  co_unit_ids bigint[] not null,
  reason text not null,
  valid_from date not null,
  valid_to date,
  written_by bigint,
  written_name text not null,
  written_at timestamp with time zone not null,
  published_at timestamp with time zone,
  published_name text,
  ended_at timestamp with time zone,
  constraint precedent_version_precedent_id_version_key UNIQUE (precedent_id, version),
  constraint precedent_version_pkey PRIMARY KEY (id),
  constraint precedent_version_lead_unit_id_fkey FOREIGN KEY (lead_unit_id) REFERENCES unit(id),
  constraint precedent_version_precedent_id_fkey FOREIGN KEY (precedent_id) REFERENCES precedent(id),
  constraint precedent_version_written_by_fkey FOREIGN KEY (written_by) REFERENCES app_user(id),
  constraint precedent_version_check CHECK (((valid_to IS NULL) OR (valid_to >= valid_from))),
  constraint precedent_version_check1 CHECK (((state = ANY (ARRAY['draft'::text, 'discarded'::text])) OR (published_at IS NOT NULL))),
  constraint precedent_version_check2 CHECK (((state = ANY (ARRAY['amended'::text, 'overruled'::text])) = (ended_at IS NOT NULL))),
  constraint precedent_version_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'published'::text, 'amended'::text, 'overruled'::text, 'discarded'::text]))),
  constraint precedent_version_version_check CHECK ((version >= 1))
);
CREATE INDEX precedent_in_force ON public.precedent_version USING btree (category1) WHERE (state = 'published'::text);
CREATE UNIQUE INDEX precedent_one_draft ON public.precedent_version USING btree (precedent_id) WHERE (state = 'draft'::text);
CREATE UNIQUE INDEX precedent_one_published ON public.precedent_version USING btree (precedent_id) WHERE (state = 'published'::text);
CREATE TRIGGER precedent_version_kept BEFORE DELETE OR UPDATE ON public.precedent_version FOR EACH ROW EXECUTE FUNCTION refuse_precedent_change();

create table preference (
  user_id bigint not null,
  key text not null,
  value jsonb not null,
  updated_at timestamp with time zone not null,
  constraint preference_pkey PRIMARY KEY (user_id, key),
  constraint preference_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id) ON DELETE CASCADE
);

create table presence (
  ticket_id bigint not null,
  user_id bigint not null,
  doing text not null default ''::text,
  seen_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  constraint presence_pkey PRIMARY KEY (ticket_id, user_id),
  constraint presence_ticket_id_fkey FOREIGN KEY (ticket_id) REFERENCES ticket(id),
  constraint presence_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id) ON DELETE CASCADE
);
CREATE INDEX presence_expires ON public.presence USING btree (expires_at);

create table problem (
  id bigint not null generated always as identity,
  kind text not null,
  kind_zh text not null,
  grp text not null,
  standard text not null,
  ticket_id bigint not null,
  round smallint not null,
  mark text not null,
  unit_id bigint,
  day date not null,
  at timestamp with time zone not null,
  said text not null,
  rule text not null,
  found_at timestamp with time zone not null,
  state text not null,
  due_at timestamp with time zone,
  version integer not null default 1,
  disputed boolean not null default false,
  cause text,
  cause_zh text,
  remedy text,
  remedy_day date,
  ended_at timestamp with time zone,
  constraint problem_ticket_id_round_kind_mark_key UNIQUE (ticket_id, round, kind, mark),
  constraint problem_pkey PRIMARY KEY (id),
  constraint problem_ticket_id_fkey FOREIGN KEY (ticket_id) REFERENCES ticket(id),
  constraint problem_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint problem_check CHECK (((state = 'noted'::text) = (due_at IS NULL))),
  constraint problem_check1 CHECK (((cause IS NULL) = (cause_zh IS NULL))),
  constraint problem_grp_check CHECK ((grp = ANY (ARRAY['near'::text, 'overdue'::text, 'closing'::text]))),
  constraint problem_state_check CHECK ((state = ANY (ARRAY['noted'::text, 'open'::text, 'answered'::text, 'disputed'::text, 'remedying'::text, 'checking'::text, 'done'::text, 'dropped'::text])))
);
CREATE INDEX problem_day ON public.problem USING btree (day, unit_id, kind);
CREATE INDEX problem_open ON public.problem USING btree (state, due_at) WHERE (state <> ALL (ARRAY['noted'::text, 'done'::text, 'dropped'::text]));
CREATE INDEX problem_unit ON public.problem USING btree (unit_id, day DESC);

create table problem_run (
  id bigint not null generated always as identity,
  day date not null,
  at timestamp with time zone not null,
  user_id bigint,
  user_name text not null,
  looked integer not null,
  found integer not null,
  constraint problem_run_pkey PRIMARY KEY (id),
  constraint problem_run_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id)
);
CREATE INDEX problem_run_day ON public.problem_run USING btree (day, id DESC);

create table problem_step (
  id bigint not null generated always as identity,
  problem_id bigint not null,
  step text not null,
  from_state text not null,
  to_state text not null,
  text text not null,
  data jsonb not null default '{}'::jsonb,
  at timestamp with time zone not null,
  user_id bigint,
  user_name text not null,
  role text not null,
  constraint problem_step_pkey PRIMARY KEY (id),
  constraint problem_step_problem_id_fkey FOREIGN KEY (problem_id) REFERENCES problem(id),
  constraint problem_step_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id)
);
CREATE INDEX problem_step_of ON public.problem_step USING btree (problem_id, id);
CREATE TRIGGER problem_step_append_only BEFORE DELETE OR UPDATE ON public.problem_step FOR EACH ROW EXECUTE FUNCTION refuse_change();

create table requester (
  ticket_id bigint not null,
  name_enc bytea,
  phone_enc bytea,
  account_enc bytea,
  content_enc bytea,
  phone_hash bytea,
  tail_hash bytea,
  constraint requester_pkey PRIMARY KEY (ticket_id)
);
CREATE INDEX requester_phone ON public.requester USING btree (phone_hash) WHERE (phone_hash IS NOT NULL);
CREATE INDEX requester_tail ON public.requester USING btree (tail_hash) WHERE (tail_hash IS NOT NULL);

create table result (
  ticket_id bigint not null,
  round smallint not null,
  unit_id bigint,
  counted_at timestamp with time zone not null,
  scope text not null default 'full'::text,
  scope_note text not null default ''::text,
  void boolean not null default false,
  source text,
  valid boolean not null default false,
  contacted text,
  solved text,
  satisfied text,
  city_scope text,
  exemption_id bigint,
  constraint result_pkey PRIMARY KEY (ticket_id, round),
  constraint result_city_scope_check CHECK ((city_scope = ANY (ARRAY['full'::text, 'responseOnly'::text, 'exempt'::text]))),
  constraint result_contacted_check CHECK ((contacted = ANY (ARRAY['yes'::text, 'no'::text]))),
  constraint result_satisfied_check CHECK ((satisfied = ANY (ARRAY['satisfied'::text, 'basically'::text, 'dissatisfied'::text]))),
  constraint result_scope_check CHECK ((scope = ANY (ARRAY['full'::text, 'responseOnly'::text, 'exempt'::text]))),
  constraint result_solved_check CHECK ((solved = ANY (ARRAY['yes'::text, 'partly'::text, 'no'::text]))),
  constraint result_source_check CHECK ((source = ANY (ARRAY['own'::text, 'city'::text])))
);
CREATE INDEX result_counted ON public.result USING btree (counted_at) INCLUDE (unit_id, scope, void, valid, contacted, solved, satisfied, ticket_id, round);
CREATE INDEX result_unfavourable ON public.result USING btree (counted_at) WHERE ((NOT void) AND valid AND (scope = 'full'::text) AND (unit_id IS NOT NULL) AND ((contacted = 'no'::text) OR (solved = ANY (ARRAY['no'::text, 'partly'::text])) OR (satisfied = ANY (ARRAY['dissatisfied'::text, 'basically'::text]))));
CREATE INDEX result_unit ON public.result USING btree (unit_id, counted_at DESC);
CREATE TRIGGER result_deleted AFTER DELETE ON public.result REFERENCING OLD TABLE AS was_row FOR EACH STATEMENT EXECUTE FUNCTION result_recorded();
CREATE TRIGGER result_inserted AFTER INSERT ON public.result REFERENCING NEW TABLE AS now_row FOR EACH STATEMENT EXECUTE FUNCTION result_recorded();
CREATE TRIGGER result_updated AFTER UPDATE ON public.result REFERENCING OLD TABLE AS was_row NEW TABLE AS now_row FOR EACH STATEMENT EXECUTE FUNCTION result_recorded();

create table rule_set (
  name text not null,
  level text not null,
  status text not null,
  from_day date not null,
  body jsonb not null,
  document_no text not null default ''::text,
  based_on text,
  drafted_by bigint,
  drafted_name text not null,
  drafted_at timestamp with time zone not null,
  reviewed_by bigint,
  reviewed_name text,
  reviewed_at timestamp with time zone,
  approved_by bigint,
  approved_name text,
  approved_at timestamp with time zone,
  constraint rule_set_pkey PRIMARY KEY (name),
  constraint rule_set_approved_by_fkey FOREIGN KEY (approved_by) REFERENCES app_user(id),
  constraint rule_set_drafted_by_fkey FOREIGN KEY (drafted_by) REFERENCES app_user(id),
  constraint rule_set_reviewed_by_fkey FOREIGN KEY (reviewed_by) REFERENCES app_user(id),
  constraint rule_set_level_check CHECK ((level = ANY (ARRAY['district'::text, 'city'::text]))),
  constraint rule_set_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'reviewed'::text, 'inForce'::text, 'superseded'::text])))
);
CREATE UNIQUE INDEX rule_set_from ON public.rule_set USING btree (level, from_day) WHERE (status = ANY (ARRAY['inForce'::text, 'superseded'::text]));
CREATE TRIGGER rule_set_immutable BEFORE DELETE OR UPDATE ON public.rule_set FOR EACH ROW EXECUTE FUNCTION refuse_rule_change();

create table sampling_call (
  id bigint not null generated always as identity,
  plan_id bigint not null,
  ticket_id bigint not null,
  outcome text not null,
  contacted text,
  solved text,
  satisfied text,
  reasons jsonb not null default '{}'::jsonb,
  reason text not null default ''::text,
  note text not null default ''::text,
  next_at timestamp with time zone,
  talk_seconds integer,
  at timestamp with time zone not null,
  user_id bigint,
  user_name text not null,
  constraint sampling_call_pkey PRIMARY KEY (id),
  constraint sampling_call_plan_id_ticket_id_fkey FOREIGN KEY (plan_id, ticket_id) REFERENCES sampling_frame(plan_id, ticket_id),
  constraint sampling_call_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id),
  constraint sampling_call_contacted_check CHECK ((contacted = ANY (ARRAY['yes'::text, 'no'::text]))),
  constraint sampling_call_outcome_check CHECK ((outcome = ANY (ARRAY['answered'::text, 'missed'::text, 'refused'::text, 'unreached'::text]))),
  constraint sampling_call_satisfied_check CHECK ((satisfied = ANY (ARRAY['satisfied'::text, 'basically'::text, 'dissatisfied'::text]))),
  constraint sampling_call_solved_check CHECK ((solved = ANY (ARRAY['yes'::text, 'partly'::text, 'no'::text]))),
  constraint sampling_call_talk_seconds_check CHECK ((talk_seconds >= 0))
);
CREATE UNIQUE INDEX sampling_call_once ON public.sampling_call USING btree (plan_id, ticket_id) WHERE (outcome <> 'missed'::text);
CREATE TRIGGER sampling_call_append_only BEFORE DELETE OR UPDATE ON public.sampling_call FOR EACH ROW EXECUTE FUNCTION refuse_change();

create table sampling_frame (
  plan_id bigint not null,
  ticket_id bigint not null,
  round smallint not null,
  channel text not null,
  unit_id bigint,
  place integer,
  constraint sampling_frame_pkey PRIMARY KEY (plan_id, ticket_id),
  constraint sampling_frame_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES sampling_plan(id),
  constraint sampling_frame_ticket_id_fkey FOREIGN KEY (ticket_id) REFERENCES ticket(id)
);
CREATE UNIQUE INDEX sampling_drawn ON public.sampling_frame USING btree (plan_id, place) WHERE (place IS NOT NULL);
CREATE TRIGGER sampling_frame_append_only BEFORE DELETE OR UPDATE ON public.sampling_frame FOR EACH ROW EXECUTE FUNCTION refuse_change();

create table sampling_plan (
  id bigint not null generated always as identity,
  name text not null,
  from_day date not null,
  to_day date not null,
  channels jsonb not null,
  strata text not null,
  size integer not null,
  seed text not null,
  counted boolean not null,
  rules text not null,
  drawn_at timestamp with time zone not null,
  drawn_by bigint,
  drawn_name text not null,
  constraint sampling_plan_pkey PRIMARY KEY (id),
  constraint sampling_plan_drawn_by_fkey FOREIGN KEY (drawn_by) REFERENCES app_user(id),
  constraint sampling_plan_size_check CHECK ((size >= 1)),
  constraint sampling_plan_strata_check CHECK ((strata = ANY (ARRAY['channel'::text, 'unit'::text, 'channelUnit'::text])))
);
CREATE TRIGGER sampling_plan_append_only BEFORE DELETE OR UPDATE ON public.sampling_plan FOR EACH ROW EXECUTE FUNCTION refuse_change();

create table saved_view (
  id bigint not null generated always as identity,
  owner_id bigint not null,
  name text not null,
  sharing text not null,
  roles text[] not null default '{}'::text[],
  filter jsonb not null,
  columns jsonb not null default '[]'::jsonb,
  sort text,
  position integer not null default 0,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint saved_view_owner_id_name_key UNIQUE (owner_id, name),
  constraint saved_view_pkey PRIMARY KEY (id),
  constraint saved_view_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES app_user(id) ON DELETE CASCADE,
  constraint saved_view_check CHECK (((sharing = 'role'::text) = (cardinality(roles) > 0))),
  constraint saved_view_sharing_check CHECK ((sharing = ANY (ARRAY['mine'::text, 'shared'::text, 'role'::text])))
);
CREATE INDEX saved_view_sharing ON public.saved_view USING btree (sharing);

create table schema_migration (
  number integer not null,
  name text not null,
  sha256 text not null,
  applied_at timestamp with time zone not null default now(),
  constraint schema_migration_pkey PRIMARY KEY (number)
);

create table score_sheet (
  id bigint not null generated always as identity,
  level text not null,
  period text not null,
  version smallint not null,
  state text not null,
  reason text not null default ''::text,
  number text not null default ''::text,
  figures text not null,
  words jsonb not null,
  edition integer not null default 1,
  hands bigint[] not null,
  drafted_name text not null,
  drafted_at timestamp with time zone not null,
  reviewed_name text,
  reviewed_at timestamp with time zone,
  published_name text,
  published_at timestamp with time zone,
  provisional boolean not null default false,
  constraint score_sheet_level_period_version_key UNIQUE (level, period, version),
  constraint score_sheet_pkey PRIMARY KEY (id),
  constraint score_sheet_check CHECK (((state = 'published'::text) = (published_at IS NOT NULL))),
  constraint score_sheet_check1 CHECK (((version = 1) OR (reason <> ''::text))),
  constraint score_sheet_level_check CHECK ((level = ANY (ARRAY['district'::text, 'city'::text]))),
  constraint score_sheet_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'submitted'::text, 'reviewed'::text, 'published'::text]))),
  constraint score_sheet_version_check CHECK ((version >= 1))
);
CREATE UNIQUE INDEX score_sheet_one_open ON public.score_sheet USING btree (level, period) WHERE (state <> 'published'::text);
CREATE TRIGGER score_sheet_immutable BEFORE DELETE OR UPDATE ON public.score_sheet FOR EACH ROW EXECUTE FUNCTION refuse_published_sheet_change();

create table score_sheet_file (
  sheet_id bigint not null,
  kind text not null,
  name text not null,
  bytes bytea not null,
  sha256 text not null,
  constraint score_sheet_file_pkey PRIMARY KEY (sheet_id, kind),
  constraint score_sheet_file_sheet_id_fkey FOREIGN KEY (sheet_id) REFERENCES score_sheet(id),
  constraint score_sheet_file_kind_check CHECK ((kind = ANY (ARRAY['docx'::text, 'xlsx'::text])))
);
CREATE TRIGGER score_sheet_file_append_only BEFORE DELETE OR UPDATE ON public.score_sheet_file FOR EACH ROW EXECUTE FUNCTION refuse_change();

create table score_sheet_step (
  id bigint not null generated always as identity,
  sheet_id bigint not null,
  step text not null,
  at timestamp with time zone not null,
  user_id bigint,
  user_name text not null,
  note text not null default ''::text,
  constraint score_sheet_step_pkey PRIMARY KEY (id),
  constraint score_sheet_step_sheet_id_fkey FOREIGN KEY (sheet_id) REFERENCES score_sheet(id),
  constraint score_sheet_step_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id)
);
CREATE INDEX score_sheet_step_of ON public.score_sheet_step USING btree (sheet_id, id);
CREATE TRIGGER score_sheet_step_append_only BEFORE DELETE OR UPDATE ON public.score_sheet_step FOR EACH ROW EXECUTE FUNCTION refuse_change();

create table seal_key (
  one_row boolean not null default true,
  key_id text not null,
  since timestamp with time zone not null,
  constraint seal_key_pkey PRIMARY KEY (one_row),
  constraint seal_key_one_row_check CHECK (one_row)
);

create table search_progress (
  dictionary text not null,
  next_id bigint not null,
  done_at timestamp with time zone,
  constraint search_progress_pkey PRIMARY KEY (dictionary)
);

create table session (
  token_hash bytea not null,
  user_id bigint not null,
  csrf text not null,
  created_at timestamp with time zone not null,
  last_seen_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  id bigint not null generated always as identity,
  device text not null default ''::text,
  address text not null default ''::text,
  constraint session_id_key UNIQUE (id),
  constraint session_pkey PRIMARY KEY (token_hash),
  constraint session_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id) ON DELETE CASCADE
);
CREATE INDEX session_by_user ON public.session USING btree (user_id);

create table shelving (
  id bigint not null generated always as identity,
  ticket_id bigint not null,
  round smallint not null,
  unit_id bigint not null,
  state text not null,
  kind text not null,
  reason text not null,
  plan text not null,
  term_day date not null,
  review_day date not null,
  applied_at timestamp with time zone not null,
  applied_by bigint,
  applied_name text not null,
  approved_at timestamp with time zone,
  approved_by bigint,
  approved_name text,
  ended_at timestamp with time zone,
  ended_note text not null default ''::text,
  asked_term date,
  asked_reason text not null default ''::text,
  asked_at timestamp with time zone,
  asked_name text,
  constraint shelving_pkey PRIMARY KEY (id),
  constraint shelving_applied_by_fkey FOREIGN KEY (applied_by) REFERENCES app_user(id),
  constraint shelving_approved_by_fkey FOREIGN KEY (approved_by) REFERENCES app_user(id),
  constraint shelving_ticket_id_fkey FOREIGN KEY (ticket_id) REFERENCES ticket(id),
  constraint shelving_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint shelving_state_check CHECK ((state = ANY (ARRAY['applied'::text, 'shelved'::text, 'refused'::text, 'ended'::text])))
);
CREATE INDEX shelving_term ON public.shelving USING btree (state, term_day, id);
CREATE UNIQUE INDEX shelving_one_live ON public.shelving USING btree (ticket_id) WHERE (state = ANY (ARRAY['applied'::text, 'shelved'::text]));

create table shelving_step (
  id bigint not null generated always as identity,
  shelving_id bigint not null,
  step text not null,
  at timestamp with time zone not null,
  user_id bigint,
  user_name text not null,
  note text not null,
  constraint shelving_step_pkey PRIMARY KEY (id),
  constraint shelving_step_shelving_id_fkey FOREIGN KEY (shelving_id) REFERENCES shelving(id),
  constraint shelving_step_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id)
);
CREATE INDEX shelving_step_of ON public.shelving_step USING btree (shelving_id, id);
CREATE TRIGGER shelving_step_append_only BEFORE DELETE OR UPDATE ON public.shelving_step FOR EACH ROW EXECUTE FUNCTION refuse_change();

create table shift (
  id bigint not null generated always as identity,
  name text not null,
  starts_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  lead_id bigint,
  constraint shift_starts_at_name_key UNIQUE (starts_at, name),
  constraint shift_pkey PRIMARY KEY (id),
  constraint shift_lead_id_fkey FOREIGN KEY (lead_id) REFERENCES app_user(id),
  constraint shift_check CHECK ((ends_at > starts_at))
);
CREATE INDEX shift_ends ON public.shift USING btree (ends_at);

create table shift_member (
  shift_id bigint not null,
  user_id bigint not null,
  constraint shift_member_pkey PRIMARY KEY (shift_id, user_id),
  constraint shift_member_shift_id_fkey FOREIGN KEY (shift_id) REFERENCES shift(id) ON DELETE CASCADE,
  constraint shift_member_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id)
);

create table supervision_clock (
  id bigint not null generated always as identity,
  item_id bigint not null,
  kind text not null,
  state text not null,
  started_at timestamp with time zone not null,
  due_at timestamp with time zone not null,
  near_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  late boolean,
  rule text not null,
  body jsonb not null,
  constraint supervision_clock_pkey PRIMARY KEY (id),
  constraint supervision_clock_item_id_fkey FOREIGN KEY (item_id) REFERENCES supervision_item(id),
  constraint supervision_clock_check CHECK (((state = 'running'::text) = (ended_at IS NULL))),
  constraint supervision_clock_state_check CHECK ((state = ANY (ARRAY['running'::text, 'stopped'::text])))
);
CREATE INDEX supervision_clock_forward ON public.supervision_clock USING btree (due_at) WHERE ((kind = 'forward'::text) AND (late OR (state = 'running'::text)));
CREATE INDEX supervision_clock_of ON public.supervision_clock USING btree (item_id, id);
CREATE UNIQUE INDEX supervision_one_clock ON public.supervision_clock USING btree (item_id) WHERE (state = 'running'::text);

create table supervision_file (
  id bigint not null generated always as identity,
  item_id bigint not null,
  name text not null,
  mime text not null,
  size integer not null,
  sha256 bytea not null,
  user_id bigint not null,
  user_name text not null,
  unit_id bigint,
  at timestamp with time zone not null,
  constraint supervision_file_pkey PRIMARY KEY (id),
  constraint supervision_file_item_id_fkey FOREIGN KEY (item_id) REFERENCES supervision_item(id),
  constraint supervision_file_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint supervision_file_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id)
);
CREATE INDEX supervision_file_of ON public.supervision_file USING btree (item_id, id);

create table supervision_item (
  id bigint not null generated always as identity,
  origin text not null,
  subject text,
  period text not null,
  title text not null,
  matter text not null,
  level text not null,
  state text not null,
  version integer not null default 1,
  arrived_at timestamp with time zone not null,
  given_due timestamp with time zone,
  leader text not null default ''::text,
  noted_on date,
  forwarded_at timestamp with time zone,
  forwarded_late boolean,
  answered_at timestamp with time zone,
  ended_at timestamp with time zone,
  clock text,
  due_at timestamp with time zone,
  near_at timestamp with time zone,
  asked smallint,
  granted smallint not null default 0,
  checked text,
  passed_by bigint,
  last_word text not null default ''::text,
  last_word_at timestamp with time zone,
  last_word_by text not null default ''::text,
  created_by bigint,
  created_name text not null,
  constraint supervision_item_pkey PRIMARY KEY (id),
  constraint supervision_item_created_by_fkey FOREIGN KEY (created_by) REFERENCES app_user(id),
  constraint supervision_item_passed_by_fkey FOREIGN KEY (passed_by) REFERENCES app_user(id),
  constraint supervision_item_check CHECK ((((clock IS NULL) = (due_at IS NULL)) AND ((due_at IS NULL) = (near_at IS NULL)))),
  constraint supervision_item_check1 CHECK (((origin = 'rule'::text) = (subject IS NOT NULL))),
  constraint supervision_item_check2 CHECK (((forwarded_at IS NULL) = (forwarded_late IS NULL))),
  constraint supervision_item_checked_check CHECK ((checked = ANY (ARRAY['good'::text, 'bad'::text]))),
  constraint supervision_item_level_check CHECK ((level = ANY (ARRAY['general'::text, 'key'::text, 'listed'::text]))),
  constraint supervision_item_origin_check CHECK ((origin = ANY (ARRAY['city'::text, 'leader'::text, 'rule'::text])))
);
CREATE INDEX supervision_by_period ON public.supervision_item USING btree (period);
CREATE INDEX supervision_by_state ON public.supervision_item USING btree (state, due_at);
CREATE UNIQUE INDEX supervision_found_once ON public.supervision_item USING btree (subject, period) WHERE (origin = 'rule'::text);

create table supervision_line (
  id bigint not null generated always as identity,
  list_id bigint not null,
  row integer not null,
  number text not null,
  said jsonb not null,
  ticket_id bigint,
  item_id bigint,
  why text,
  constraint supervision_line_list_id_row_key UNIQUE (list_id, "row"),
  constraint supervision_line_pkey PRIMARY KEY (id),
  constraint supervision_line_item_id_fkey FOREIGN KEY (item_id) REFERENCES supervision_item(id),
  constraint supervision_line_list_id_fkey FOREIGN KEY (list_id) REFERENCES supervision_list(id),
  constraint supervision_line_ticket_id_fkey FOREIGN KEY (ticket_id) REFERENCES ticket(id),
  constraint supervision_line_check CHECK (((item_id IS NULL) = (why IS NOT NULL)))
);
CREATE INDEX supervision_line_item ON public.supervision_line USING btree (item_id) WHERE (item_id IS NOT NULL);

create table supervision_list (
  id bigint not null generated always as identity,
  period text not null,
  file_name text not null,
  sha256 bytea not null,
  signature text not null,
  mapping jsonb not null,
  rows integer not null,
  refused jsonb not null,
  created_at timestamp with time zone not null,
  user_id bigint not null,
  user_name text not null,
  constraint supervision_list_period_sha256_key UNIQUE (period, sha256),
  constraint supervision_list_pkey PRIMARY KEY (id),
  constraint supervision_list_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id)
);

create table supervision_step (
  id bigint not null generated always as identity,
  item_id bigint not null,
  once text,
  step text not null,
  from_state text,
  to_state text not null,
  at timestamp with time zone not null,
  user_id bigint,
  user_name text not null,
  role text not null,
  unit_id bigint,
  text text not null default ''::text,
  data jsonb not null default '{}'::jsonb,
  file_ids bigint[] not null default '{}'::bigint[],
  constraint supervision_step_once_key UNIQUE (once),
  constraint supervision_step_pkey PRIMARY KEY (id),
  constraint supervision_step_item_id_fkey FOREIGN KEY (item_id) REFERENCES supervision_item(id),
  constraint supervision_step_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id),
  constraint supervision_step_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id)
);
CREATE INDEX supervision_step_of ON public.supervision_step USING btree (item_id, id);
CREATE TRIGGER supervision_step_append_only BEFORE DELETE OR UPDATE ON public.supervision_step FOR EACH ROW EXECUTE FUNCTION refuse_change();

create table supervision_ticket (
  item_id bigint not null,
  ticket_id bigint not null,
  round smallint not null,
  constraint supervision_ticket_pkey PRIMARY KEY (item_id, ticket_id),
  constraint supervision_ticket_item_id_fkey FOREIGN KEY (item_id) REFERENCES supervision_item(id),
  constraint supervision_ticket_ticket_id_fkey FOREIGN KEY (ticket_id) REFERENCES ticket(id)
);
CREATE INDEX supervision_ticket_of ON public.supervision_ticket USING btree (ticket_id);

create table supervision_unit (
  item_id bigint not null,
  unit_id bigint not null,
  place smallint not null,
  constraint supervision_unit_pkey PRIMARY KEY (item_id, unit_id),
  constraint supervision_unit_item_id_fkey FOREIGN KEY (item_id) REFERENCES supervision_item(id),
  constraint supervision_unit_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id)
);
CREATE INDEX supervision_unit_of ON public.supervision_unit USING btree (unit_id);

create table sweep_found (
  run_id bigint not null,
  ticket_id bigint not null,
  state text not null,
  moved_version integer not null,
  lacks text[] not null,
  constraint sweep_found_pkey PRIMARY KEY (run_id, ticket_id),
  constraint sweep_found_run_id_fkey FOREIGN KEY (run_id) REFERENCES sweep_run(id),
  constraint sweep_found_ticket_id_fkey FOREIGN KEY (ticket_id) REFERENCES ticket(id),
  constraint sweep_found_lacks_check CHECK ((cardinality(lacks) > 0))
);
CREATE INDEX sweep_found_ticket ON public.sweep_found USING btree (ticket_id);
CREATE TRIGGER sweep_found_append_only BEFORE DELETE OR UPDATE ON public.sweep_found FOR EACH ROW EXECUTE FUNCTION refuse_change();

create table sweep_run (
  id bigint not null generated always as identity,
  at timestamp with time zone not null,
  by_id bigint,
  by_name text not null,
  open integer not null,
  centre integer not null,
  unit integer not null,
  city integer not null,
  clocks integer not null,
  found integer not null,
  constraint sweep_run_pkey PRIMARY KEY (id),
  constraint sweep_run_by_id_fkey FOREIGN KEY (by_id) REFERENCES app_user(id),
  constraint sweep_run_check CHECK (((((centre + unit) + city) = open) AND ((found >= 0) AND (found <= open))))
);
CREATE INDEX sweep_run_at ON public.sweep_run USING btree (at DESC, id DESC);
CREATE TRIGGER sweep_run_append_only BEFORE DELETE OR UPDATE ON public.sweep_run FOR EACH ROW EXECUTE FUNCTION refuse_change();

create table tally (
  day date not null,
  unit_id bigint not null,
  cell text not null,
  n bigint not null,
  constraint tally_pkey PRIMARY KEY (day, unit_id, cell)
);
CREATE TRIGGER tally_deleted AFTER DELETE ON public.tally REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tally_changed('day');
CREATE TRIGGER tally_inserted AFTER INSERT ON public.tally REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tally_changed('day');
CREATE TRIGGER tally_updated AFTER UPDATE ON public.tally REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tally_changed('day');

create table tally_alarm (
  id bigint not null generated always as identity,
  at timestamp with time zone not null,
  day date not null,
  unit_id bigint not null,
  cell text not null,
  kept bigint not null,
  counted bigint not null,
  check_id bigint,
  to_day date,
  constraint tally_alarm_pkey PRIMARY KEY (id),
  constraint tally_alarm_check_id_fkey FOREIGN KEY (check_id) REFERENCES tally_check(id)
);
CREATE INDEX tally_alarm_check ON public.tally_alarm USING btree (check_id);

create table tally_change (
  day date not null,
  times bigint not null,
  constraint tally_change_pkey PRIMARY KEY (day)
);

create table tally_check (
  id bigint not null generated always as identity,
  at timestamp with time zone not null,
  ms integer not null,
  wrong integer not null,
  constraint tally_check_pkey PRIMARY KEY (id)
);
CREATE INDEX tally_check_at ON public.tally_check USING btree (at DESC);

create table tally_delta (
  id bigint not null generated always as identity,
  day date not null,
  unit_id bigint not null,
  cell text not null,
  n bigint not null,
  constraint tally_delta_pkey PRIMARY KEY (id)
);

create table tally_span (
  from_day date not null,
  to_day date not null,
  constraint tally_span_daterange_excl EXCLUDE USING gist (daterange(from_day, to_day, '[]'::text) WITH &&),
  constraint tally_span_pkey PRIMARY KEY (from_day),
  constraint tally_span_check CHECK ((to_day >= from_day))
);

create table tally_sum (
  from_day date not null,
  unit_id bigint not null,
  cell text not null,
  n bigint not null,
  constraint tally_sum_pkey PRIMARY KEY (from_day, cell, unit_id) INCLUDE (n)
);
CREATE TRIGGER tally_sum_deleted AFTER DELETE ON public.tally_sum REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tally_changed('from_day');
CREATE TRIGGER tally_sum_inserted AFTER INSERT ON public.tally_sum REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tally_changed('from_day');
CREATE TRIGGER tally_sum_updated AFTER UPDATE ON public.tally_sum REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tally_changed('from_day');

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
  constraint ticket_merged_into_fkey FOREIGN KEY (merged_into) REFERENCES ticket(id),
  constraint ticket_closing_kind_check CHECK ((closing_kind = ANY (ARRAY['reply'::text, 'direct'::text, 'transfer'::text, 'city'::text]))),
  constraint ticket_level_check CHECK (((level >= 1) AND (level <= 4))),
  constraint ticket_path_check CHECK ((path = ANY (ARRAY['district'::text, 'directStreet'::text, 'directBureau'::text, 'own'::text])))
);
CREATE INDEX ticket_category ON public.ticket USING btree (category1, category2, received_at, id);
CREATE INDEX ticket_channel ON public.ticket USING btree (channel, received_at, id);
CREATE INDEX ticket_community ON public.ticket USING btree (community, received_at, id);
CREATE INDEX ticket_level ON public.ticket USING btree (level, received_at, id);
CREATE INDEX ticket_merged ON public.ticket USING btree (merged_into) WHERE (merged_into IS NOT NULL);
CREATE INDEX ticket_number_head ON public.ticket USING btree (number text_pattern_ops);
CREATE INDEX ticket_number_tail ON public.ticket USING btree (reverse(number) text_pattern_ops);
CREATE INDEX ticket_open_due ON public.ticket USING btree (due_at, id) INCLUDE (state, near_at, lead_unit_id) WHERE (state <> ALL (ARRAY['closed'::text, 'withdrawn'::text, 'merged'::text]));
CREATE INDEX ticket_queue ON public.ticket USING btree (state, due_at, id) WHERE (state <> ALL (ARRAY['closed'::text, 'withdrawn'::text, 'merged'::text]));
CREATE INDEX ticket_received ON public.ticket USING btree (received_at DESC, id DESC);
CREATE INDEX ticket_returns ON public.ticket USING btree (returns, received_at, id) WHERE (returns > 0);
CREATE INDEX ticket_round ON public.ticket USING btree (round, received_at, id) WHERE (round > 1);
CREATE INDEX ticket_state_received ON public.ticket USING btree (state, received_at DESC, id DESC);
CREATE INDEX ticket_street ON public.ticket USING btree (street, received_at, id) INCLUDE (state, lead_unit_id, community, category1, category2, channel, level, round, returns);
CREATE INDEX ticket_title ON public.ticket USING btree (title, id);
CREATE INDEX ticket_unit_queue ON public.ticket USING btree (lead_unit_id, state, due_at, id) WHERE (state <> ALL (ARRAY['closed'::text, 'withdrawn'::text, 'merged'::text]));
CREATE INDEX ticket_unit_received ON public.ticket USING btree (lead_unit_id, received_at, id) INCLUDE (state, street, community, category1, category2, channel, level, round, returns);
CREATE TRIGGER ticket_kept BEFORE DELETE ON public.ticket FOR EACH ROW EXECUTE FUNCTION refuse_change();

create table ticket_search (
  ticket_id bigint not null,
  words tsvector not null,
  constraint ticket_search_pkey PRIMARY KEY (ticket_id),
  constraint ticket_search_ticket_id_fkey FOREIGN KEY (ticket_id) REFERENCES ticket(id)
);
CREATE INDEX ticket_search_words ON public.ticket_search USING gin (words);

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

create table undo_snapshot (
  ticket_id bigint not null,
  move text not null,
  version integer not null,
  user_id bigint not null,
  at timestamp with time zone not null,
  before jsonb not null,
  constraint undo_snapshot_pkey PRIMARY KEY (ticket_id),
  constraint undo_snapshot_ticket_id_fkey FOREIGN KEY (ticket_id) REFERENCES ticket(id),
  constraint undo_snapshot_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user(id)
);
CREATE INDEX undo_snapshot_at ON public.undo_snapshot USING btree (at);

create table unit (
  id bigint not null generated always as identity,
  name text not null,
  short_name text not null,
  kind text not null,
  code text,
  parent_id bigint,
  valid_from date not null default '2000-01-01'::date,
  valid_to date,
  contact text not null default ''::text,
  phone text not null default ''::text,
  version integer not null default 1,
  merged_into bigint,
  merged_from date,
  constraint unit_code_key UNIQUE (code),
  constraint unit_name_key UNIQUE (name),
  constraint unit_pkey PRIMARY KEY (id),
  constraint unit_merged_into_fkey FOREIGN KEY (merged_into) REFERENCES unit(id),
  constraint unit_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES unit(id),
  constraint unit_check CHECK (((valid_to IS NULL) OR (valid_to >= valid_from))),
  constraint unit_kind_check CHECK ((kind = ANY (ARRAY['street'::text, 'town'::text, 'bureau'::text, 'company'::text, 'other'::text]))),
  constraint unit_merged CHECK ((((merged_into IS NULL) = (merged_from IS NULL)) AND (merged_into IS DISTINCT FROM id)))
);
CREATE INDEX unit_merged_into ON public.unit USING btree (merged_into) WHERE (merged_into IS NOT NULL);
CREATE TRIGGER unit_kept BEFORE DELETE ON public.unit FOR EACH ROW EXECUTE FUNCTION refuse_change();

create table unit_alias (
  alias text not null,
  unit_id bigint not null,
  source text not null,
  created_at timestamp with time zone not null,
  constraint unit_alias_pkey PRIMARY KEY (alias),
  constraint unit_alias_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id) ON DELETE CASCADE
);
CREATE INDEX unit_alias_unit ON public.unit_alias USING btree (unit_id);

create table unit_class (
  id bigint not null generated always as identity,
  unit_id bigint not null,
  class text,
  from_day date not null,
  source text not null,
  at timestamp with time zone not null,
  by_user bigint,
  by_name text not null,
  constraint unit_class_pkey PRIMARY KEY (id),
  constraint unit_class_by_user_fkey FOREIGN KEY (by_user) REFERENCES app_user(id),
  constraint unit_class_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id)
);
CREATE INDEX unit_class_of ON public.unit_class USING btree (unit_id, from_day, id);
CREATE TRIGGER unit_class_append_only BEFORE DELETE OR UPDATE ON public.unit_class FOR EACH ROW EXECUTE FUNCTION refuse_change();

create table unit_name (
  unit_id bigint not null,
  from_day date not null,
  name text not null,
  short_name text not null,
  source text not null,
  user_name text not null,
  made_at timestamp with time zone not null,
  applied_at timestamp with time zone,
  constraint unit_name_pkey PRIMARY KEY (unit_id, from_day),
  constraint unit_name_unit_id_fkey FOREIGN KEY (unit_id) REFERENCES unit(id)
);
CREATE INDEX unit_name_due ON public.unit_name USING btree (from_day) WHERE (applied_at IS NULL);

create table unit_return (
  id bigint not null generated always as identity,
  event_id bigint not null,
  ticket_id bigint not null,
  round smallint not null,
  nth smallint not null,
  unit_id bigint not null,
  ground text,
  ground_zh text,
  reason text not null,
  evidence text not null,
  suggest_unit text not null,
  in_review text not null,
  category1 text not null,
  category2 text not null,
  street text not null,
  community text not null,
  asked_at timestamp with time zone not null,
  asked_by bigint,
  asked_name text not null,
  outcome text,
  decided_at timestamp with time zone,
  decided_by bigint,
  decided_name text,
  words text,
  undone_at timestamp with time zone,
  constraint unit_return_event_id_key UNIQUE (event_id),
  constraint unit_return_pkey PRIMARY KEY (id),
  constraint unit_return_check CHECK (((outcome IS NULL) = (decided_at IS NULL))),
  constraint unit_return_in_review_check CHECK ((in_review = ANY (ARRAY['pause'::text, 'run'::text]))),
  constraint unit_return_outcome_check CHECK ((outcome = ANY (ARRAY['accepted'::text, 'refused'::text, 'ownership'::text])))
);
CREATE INDEX unit_return_asked ON public.unit_return USING btree (asked_at DESC, id DESC) WHERE (undone_at IS NULL);
CREATE INDEX unit_return_matter ON public.unit_return USING btree (category1, category2, street, asked_at DESC) WHERE (undone_at IS NULL);
CREATE INDEX unit_return_ticket ON public.unit_return USING btree (ticket_id, id);
CREATE INDEX unit_return_unit ON public.unit_return USING btree (unit_id, asked_at DESC) WHERE (undone_at IS NULL);

create table urge (
  id bigint not null generated always as identity,
  ticket_id bigint not null,
  round smallint not null,
  clock_id bigint,
  clock text,
  due_at timestamp with time zone,
  step text not null,
  step_zh text not null,
  rule text not null,
  event_id bigint,
  unit_id bigint,
  user_ids bigint[] not null,
  people jsonb not null,
  means text[] not null,
  words text not null,
  at timestamp with time zone not null,
  by_id bigint,
  by_name text not null,
  answer text,
  answered_at timestamp with time zone,
  answered_by bigint,
  answered_name text,
  settled_at timestamp with time zone,
  constraint urge_event_id_key UNIQUE (event_id),
  constraint urge_pkey PRIMARY KEY (id),
  constraint urge_answered_by_fkey FOREIGN KEY (answered_by) REFERENCES app_user(id),
  constraint urge_by_id_fkey FOREIGN KEY (by_id) REFERENCES app_user(id),
  constraint urge_clock_id_fkey FOREIGN KEY (clock_id) REFERENCES clock(id),
  constraint urge_event_id_fkey FOREIGN KEY (event_id) REFERENCES event(id),
  constraint urge_check CHECK ((((answered_at IS NULL) = (answer IS NULL)) AND ((answered_at IS NULL) = (answered_name IS NULL)))),
  constraint urge_check1 CHECK (((step = 'hand'::text) = (event_id IS NOT NULL)))
);
CREATE INDEX urge_at ON public.urge USING btree (at DESC, id DESC);
CREATE INDEX urge_open ON public.urge USING btree (unit_id, at) WHERE ((answered_at IS NULL) AND (settled_at IS NULL));
CREATE INDEX urge_ticket ON public.urge USING btree (ticket_id, id);
CREATE UNIQUE INDEX urge_once ON public.urge USING btree (clock_id, step) WHERE (step <> 'hand'::text);
CREATE TRIGGER urge_kept BEFORE DELETE OR UPDATE ON public.urge FOR EACH ROW EXECUTE FUNCTION refuse_urge_change();

create table urge_plan (
  clock_id bigint not null,
  ticket_id bigint not null,
  running boolean not null,
  level smallint not null,
  due_at timestamp with time zone not null,
  near_at timestamp with time zone not null,
  rule text not null,
  step text,
  nominal_at timestamp with time zone,
  fire_at timestamp with time zone,
  constraint urge_plan_pkey PRIMARY KEY (clock_id),
  constraint urge_plan_clock_id_fkey FOREIGN KEY (clock_id) REFERENCES clock(id),
  constraint urge_plan_check CHECK (((fire_at IS NULL) OR (step IS NOT NULL)))
);
CREATE INDEX urge_plan_fire ON public.urge_plan USING btree (fire_at) WHERE (fire_at IS NOT NULL);
CREATE INDEX urge_plan_ticket ON public.urge_plan USING btree (ticket_id);

create table watch_item (
  id bigint not null generated always as identity,
  ticket_id bigint not null,
  reason text not null,
  reasons jsonb not null,
  opened_at timestamp with time zone not null,
  opened_event bigint not null,
  person_id bigint,
  person_name text,
  named_at timestamp with time zone,
  named_by bigint,
  named_from timestamp with time zone,
  taken_at timestamp with time zone,
  closed_at timestamp with time zone,
  closed_event bigint,
  constraint watch_item_pkey PRIMARY KEY (id),
  constraint watch_item_closed_event_fkey FOREIGN KEY (closed_event) REFERENCES event(id),
  constraint watch_item_named_by_fkey FOREIGN KEY (named_by) REFERENCES app_user(id),
  constraint watch_item_person_id_fkey FOREIGN KEY (person_id) REFERENCES app_user(id),
  constraint watch_item_ticket_id_fkey FOREIGN KEY (ticket_id) REFERENCES ticket(id),
  constraint watch_item_check CHECK (((closed_at IS NULL) = (closed_event IS NULL))),
  constraint watch_item_check1 CHECK ((((person_id IS NULL) = (named_at IS NULL)) AND ((person_id IS NULL) = (named_by IS NULL)))),
  constraint watch_item_check2 CHECK (((taken_at IS NULL) OR (person_id IS NOT NULL)))
);
CREATE INDEX watch_item_person ON public.watch_item USING btree (person_id) WHERE (closed_at IS NULL);
CREATE UNIQUE INDEX watch_item_open ON public.watch_item USING btree (ticket_id) WHERE (closed_at IS NULL);
CREATE TRIGGER watch_item_kept BEFORE DELETE OR UPDATE ON public.watch_item FOR EACH ROW EXECUTE FUNCTION refuse_watch_change();

create table watch_step (
  id bigint not null generated always as identity,
  item_id bigint not null,
  what text not null,
  at timestamp with time zone not null,
  by_name text not null,
  to_name text,
  words text not null default ''::text,
  constraint watch_step_pkey PRIMARY KEY (id),
  constraint watch_step_item_id_fkey FOREIGN KEY (item_id) REFERENCES watch_item(id),
  constraint watch_step_check CHECK (((what = 'named'::text) = (to_name IS NOT NULL))),
  constraint watch_step_what_check CHECK ((what = ANY (ARRAY['opened'::text, 'named'::text, 'taken'::text, 'done'::text])))
);
CREATE INDEX watch_step_item ON public.watch_step USING btree (item_id, id);
CREATE INDEX watch_step_left ON public.watch_step USING btree (id DESC) WHERE (what = ANY (ARRAY['named'::text, 'done'::text]));
CREATE TRIGGER watch_step_append_only BEFORE DELETE OR UPDATE ON public.watch_step FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE OR REPLACE FUNCTION public.follow_ownership()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION public.keep_citations()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into precedent_citation (version_id, ticket_id, round, event_id, at, user_name, unit_id)
  select distinct p.id::bigint, new.ticket_id, new.round, new.id, new.at, new.user_name, new.unit_id
    from jsonb_array_elements_text(new.data->'precedents') as p(id);
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.keep_return(e event)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION public.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $function$;

CREATE OR REPLACE FUNCTION public.refuse_dated_rule_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if old.status <> 'draft' then
    raise exception 'dated rule % is in force', old.name using errcode = 'restrict_violation';
  end if;
  return coalesce(new, old);
end $function$;

CREATE OR REPLACE FUNCTION public.refuse_incident_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'DELETE'
     or (new.kind, new.key, new.ticket_id, new.item_id, new.occurred_at, new.cause, new.side, new.unit_id, new.person_id, new.term_from, new.term_to)
        is distinct from (old.kind, old.key, old.ticket_id, old.item_id, old.occurred_at, old.cause, old.side, old.unit_id, old.person_id, old.term_from, old.term_to)
     or old.state in ('upheld', 'dismissed') then
    raise exception 'an incident is not changed' using errcode = 'restrict_violation';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION public.refuse_precedent_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'DELETE' or old.state <> 'draft' and (new.title, new.category1, new.category2, new.category3, new.street, new.community,
       new.spot, new.words, new.lead_unit_id, new.co_unit_ids, new.reason, new.valid_from, new.valid_to, new.published_at)
       is distinct from (old.title, old.category1, old.category2, old.category3, old.street, old.community,
       old.spot, old.words, old.lead_unit_id, old.co_unit_ids, old.reason, old.valid_from, old.valid_to, old.published_at)
     or old.state in ('amended', 'overruled', 'discarded') and new.state <> old.state then
    raise exception 'a precedent that was published is not changed' using errcode = 'restrict_violation';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION public.refuse_published_sheet_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if old.state = 'published' then
    raise exception 'score sheet % is published', old.id using errcode = 'restrict_violation';
  end if;
  return coalesce(new, old);
end $function$;

CREATE OR REPLACE FUNCTION public.refuse_rule_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'DELETE' and old.status = 'draft' then return old; end if;
  if tg_op = 'DELETE' or (old.status <> 'draft' and
     (old.name, old.level, old.from_day, old.body) is distinct from (new.name, new.level, new.from_day, new.body)) then
    raise exception 'rule set % is no draft any more', old.name using errcode = 'restrict_violation';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION public.refuse_urge_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'DELETE' or (new.ticket_id, new.clock_id, new.step, new.user_ids, new.words, new.at, new.by_name)
       is distinct from (old.ticket_id, old.clock_id, old.step, old.user_ids, old.words, old.at, old.by_name)
     or old.answered_at is not null and (new.answer, new.answered_at, new.answered_name)
       is distinct from (old.answer, old.answered_at, old.answered_name) then
    raise exception 'an urge is not changed' using errcode = 'restrict_violation';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION public.refuse_watch_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'DELETE' or old.closed_at is not null
     or (new.ticket_id, new.reason, new.opened_at, new.opened_event) is distinct from (old.ticket_id, old.reason, old.opened_at, old.opened_event)
     or (old.person_id is not null and new.person_id is null) then
    raise exception 'a watched item is done or handed over' using errcode = 'restrict_violation';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION public.result_recorded()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION public.return_recorded()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform keep_return(new);
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.tally_cell(scope text, city_scope text, source text, valid boolean, contacted text, solved text, satisfied text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$ select scope || '|' || coalesce(city_scope, '-') || '|' || coalesce(source, '-') || '|' || case when valid then 'valid' else 'invalid' end
  || '|' || coalesce(contacted, '-') || '|' || coalesce(solved, '-') || '|' || coalesce(satisfied, '-') $function$;

CREATE OR REPLACE FUNCTION public.tally_changed()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  execute format('insert into tally_change (day, times) select %1$I, 1 from changed group by 1 order by 1
                  on conflict (day) do update set times = tally_change.times + 1', tg_argv[0]);
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.tally_day(at timestamp with time zone)
 RETURNS date
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$ select ((at at time zone 'UTC') + interval '8 hours')::date $function$;

create sequence ticket_serial;
