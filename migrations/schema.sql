-- Made by scripts/schema.mjs from the migrations beside this file. Do not edit; it is for reading.
-- The schema `bullmq`, where the queue lives when there is no Redis, is BullMQ's own and not shown.

create type alert_state as enum ('open', 'acknowledged', 'snoozed', 'closed', 'learnt', 'withdrawn');

create type delivery_state as enum ('waiting', 'delivered', 'given_up');

create type disposition as enum ('none', 'quarantine', 'reject', 'pass', 'unknown');

create type mail_origin as enum ('imap', 'import', 'upload', 'sample');

create type mail_state as enum ('stored', 'imported', 'duplicate', 'conflict', 'ignored', 'quarantined');

create type outcome as enum ('imported', 'duplicate', 'conflict', 'ignored', 'quarantined');

create type report_kind as enum ('aggregate', 'failure', 'tls');

create type report_state as enum ('counted', 'conflict');

create type sender_state as enum ('own', 'approved', 'forwarder', 'unknown', 'rejected');

create type verdict as enum ('pass', 'fail', 'unknown');

create table alert_events (
  id bigint not null generated always as identity,
  alert_id bigint not null,
  state alert_state not null,
  note text,
  by text,
  at timestamp with time zone not null default now(),
  constraint alert_events_pkey PRIMARY KEY (id),
  constraint alert_events_alert_id_fkey FOREIGN KEY (alert_id) REFERENCES alerts(id) ON DELETE CASCADE
);
CREATE INDEX alert_events_by_alert ON public.alert_events USING btree (alert_id, id);

create table alert_rules (
  rule text not null,
  enabled boolean not null,
  settings jsonb not null default '{}'::jsonb,
  constraint alert_rules_pkey PRIMARY KEY (rule)
);

create table alerts (
  id bigint not null generated always as identity,
  rule text not null,
  key text not null,
  domain_id integer,
  sender_id integer,
  day date not null,
  facts jsonb not null,
  state alert_state not null default 'open'::alert_state,
  snoozed_until timestamp with time zone,
  fired_at timestamp with time zone not null default now(),
  noticed boolean not null default false,
  constraint alerts_pkey PRIMARY KEY (id),
  constraint alerts_rule_key_key UNIQUE (rule, key),
  constraint alerts_domain_id_fkey FOREIGN KEY (domain_id) REFERENCES domains(id),
  constraint alerts_sender_id_fkey FOREIGN KEY (sender_id) REFERENCES senders(id)
);
CREATE INDEX alerts_by_day ON public.alerts USING btree (day, id);
CREATE INDEX alerts_by_domain ON public.alerts USING btree (domain_id, day, id);
CREATE INDEX alerts_by_sender ON public.alerts USING btree (sender_id) WHERE (sender_id IS NOT NULL);
CREATE INDEX alerts_open ON public.alerts USING btree (id) WHERE (state = 'open'::alert_state);
CREATE INDEX alerts_untold ON public.alerts USING btree (id) WHERE (NOT noticed);

create table api_tokens (
  id integer not null generated always as identity,
  name text not null,
  hash bytea not null,
  created_at timestamp with time zone not null default now(),
  last_used_at timestamp with time zone,
  sees_addresses boolean not null default false,
  constraint api_tokens_pkey PRIMARY KEY (id),
  constraint api_tokens_hash_key UNIQUE (hash),
  constraint api_tokens_name_key UNIQUE (name)
);

create table auth_sets (
  id bigint not null generated always as identity,
  hash bytea not null,
  envelope_from text,
  dkim jsonb not null,
  spf jsonb not null,
  constraint auth_sets_pkey PRIMARY KEY (id),
  constraint auth_sets_hash_key UNIQUE (hash)
);

create table author_domains (
  id integer not null generated always as identity,
  name text not null,
  constraint author_domains_pkey PRIMARY KEY (id),
  constraint author_domains_name_key UNIQUE (name)
);

create table channels (
  id integer not null generated always as identity,
  name text not null,
  kind text not null,
  definition jsonb not null,
  secrets bytea not null,
  language text not null,
  enabled boolean not null default true,
  rules text[],
  domains text[],
  digest text not null default 'none'::text,
  digest_hour smallint not null default 6,
  created_at timestamp with time zone not null default now(),
  last_success_at timestamp with time zone,
  last_failure_at timestamp with time zone,
  last_failure text,
  failures integer not null default 0,
  failing_since timestamp with time zone,
  paused_until timestamp with time zone,
  constraint channels_pkey PRIMARY KEY (id),
  constraint channels_digest_check CHECK ((digest = ANY (ARRAY['none'::text, 'daily'::text, 'weekly'::text]))),
  constraint channels_digest_hour_check CHECK (((digest_hour >= 0) AND (digest_hour <= 23))),
  constraint channels_kind_check CHECK ((kind = ANY (ARRAY['email'::text, 'webhook'::text, 'slack'::text, 'teams'::text, 'telegram'::text, 'discord'::text, 'ntfy'::text]))),
  constraint channels_language_check CHECK ((language = ANY (ARRAY['en'::text, 'ru'::text])))
);

