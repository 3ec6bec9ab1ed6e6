-- The house: who may look, where mail comes from, what came, what it said, and the sums that pages ask for.
-- Counts of messages are bigint. Days are UTC days.

create type mail_origin as enum ('imap', 'import', 'upload', 'sample');
create type mail_state as enum ('stored', 'imported', 'duplicate', 'conflict', 'ignored', 'quarantined');
create type outcome as enum ('imported', 'duplicate', 'conflict', 'ignored', 'quarantined');
create type report_state as enum ('counted', 'conflict');
create type disposition as enum ('none', 'quarantine', 'reject', 'pass', 'unknown');
create type verdict as enum ('pass', 'fail', 'unknown');

-- Access. Secrets are 256 random bits of which only the SHA-256 is kept; passwords are argon2id strings.
create table users (
  id int generated always as identity primary key,
  name text not null,
  password_hash text not null,
  created_at timestamptz not null default now()
);
create unique index users_name on users (lower(name));

create table setup_secrets (
  hash bytea primary key,
  created_at timestamptz not null default now()
);

create table sessions (
  hash bytea primary key,
  user_id int not null references users on delete cascade,
  created_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index sessions_expiry on sessions (expires_at);

create table api_tokens (
  id int generated always as identity primary key,
  name text not null unique,
  hash bytea not null unique,
  created_at timestamptz not null default now(),
  last_used_at timestamptz
);

-- Mailboxes. `definition` is the contract's MailboxInput without secrets; `secrets` is encrypted with RUADAR_SECRET_KEY.
-- Mailboxes that settings describe have a key and no secrets: those stay with the process that has the settings.
create table mailboxes (
  id int generated always as identity primary key,
  settings_key text unique,
  definition jsonb not null,
  secrets bytea,
  enabled boolean not null default true,
  revision int not null default 1,
  created_at timestamptz not null default now(),
  status text not null default 'new' check (status in ('new', 'connecting', 'backfilling', 'watching', 'failing', 'disabled')),
  status_message text,
  status_at timestamptz
);

-- How far each folder was fetched. `stored_uid`: every mail up to it is in `mails`; `settled_uid`: up to it the mailbox was
-- marked, moved or cleaned as the operator wished. A changed UIDVALIDITY (RFC 3501 2.3.1.1) starts the folder again from 0.
create table mailbox_folders (
  mailbox_id int not null references mailboxes on delete cascade,
  folder text not null,
  uid_validity bigint not null default 0,
  stored_uid bigint not null default 0,
  settled_uid bigint not null default 0,
  total int,
  remaining int,
  fetched bigint not null default 0,
  last_mail_at timestamptz,
  synced_at timestamptz,
  primary key (mailbox_id, folder)
);

-- What came in: a whole mail, or a file that somebody dropped or imported. `raw` is the only copy of the truth.
-- A mail that was too large has `raw` null: it was left in its mailbox.
create table mails (
  id bigint generated always as identity primary key,
  hash bytea not null unique,
  origin mail_origin not null,
  mailbox_id int references mailboxes on delete set null,
  folder text,
  uid bigint,
  filename text,
  subject text,
  sender text,
  size bigint not null,
  raw bytea,
  state mail_state not null default 'stored',
  starts int not null default 0,
  stored_at timestamptz not null default now(),
  queued_at timestamptz,
  read_at timestamptz
);
alter table mails alter column raw set storage external; -- mail holds compressed attachments: a second compression gains nothing
create index mails_waiting on mails (id) where state = 'stored';
create index mails_by_state on mails (state, id);
create index mails_by_mailbox on mails (mailbox_id, folder, uid) where mailbox_id is not null;

create table domains (
  id int generated always as identity primary key,
  name text not null unique,
  created_at timestamptz not null default now()
);
create table reporters (
  id int generated always as identity primary key,
  name text not null unique,
  created_at timestamptz not null default now()
);
create table author_domains (
  id int generated always as identity primary key,
  name text not null unique
);

-- Authentication results as reported, each distinct set once: reports repeat the same few sets for years.
create table auth_sets (
  id bigint generated always as identity primary key,
  hash bytea not null unique,
  envelope_from text,
  dkim jsonb not null,
  spf jsonb not null
);

create table reports (
  id bigint generated always as identity primary key,
  mail_id bigint not null references mails,
  part text not null,
  state report_state not null,
  xml_hash bytea not null unique,
  xml_bytes bigint not null,
  domain_id int not null references domains,
  reporter_id int not null references reporters,
  report_id text,
  begin_at timestamptz not null,
  end_at timestamptz not null,
  day date not null,
  org_name text,
  email text,
  extra_contact_info text,
  errors jsonb not null,
  generator text,
  policy jsonb not null,
  records int not null,
  messages bigint not null,
  dmarc_pass bigint not null,
  dkim_aligned bigint not null,
  spf_aligned bigint not null,
  warnings jsonb not null,
  stored_at timestamptz not null default now()
);
-- report-formats.md 1.9: one counted report for each key; others with the same key are conflicts.
create unique index reports_key on reports (reporter_id, domain_id, coalesce(report_id, ''), begin_at, end_at) where state = 'counted';
create index reports_by_domain on reports (domain_id, day, id);
create index reports_by_day on reports (day, id);
create index reports_by_mail on reports (mail_id);
create index reports_by_reporter on reports (reporter_id, day, id);

create table mail_outcomes (
  mail_id bigint not null references mails on delete cascade,
  place int not null,
  part text not null,
  outcome outcome not null,
  report_id bigint references reports on delete set null,
  code text,
  message text,
  primary key (mail_id, place)
);
create index mail_outcomes_by_code on mail_outcomes (outcome, code);
create index mail_outcomes_by_report on mail_outcomes (report_id);

-- Rows of the reports, as reported. source_ip is null where the reporter left it empty (report-formats.md row 46).
create table records (
  report_id bigint not null references reports on delete cascade,
  place int not null,
  source_ip inet,
  messages bigint not null,
  disposition disposition not null,
  dkim verdict not null,
  spf verdict not null,
  recomputed_dkim verdict not null,
  recomputed_spf verdict not null,
  author_domain_id int not null references author_domains,
  auth_set_id bigint not null references auth_sets,
  envelope_to text,
  overrides jsonb,
  primary key (report_id, place)
);

-- Sums over counted reports, kept in the same transaction as the rows. daily_totals answers what needs no source,
-- daily_sources the rest; '::' stands for an unknown source.
create table daily_totals (
  domain_id int not null references domains,
  day date not null,
  reporter_id int not null references reporters,
  disposition disposition not null,
  dkim verdict not null,
  spf verdict not null,
  messages bigint not null,
  records bigint not null,
  primary key (domain_id, day, reporter_id, disposition, dkim, spf)
);
create index daily_totals_by_day on daily_totals (day);

create table daily_sources (
  domain_id int not null references domains,
  day date not null,
  source_ip inet not null,
  reporter_id int not null references reporters,
  author_domain_id int not null references author_domains,
  auth_set_id bigint not null references auth_sets,
  disposition disposition not null,
  dkim verdict not null,
  spf verdict not null,
  messages bigint not null,
  records bigint not null,
  primary key (domain_id, day, source_ip, reporter_id, author_domain_id, auth_set_id, disposition, dkim, spf)
);
create index daily_sources_by_day on daily_sources (day);
create index daily_sources_by_source on daily_sources (source_ip, day);