create table daily_domains (
  messages bigint not null,
  last_at timestamp with time zone not null,
  domain_id integer not null,
  day date not null,
  disposition disposition not null,
  dkim verdict not null,
  spf verdict not null,
  records integer not null,
  reports integer not null,
  conflicts integer not null
) partition by RANGE (day);
CREATE INDEX daily_domains_by_day ON ONLY public.daily_domains USING btree (day);
CREATE INDEX daily_domains_by_domain ON ONLY public.daily_domains USING btree (domain_id, day);

create table daily_identities (
  messages bigint not null,
  auth_set_id bigint not null,
  domain_id integer not null,
  day date not null,
  sender_id integer not null,
  author_domain_id integer not null,
  disposition disposition not null,
  dkim verdict not null,
  spf verdict not null,
  records integer not null
) partition by RANGE (day);
CREATE INDEX daily_identities_by_domain ON ONLY public.daily_identities USING btree (domain_id, day);
CREATE INDEX daily_identities_by_sender ON ONLY public.daily_identities USING btree (sender_id, day);

create table daily_reporters (
  messages bigint not null,
  last_at timestamp with time zone not null,
  reporter_id integer not null,
  day date not null,
  disposition disposition not null,
  dkim verdict not null,
  spf verdict not null,
  records integer not null,
  reports integer not null,
  conflicts integer not null
) partition by RANGE (day);
CREATE INDEX daily_reporters_by_day ON ONLY public.daily_reporters USING btree (day);

create table daily_senders (
  messages bigint not null,
  domain_id integer not null,
  day date not null,
  sender_id integer not null,
  reporter_id integer not null,
  disposition disposition not null,
  dkim verdict not null,
  spf verdict not null,
  records integer not null
) partition by RANGE (day);
CREATE INDEX daily_senders_by_domain ON ONLY public.daily_senders USING btree (domain_id, day);
CREATE INDEX daily_senders_by_sender ON ONLY public.daily_senders USING btree (sender_id, domain_id);

create table daily_senders_all (
  messages bigint not null,
  day date not null,
  sender_id integer not null,
  reporter_id integer not null,
  disposition disposition not null,
  dkim verdict not null,
  spf verdict not null,
  records integer not null
) partition by RANGE (day);
CREATE INDEX daily_senders_all_by_day ON ONLY public.daily_senders_all USING btree (day);
CREATE INDEX daily_senders_all_by_sender ON ONLY public.daily_senders_all USING btree (sender_id, day);

create table daily_senders_summed (
  messages bigint not null,
  day date not null,
  sender_id integer not null,
  disposition disposition not null,
  dkim verdict not null,
  spf verdict not null,
  records integer not null
) partition by RANGE (day);
CREATE INDEX daily_senders_summed_by_day ON ONLY public.daily_senders_summed USING btree (day);
CREATE INDEX daily_senders_summed_by_sender ON ONLY public.daily_senders_summed USING btree (sender_id, day);

create table daily_sources (
  messages bigint not null,
  source_ip inet not null,
  day date not null,
  disposition disposition not null,
  dkim verdict not null,
  spf verdict not null,
  records integer not null
) partition by RANGE (day);
CREATE INDEX daily_sources_by_day ON ONLY public.daily_sources USING btree (day);
CREATE INDEX daily_sources_by_source ON ONLY public.daily_sources USING btree (source_ip, day);

create table daily_tls (
  domain_id integer not null,
  day date not null,
  reporter_id integer not null,
  policy_type text not null,
  successful bigint not null,
  failed bigint not null,
  reports bigint not null,
  constraint daily_tls_pkey PRIMARY KEY (domain_id, day, reporter_id, policy_type),
  constraint daily_tls_domain_id_fkey FOREIGN KEY (domain_id) REFERENCES domains(id),
  constraint daily_tls_reporter_id_fkey FOREIGN KEY (reporter_id) REFERENCES reporters(id)
);
CREATE INDEX daily_tls_by_day ON public.daily_tls USING btree (day);

create table daily_tls_failures (
  domain_id integer not null,
  day date not null,
  reporter_id integer not null,
  policy_type text not null,
  result_type text not null,
  receiving_mx_hostname text not null,
  sessions bigint not null,
  constraint daily_tls_failures_pkey PRIMARY KEY (domain_id, day, reporter_id, policy_type, result_type, receiving_mx_hostname),
  constraint daily_tls_failures_domain_id_fkey FOREIGN KEY (domain_id) REFERENCES domains(id),
  constraint daily_tls_failures_reporter_id_fkey FOREIGN KEY (reporter_id) REFERENCES reporters(id)
);

create table daily_totals (
  messages bigint not null,
  last_at timestamp with time zone not null,
  domain_id integer not null,
  day date not null,
  reporter_id integer not null,
  disposition disposition not null,
  dkim verdict not null,
  spf verdict not null,
  records integer not null,
  reports integer not null,
  conflicts integer not null
) partition by RANGE (day);
CREATE INDEX daily_totals_by_domain ON ONLY public.daily_totals USING btree (domain_id, day);

create table days_to_fold (
  day date not null,
  rows integer not null,
  since timestamp with time zone not null default now()
);
CREATE INDEX days_to_fold_by_day ON public.days_to_fold USING btree (day);

create table decisions (
  id bigint not null generated always as identity,
  domain_id integer not null,
  sender_id integer not null,
  before sender_state not null,
  was_decided boolean not null,
  state sender_state,
  note text,
  decided_by text not null,
  decided_at timestamp with time zone not null default now(),
  undone_by bigint,
  constraint decisions_pkey PRIMARY KEY (id),
  constraint decisions_domain_id_fkey FOREIGN KEY (domain_id) REFERENCES domains(id),
  constraint decisions_sender_id_fkey FOREIGN KEY (sender_id) REFERENCES senders(id),
  constraint decisions_undone_by_fkey FOREIGN KEY (undone_by) REFERENCES decisions(id)
);
CREATE INDEX decisions_by_sender ON public.decisions USING btree (sender_id, domain_id, id);

create table deleted_days (
  kind text not null,
  from_day date not null,
  to_day date not null,
  rows bigint not null,
  deleted_at timestamp with time zone not null default now(),
  constraint deleted_days_pkey PRIMARY KEY (kind, from_day),
  constraint deleted_days_kind_check CHECK ((kind = ANY (ARRAY['records'::text, 'sums'::text])))
);

create table deliveries (
  id bigint not null generated always as identity,
  channel_id integer not null,
  what text not null,
  key text not null,
  content jsonb not null,
  state delivery_state not null default 'waiting'::delivery_state,
  attempts integer not null default 0,
  created_at timestamp with time zone not null default now(),
  due_at timestamp with time zone not null default now(),
  claimed_until timestamp with time zone,
  constraint deliveries_pkey PRIMARY KEY (id),
  constraint deliveries_channel_id_key_key UNIQUE (channel_id, key),
  constraint deliveries_what_check CHECK ((what = ANY (ARRAY['notice'::text, 'digest'::text, 'test'::text]))),
  constraint deliveries_channel_id_fkey FOREIGN KEY (channel_id) REFERENCES channels(id) ON DELETE CASCADE
);
CREATE INDEX deliveries_by_age ON public.deliveries USING btree (created_at);
CREATE INDEX deliveries_by_channel ON public.deliveries USING btree (channel_id, id);
CREATE INDEX deliveries_due ON public.deliveries USING btree (due_at) WHERE (state = 'waiting'::delivery_state);

create table delivery_attempts (
  id bigint not null generated always as identity,
  delivery_id bigint not null,
  at timestamp with time zone not null default now(),
  ok boolean not null,
  answer text not null,
  ms integer not null,
  constraint delivery_attempts_pkey PRIMARY KEY (id),
  constraint delivery_attempts_delivery_id_fkey FOREIGN KEY (delivery_id) REFERENCES deliveries(id) ON DELETE CASCADE
);
CREATE INDEX delivery_attempts_by_delivery ON public.delivery_attempts USING btree (delivery_id, id);

create table deviations (
  reporter_id integer not null,
  kind report_kind not null,
  code text not null,
  path text not null,
  reports bigint not null,
  first_at timestamp with time zone not null default now(),
  last_at timestamp with time zone not null default now(),
  last_report_id bigint not null,
  last_value text,
  constraint deviations_pkey PRIMARY KEY (reporter_id, kind, code, path),
  constraint deviations_reporter_id_fkey FOREIGN KEY (reporter_id) REFERENCES reporters(id)
);

create table dictionary_version (
  one boolean not null default true,
  version bigint not null default 0,
  constraint dictionary_version_pkey PRIMARY KEY (one),
  constraint dictionary_version_one_check CHECK (one)
);

create table digest_runs (
  channel_id integer not null,
  period_from date not null,
  period_to date not null,
  delivery_id bigint,
  at timestamp with time zone not null default now(),
  constraint digest_runs_pkey PRIMARY KEY (channel_id, period_from, period_to),
  constraint digest_runs_channel_id_fkey FOREIGN KEY (channel_id) REFERENCES channels(id) ON DELETE CASCADE,
  constraint digest_runs_delivery_id_fkey FOREIGN KEY (delivery_id) REFERENCES deliveries(id) ON DELETE SET NULL
);

create table domain_spans (
  messages bigint not null,
  last_at timestamp with time zone not null,
  domain_id integer not null,
  first_day date not null,
  last_day date not null,
  disposition disposition not null,
  dkim verdict not null,
  spf verdict not null,
  reports integer not null
) partition by RANGE (first_day);
CREATE INDEX domain_spans_by_span ON ONLY public.domain_spans USING btree (first_day, last_day);

create table domains (
  id integer not null generated always as identity,
  name text not null,
  created_at timestamp with time zone not null default now(),
  constraint domains_pkey PRIMARY KEY (id),
  constraint domains_name_key UNIQUE (name)
);

create table failure_reports (
  id bigint not null generated always as identity,
  mail_id bigint not null,
  part text not null,
  content_hash bytea not null,
  domain_id integer not null,
  reporter_id integer not null,
  source_ip inet,
  arrived_at timestamp with time zone not null,
  arrival_reported boolean not null,
  feedback_type text,
  auth_failure text,
  delivery_result text,
  identity_alignment text,
  user_agent text,
  incidents integer not null,
  mail_from text,
  rcpt_to jsonb not null,
  authentication_results jsonb not null,
  dkim jsonb not null,
  spf_dns jsonb not null,
  author text,
  subject text,
  message_id text,
  headers jsonb not null,
  body text,
  warnings jsonb not null,
  stored_at timestamp with time zone not null default now(),
  constraint failure_reports_pkey PRIMARY KEY (id),
  constraint failure_reports_content_hash_key UNIQUE (content_hash),
  constraint failure_reports_domain_id_fkey FOREIGN KEY (domain_id) REFERENCES domains(id),
  constraint failure_reports_mail_id_fkey FOREIGN KEY (mail_id) REFERENCES mails(id),
  constraint failure_reports_reporter_id_fkey FOREIGN KEY (reporter_id) REFERENCES reporters(id)
);
CREATE INDEX failure_reports_by_age ON public.failure_reports USING btree (stored_at);
CREATE INDEX failure_reports_by_domain ON public.failure_reports USING btree (domain_id, arrived_at, id);
CREATE INDEX failure_reports_by_mail ON public.failure_reports USING btree (mail_id);
CREATE INDEX failure_reports_by_source ON public.failure_reports USING btree (source_ip, arrived_at);
CREATE INDEX failure_reports_by_time ON public.failure_reports USING btree (arrived_at, id);

create table folded_days (
  day date not null,
  rows integer not null,
  constraint folded_days_pkey PRIMARY KEY (day)
);

create table mail_outcomes (
  mail_id bigint not null,
  place integer not null,
  part text not null,
  outcome outcome not null,
  report_id bigint,
  code text,
  message text,
  kind report_kind,
  failure_report_id bigint,
  tls_report_id bigint,
  constraint mail_outcomes_pkey PRIMARY KEY (mail_id, place),
  constraint mail_outcomes_failure_report_id_fkey FOREIGN KEY (failure_report_id) REFERENCES failure_reports(id) ON DELETE SET NULL,
  constraint mail_outcomes_mail_id_fkey FOREIGN KEY (mail_id) REFERENCES mails(id) ON DELETE CASCADE,
  constraint mail_outcomes_report_id_fkey FOREIGN KEY (report_id) REFERENCES reports(id) ON DELETE SET NULL,
  constraint mail_outcomes_tls_report_id_fkey FOREIGN KEY (tls_report_id) REFERENCES tls_reports(id) ON DELETE SET NULL
);
CREATE INDEX mail_outcomes_by_code ON public.mail_outcomes USING btree (outcome, code);
CREATE INDEX mail_outcomes_by_failure ON public.mail_outcomes USING btree (failure_report_id) WHERE (failure_report_id IS NOT NULL);
CREATE INDEX mail_outcomes_by_reason ON public.mail_outcomes USING btree (code, mail_id) WHERE (code IS NOT NULL);
CREATE INDEX mail_outcomes_by_report ON public.mail_outcomes USING btree (report_id);
CREATE INDEX mail_outcomes_by_tls ON public.mail_outcomes USING btree (tls_report_id) WHERE (tls_report_id IS NOT NULL);
CREATE INDEX mail_outcomes_of_failures ON public.mail_outcomes USING btree (mail_id) WHERE (kind = 'failure'::report_kind);

create table mailbox_folders (
  mailbox_id integer not null,
  folder text not null,
  uid_validity bigint not null default 0,
  stored_uid bigint not null default 0,
  settled_uid bigint not null default 0,
  total integer,
  remaining integer,
  fetched bigint not null default 0,
  last_mail_at timestamp with time zone,
  synced_at timestamp with time zone,
  constraint mailbox_folders_pkey PRIMARY KEY (mailbox_id, folder),
  constraint mailbox_folders_mailbox_id_fkey FOREIGN KEY (mailbox_id) REFERENCES mailboxes(id) ON DELETE CASCADE
);

create table mailbox_leases (
  mailbox_id integer not null,
  fence bigint not null default 1,
  taken_at timestamp with time zone not null default now(),
  constraint mailbox_leases_pkey PRIMARY KEY (mailbox_id),
  constraint mailbox_leases_mailbox_id_fkey FOREIGN KEY (mailbox_id) REFERENCES mailboxes(id) ON DELETE CASCADE
);

create table mailboxes (
  id integer not null generated always as identity,
  settings_key text,
  definition jsonb not null,
  secrets bytea,
  enabled boolean not null default true,
  revision integer not null default 1,
  created_at timestamp with time zone not null default now(),
  status text not null default 'new'::text,
  status_message text,
  status_at timestamp with time zone,
  failing_since timestamp with time zone,
  constraint mailboxes_pkey PRIMARY KEY (id),
  constraint mailboxes_settings_key_key UNIQUE (settings_key),
  constraint mailboxes_status_check CHECK ((status = ANY (ARRAY['new'::text, 'connecting'::text, 'backfilling'::text, 'watching'::text, 'failing'::text, 'disabled'::text])))
);

create table mails (
  id bigint not null generated always as identity,
  hash bytea not null,
  origin mail_origin not null,
  mailbox_id integer,
  folder text,
  uid bigint,
  filename text,
  subject text,
  sender text,
  size bigint not null,
  raw bytea storage external,
  state mail_state not null default 'stored'::mail_state,
  starts integer not null default 0,
  stored_at timestamp with time zone not null default now(),
  queued_at timestamp with time zone,
  read_at timestamp with time zone,
  reduced boolean not null default false,
  raw_object bytea,
  constraint mails_pkey PRIMARY KEY (id),
  constraint mails_hash_key UNIQUE (hash),
  constraint mails_bytes_once CHECK (((raw IS NULL) OR (raw_object IS NULL))),
  constraint mails_mailbox_id_fkey FOREIGN KEY (mailbox_id) REFERENCES mailboxes(id) ON DELETE SET NULL
);
CREATE INDEX mails_by_mailbox ON public.mails USING btree (mailbox_id, folder, uid) WHERE (mailbox_id IS NOT NULL);
CREATE INDEX mails_by_raw_object ON public.mails USING btree (raw_object) WHERE (raw_object IS NOT NULL);
CREATE INDEX mails_by_state ON public.mails USING btree (state, id);
CREATE INDEX mails_waiting ON public.mails USING btree (id) WHERE (state = 'stored'::mail_state);
CREATE TRIGGER mails_spare_object_changed AFTER UPDATE OF raw_object ON public.mails FOR EACH ROW WHEN (((old.raw_object IS NOT NULL) AND (old.raw_object IS DISTINCT FROM new.raw_object))) EXECUTE FUNCTION note_spare_object();
CREATE TRIGGER mails_spare_object_deleted AFTER DELETE ON public.mails FOR EACH ROW WHEN ((old.raw_object IS NOT NULL)) EXECUTE FUNCTION note_spare_object();

create table migrations (
  name text not null,
  checksum text not null,
  applied_at timestamp with time zone not null default now(),
  constraint migrations_pkey PRIMARY KEY (name)
);

create table mutes (
  id integer not null generated always as identity,
  rule text,
  domain_id integer,
  sender_id integer,
  until timestamp with time zone,
  created_by text not null,
  created_at timestamp with time zone not null default now(),
  constraint mutes_pkey PRIMARY KEY (id),
  constraint mutes_check CHECK (((rule IS NOT NULL) OR (domain_id IS NOT NULL) OR (sender_id IS NOT NULL))),
  constraint mutes_domain_id_fkey FOREIGN KEY (domain_id) REFERENCES domains(id),
  constraint mutes_sender_id_fkey FOREIGN KEY (sender_id) REFERENCES senders(id)
);

create table record_notes (
  id integer not null generated always as identity,
  hash bytea not null,
  envelope_to text,
  overrides jsonb,
  constraint record_notes_pkey PRIMARY KEY (id),
  constraint record_notes_hash_key UNIQUE (hash)
);

create table records (
  report_id bigint not null,
  messages bigint not null,
  way_id bigint not null,
  day date not null,
  domain_id integer not null,
  reporter_id integer not null,
  place integer not null,
  note_id integer not null default 0,
  verdict_id smallint not null,
  counted boolean not null
) partition by RANGE (day);
CREATE INDEX records_by_domain ON ONLY public.records USING btree (domain_id, day);
CREATE INDEX records_by_report ON ONLY public.records USING btree (report_id);
CREATE INDEX records_by_way ON ONLY public.records USING btree (way_id);

create table reporters (
  id integer not null generated always as identity,
  name text not null,
  created_at timestamp with time zone not null default now(),
  constraint reporters_pkey PRIMARY KEY (id),
  constraint reporters_name_key UNIQUE (name)
);

create table reports (
  id bigint not null generated always as identity,
  mail_id bigint not null,
  part text not null,
  state report_state not null,
  xml_hash bytea not null,
  xml_bytes bigint not null,
  domain_id integer not null,
  reporter_id integer not null,
  report_id text,
  begin_at timestamp with time zone not null,
  end_at timestamp with time zone not null,
  day date not null,
  org_name text,
  email text,
  extra_contact_info text,
  errors jsonb not null,
  generator text,
  policy jsonb not null,
  records integer not null,
  messages bigint not null,
  dmarc_pass bigint not null,
  dkim_aligned bigint not null,
  spf_aligned bigint not null,
  warnings jsonb not null,
  stored_at timestamp with time zone not null default now(),
  changed_in xid8 not null default pg_current_xact_id(),
  chosen boolean not null default false,
  constraint reports_pkey PRIMARY KEY (id),
  constraint reports_xml_hash_key UNIQUE (xml_hash),
  constraint reports_domain_id_fkey FOREIGN KEY (domain_id) REFERENCES domains(id),
  constraint reports_mail_id_fkey FOREIGN KEY (mail_id) REFERENCES mails(id),
  constraint reports_reporter_id_fkey FOREIGN KEY (reporter_id) REFERENCES reporters(id)
);
CREATE INDEX reports_by_change ON public.reports USING btree (changed_in, id);
CREATE INDEX reports_by_day ON public.reports USING btree (day, id);
CREATE INDEX reports_by_domain ON public.reports USING btree (domain_id, day, id);
CREATE INDEX reports_by_mail ON public.reports USING btree (mail_id);
CREATE INDEX reports_by_reporter ON public.reports USING btree (reporter_id, day, id);
CREATE UNIQUE INDEX reports_key ON public.reports USING btree (reporter_id, domain_id, COALESCE(report_id, ''::text), begin_at, end_at) WHERE (state = 'counted'::report_state);

create table sample_openings (
  id bigint not null generated always as identity,
  failure_report_id bigint not null,
  opened_at timestamp with time zone not null default now(),
  opened_by text not null,
  addresses_shown boolean not null,
  constraint sample_openings_pkey PRIMARY KEY (id)
);
CREATE INDEX sample_openings_by_report ON public.sample_openings USING btree (failure_report_id, id);

create table sender_domains (
  domain_id integer not null,
  sender_id integer not null,
  state sender_state not null default 'unknown'::sender_state,
  decided boolean not null default false,
  proposal jsonb not null default '{}'::jsonb,
  first_day date,
  last_day date,
  diagnosis text,
  diagnosis_facts jsonb,
  task text,
  task_since date,
  messages bigint not null default 0,
  constraint sender_domains_pkey PRIMARY KEY (domain_id, sender_id),
  constraint sender_domains_task_check CHECK ((task = ANY (ARRAY['open'::text, 'closed'::text]))),
  constraint sender_domains_domain_id_fkey FOREIGN KEY (domain_id) REFERENCES domains(id),
  constraint sender_domains_sender_id_fkey FOREIGN KEY (sender_id) REFERENCES senders(id)
);
CREATE INDEX sender_domains_by_sender ON public.sender_domains USING btree (sender_id, messages DESC, domain_id) INCLUDE (state, decided, first_day, last_day);
CREATE INDEX sender_domains_by_standing ON public.sender_domains USING btree (sender_id, standing_of(state, decided, domain_id));
CREATE INDEX sender_domains_by_state ON public.sender_domains USING btree (sender_id, state, decided, last_day) INCLUDE (first_day);
CREATE INDEX sender_domains_by_task ON public.sender_domains USING btree (sender_id, ((task = 'open'::text)) DESC NULLS LAST, ((diagnosis IS NULL)), domain_id);
CREATE INDEX sender_domains_inbox ON public.sender_domains USING btree (last_day, sender_id) WHERE ((state = 'unknown'::sender_state) AND (NOT decided));

create table sender_progress (
  one boolean not null default true,
  seen xid8 not null default '0'::xid8,
  seen_report bigint not null default 0,
  history_told_at timestamp with time zone,
  constraint sender_progress_pkey PRIMARY KEY (one),
  constraint sender_progress_one_check CHECK (one)
);

create table sender_rules (
  id integer not null generated always as identity,
  name text not null,
  kind text not null,
  match jsonb not null,
  created_by text not null,
  created_at timestamp with time zone not null default now(),
  constraint sender_rules_pkey PRIMARY KEY (id)
);

create table senders (
  id integer not null generated always as identity,
  key text not null,
  name text not null,
  kind text not null,
  sources integer not null default 0,
  created_at timestamp with time zone not null default now(),
  constraint senders_pkey PRIMARY KEY (id),
  constraint senders_key_key UNIQUE (key)
);

create table sessions (
  hash bytea not null,
  user_id integer not null,
  created_at timestamp with time zone not null default now(),
  seen_at timestamp with time zone not null default now(),
  expires_at timestamp with time zone not null,
  constraint sessions_pkey PRIMARY KEY (hash),
  constraint sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);
CREATE INDEX sessions_expiry ON public.sessions USING btree (expires_at);

create table setup_secrets (
  hash bytea not null,
  created_at timestamp with time zone not null default now(),
  constraint setup_secrets_pkey PRIMARY KEY (hash)
);

create table source_hosts (
  source_ip inet not null,
  ptr text,
  confirmed boolean not null default false,
  asn bigint,
  network text,
  country text,
  looked_up_at timestamp with time zone,
  due_at timestamp with time zone not null default now(),
  attempts integer not null default 0,
  problem text,
  origins jsonb not null default '{}'::jsonb,
  constraint source_hosts_pkey PRIMARY KEY (source_ip)
);
CREATE INDEX source_hosts_due ON public.source_hosts USING btree (due_at);
CREATE INDEX source_hosts_new ON public.source_hosts USING btree (source_ip) WHERE ((looked_up_at IS NULL) AND (attempts = 0));

create table source_spans (
  messages bigint not null,
  source_ip inet not null,
  first_day date not null,
  last_day date not null,
  seen_first date not null,
  seen_last date not null,
  disposition disposition not null,
  dkim verdict not null,
  spf verdict not null,
  lone boolean not null
) partition by RANGE (first_day);
CREATE INDEX source_spans_by_source ON ONLY public.source_spans USING btree (source_ip) WHERE lone;
CREATE INDEX source_spans_by_span ON ONLY public.source_spans USING btree (first_day, last_day, lone);
CREATE INDEX source_spans_largest ON ONLY public.source_spans USING btree (first_day, last_day, (((dkim <> 'pass'::verdict) AND (spf <> 'pass'::verdict))), messages DESC, source_ip) WHERE lone;

create table span_changes (
  domain_id integer not null,
  day date not null,
  since timestamp with time zone not null default now()
);
CREATE INDEX span_changes_by_domain ON public.span_changes USING btree (domain_id, day);

create table spans (
  domain_id integer not null,
  first_day date not null,
  last_day date not null,
  made boolean not null default false,
  since timestamp with time zone not null default now(),
  lone_sources integer not null default 0,
  constraint spans_pkey PRIMARY KEY (domain_id, first_day, last_day)
);
CREATE INDEX spans_to_make ON public.spans USING btree (last_day) WHERE (NOT made);

create table spare_objects (
  object bytea not null,
  since timestamp with time zone not null default now(),
  constraint spare_objects_pkey PRIMARY KEY (object)
);

create table stale_days (
  domain_id integer not null,
  day date not null,
  constraint stale_days_pkey PRIMARY KEY (domain_id, day)
);

create table stale_domains (
  domain_id integer not null,
  since timestamp with time zone not null default now(),
  constraint stale_domains_pkey PRIMARY KEY (domain_id)
);

create table stale_senders (
  domain_id integer not null,
  sender_id integer not null,
  constraint stale_senders_pkey PRIMARY KEY (domain_id, sender_id)
);

create table tls_failures (
  report_id bigint not null,
  policy_place integer not null,
  place integer not null,
  result_type text not null,
  sending_mta_ip inet,
  receiving_mx_hostname text,
  receiving_mx_helo text,
  receiving_ip inet,
  sessions bigint not null,
  additional_information text,
  failure_reason_code text,
  constraint tls_failures_pkey PRIMARY KEY (report_id, policy_place, place),
  constraint tls_failures_report_id_policy_place_fkey FOREIGN KEY (report_id, policy_place) REFERENCES tls_policies(report_id, place) ON DELETE CASCADE
);

create table tls_policies (
  report_id bigint not null,
  place integer not null,
  policy_type text not null,
  domain_id integer not null,
  day date not null,
  policy_strings jsonb not null,
  mx_hosts jsonb not null,
  successful bigint not null,
  failed bigint not null,
  constraint tls_policies_pkey PRIMARY KEY (report_id, place),
  constraint tls_policies_domain_id_fkey FOREIGN KEY (domain_id) REFERENCES domains(id),
  constraint tls_policies_report_id_fkey FOREIGN KEY (report_id) REFERENCES tls_reports(id) ON DELETE CASCADE
);
CREATE INDEX tls_policies_by_domain ON public.tls_policies USING btree (domain_id, day, report_id);

create table tls_reports (
  id bigint not null generated always as identity,
  mail_id bigint not null,
  part text not null,
  state report_state not null,
  content_hash bytea not null,
  json_bytes bigint not null,
  domain_id integer not null,
  reporter_id integer not null,
  report_id text,
  begin_at timestamp with time zone not null,
  end_at timestamp with time zone not null,
  day date not null,
  organization text,
  contact text,
  successful bigint not null,
  failed bigint not null,
  warnings jsonb not null,
  stored_at timestamp with time zone not null default now(),
  chosen boolean not null default false,
  constraint tls_reports_pkey PRIMARY KEY (id),
  constraint tls_reports_content_hash_key UNIQUE (content_hash),
  constraint tls_reports_domain_id_fkey FOREIGN KEY (domain_id) REFERENCES domains(id),
  constraint tls_reports_mail_id_fkey FOREIGN KEY (mail_id) REFERENCES mails(id),
  constraint tls_reports_reporter_id_fkey FOREIGN KEY (reporter_id) REFERENCES reporters(id)
);
CREATE INDEX tls_reports_by_day ON public.tls_reports USING btree (day, id);
CREATE INDEX tls_reports_by_mail ON public.tls_reports USING btree (mail_id);
CREATE UNIQUE INDEX tls_reports_key ON public.tls_reports USING btree (reporter_id, domain_id, COALESCE(report_id, ''::text), begin_at, end_at) WHERE (state = 'counted'::report_state);

create table unused_names (
  kind text not null,
  id text not null,
  constraint unused_names_pkey PRIMARY KEY (kind, id),
  constraint unused_names_kind_check CHECK ((kind = ANY (ARRAY['way'::text, 'note'::text, 'author_domain'::text, 'auth_set'::text, 'sender'::text, 'source'::text])))
);

create table users (
  id integer not null generated always as identity,
  name text not null,
  password_hash text not null,
  created_at timestamp with time zone not null default now(),
  sees_addresses boolean not null default false,
  constraint users_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX users_name ON public.users USING btree (lower(name));

create table verdicts (
  id smallint not null,
  disposition disposition not null,
  dkim verdict not null,
  spf verdict not null,
  recomputed_dkim verdict not null,
  recomputed_spf verdict not null,
  constraint verdicts_pkey PRIMARY KEY (id)
);

create table way_spans (
  messages bigint not null,
  way_id bigint not null,
  domain_id integer not null,
  first_day date not null,
  last_day date not null,
  seen_first date not null,
  seen_last date not null,
  disposition disposition not null,
  dkim verdict not null,
  spf verdict not null,
  sender_id integer,
  source_ip inet not null
) partition by RANGE (first_day);
CREATE INDEX way_spans_by_domain ON ONLY public.way_spans USING btree (domain_id, first_day, last_day);

create table ways (
  source_ip inet not null,
  author_domain_id integer not null,
  auth_set_id bigint not null,
  sender_id integer,
  hints smallint not null default 0,
  proof text,
  identified_with text not null default ''::text,
  id bigint not null generated always as identity,
  constraint ways_pkey PRIMARY KEY (id) INCLUDE (source_ip, sender_id),
  constraint ways_source_ip_author_domain_id_auth_set_id_key UNIQUE (source_ip, author_domain_id, auth_set_id) INCLUDE (id)
);
CREATE INDEX ways_by_author ON public.ways USING btree (author_domain_id);
CREATE INDEX ways_by_sender ON public.ways USING btree (sender_id, source_ip) INCLUDE (id, author_domain_id, auth_set_id);
CREATE INDEX ways_by_source ON public.ways USING btree (source_ip, sender_id);
CREATE INDEX ways_by_version ON public.ways USING btree (identified_with);
CREATE INDEX ways_without_sender ON public.ways USING btree (source_ip) WHERE (sender_id IS NULL);

create view counted_records as
 SELECT r.report_id,
    r.place,
    r.day,
    r.domain_id,
    r.reporter_id,
    r.way_id,
    v.disposition,
    v.dkim,
    v.spf,
    r.messages
   FROM (records r
     JOIN verdicts v ON ((v.id = r.verdict_id)))
  WHERE r.counted;

create aggregate total(bigint) (sfunc = int8pl, stype = bigint, combinefunc = int8pl, parallel = safe);

CREATE OR REPLACE FUNCTION public.ensure_months(days date[])
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  month date;
  parent text;
  part text;
begin
  for month in select distinct date_trunc('month', d)::date from unnest(days) d where d >= '2012-01-01' and d < '2038-01-01' order by 1 loop
    continue when to_regclass('records_' || to_char(month, 'YYYY_MM')) is not null;
    perform pg_advisory_xact_lock(hashtext('ensure_months'));
    foreach parent in array array['daily_totals', 'daily_domains', 'daily_reporters', 'daily_sources', 'daily_senders', 'daily_senders_all',
                                  'daily_senders_summed', 'daily_identities', 'way_spans', 'source_spans', 'domain_spans', 'records'] loop
      part := parent || '_' || to_char(month, 'YYYY_MM');
      continue when to_regclass(part) is not null;
      -- Attached afterwards: that waits for nobody who reads or writes the other months.
      execute format('create table %I (like %I including defaults including constraints)', part, parent);
      execute format('alter table %I attach partition %I for values from (%L) to (%L)', parent, part, month, month + interval '1 month');
    end loop;
  end loop;
end $function$;

CREATE OR REPLACE FUNCTION public.mentions(said text, domain text)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select said ~* ('(^|[^a-z0-9_.-])' || regexp_replace(domain, '[^a-zA-Z0-9_-]', '\\\&', 'g') || '(?![a-z0-9_-]|\.[a-z0-9])')
$function$;

CREATE OR REPLACE FUNCTION public.note_spare_object()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into spare_objects (object) values (old.raw_object) on conflict (object) do update set since = now();
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.records_deleted(day date)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select exists (select from deleted_days d where d.kind = 'records' and records_deleted.day >= d.from_day and records_deleted.day < d.to_day)
$function$;

CREATE OR REPLACE FUNCTION public.spans_of(day date, domain_id integer)
 RETURNS TABLE(first_day date, last_day date)
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  with month as (select date_trunc('month', day)::date as first, (date_trunc('month', day) + interval '1 month - 1 day')::date as last)
  select distinct first + (day - first) / days * days, least(first + (day - first) / days * days + days - 1, last)
  from month cross join unnest(array[case when domain_id = 0 then 2 else 1 end, 4, 16]) days
$function$;

CREATE OR REPLACE FUNCTION public.standing_of(state sender_state, decided boolean, domain_id integer)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select (case when state = 'unknown' and not decided then 0 when state = 'own' then 1 when state = 'approved' then 2 when state = 'forwarder' then 3
    when state = 'unknown' then 4 else 5 end::bigint << 33) + (domain_id::bigint << 1) + decided::int
$function$;
