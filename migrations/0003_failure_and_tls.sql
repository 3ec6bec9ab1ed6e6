-- Failure reports (RFC 6591, 9991) and SMTP TLS reports (RFC 8460), beside the aggregate reports of 0001.

create type report_kind as enum ('aggregate', 'failure', 'tls');

-- True once `raw` is no longer what came, but that mail without the body of the message that a failure report shows.
alter table mails add column reduced boolean not null default false;

-- Who may see the recipients of other people's mail in full.
alter table users add column sees_addresses boolean not null default false;
alter table api_tokens add column sees_addresses boolean not null default false;

-- Failure reports are other people's mail: they are deleted for good after RUADAR_SAMPLE_DAYS.
create table failure_reports (
  id bigint generated always as identity primary key,
  mail_id bigint not null references mails,
  part text not null,
  content_hash bytea not null unique,
  domain_id int not null references domains,
  reporter_id int not null references reporters,
  source_ip inet,
  arrived_at timestamptz not null, -- as reported, else when the mail came
  arrival_reported boolean not null,
  feedback_type text,
  auth_failure text,
  delivery_result text,
  identity_alignment text,
  user_agent text,
  incidents int not null,
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
  stored_at timestamptz not null default now()
);
create index failure_reports_by_domain on failure_reports (domain_id, arrived_at, id);
create index failure_reports_by_time on failure_reports (arrived_at, id);
create index failure_reports_by_source on failure_reports (source_ip, arrived_at);
create index failure_reports_by_mail on failure_reports (mail_id);
create index failure_reports_by_age on failure_reports (stored_at);

-- Every opening of a sample, kept when the sample is gone.
create table sample_openings (
  id bigint generated always as identity primary key,
  failure_report_id bigint not null,
  opened_at timestamptz not null default now(),
  opened_by text not null,
  addresses_shown boolean not null
);
create index sample_openings_by_report on sample_openings (failure_report_id, id);

create table tls_reports (
  id bigint generated always as identity primary key,
  mail_id bigint not null references mails,
  part text not null,
  state report_state not null,
  content_hash bytea not null unique,
  json_bytes bigint not null,
  domain_id int not null references domains, -- of its first policy
  reporter_id int not null references reporters,
  report_id text,
  begin_at timestamptz not null,
  end_at timestamptz not null,
  day date not null,
  organization text,
  contact text,
  successful bigint not null,
  failed bigint not null,
  warnings jsonb not null,
  stored_at timestamptz not null default now()
);
create unique index tls_reports_key on tls_reports (reporter_id, domain_id, coalesce(report_id, ''), begin_at, end_at) where state = 'counted';
create index tls_reports_by_day on tls_reports (day, id);
create index tls_reports_by_mail on tls_reports (mail_id);

-- For tlsa the policy domain is the host of an MX (RFC 8460 4.4).
create table tls_policies (
  report_id bigint not null references tls_reports on delete cascade,
  place int not null,
  policy_type text not null,
  domain_id int not null references domains,
  day date not null,
  policy_strings jsonb not null,
  mx_hosts jsonb not null,
  successful bigint not null,
  failed bigint not null,
  primary key (report_id, place)
);
create index tls_policies_by_domain on tls_policies (domain_id, day, report_id);

create table tls_failures (
  report_id bigint not null,
  policy_place int not null,
  place int not null,
  result_type text not null,
  sending_mta_ip inet,
  receiving_mx_hostname text,
  receiving_mx_helo text,
  receiving_ip inet,
  sessions bigint not null,
  additional_information text,
  failure_reason_code text,
  primary key (report_id, policy_place, place),
  foreign key (report_id, policy_place) references tls_policies on delete cascade
);

-- Sums over counted TLS reports, kept in the same transaction as the rows.
create table daily_tls (
  domain_id int not null references domains,
  day date not null,
  reporter_id int not null references reporters,
  policy_type text not null,
  successful bigint not null,
  failed bigint not null,
  reports bigint not null,
  primary key (domain_id, day, reporter_id, policy_type)
);
create index daily_tls_by_day on daily_tls (day);

create table daily_tls_failures (
  domain_id int not null references domains,
  day date not null,
  reporter_id int not null references reporters,
  policy_type text not null,
  result_type text not null,
  receiving_mx_hostname text not null, -- empty where the reporter named none
  sessions bigint not null,
  primary key (domain_id, day, reporter_id, policy_type, result_type, receiving_mx_hostname)
);

-- What had to be repaired in whose reports: how many reports, and the last example. `path` is without the numbers of records.
create table deviations (
  reporter_id int not null references reporters,
  kind report_kind not null,
  code text not null,
  path text not null,
  reports bigint not null,
  first_at timestamptz not null default now(),
  last_at timestamptz not null default now(),
  last_report_id bigint not null,
  last_value text,
  primary key (reporter_id, kind, code, path)
);

-- `kind` is said even where there is no report, or no longer one: which mails hold other people's mail has to stay known.
alter table mail_outcomes
  add column kind report_kind,
  add column failure_report_id bigint references failure_reports on delete set null,
  add column tls_report_id bigint references tls_reports on delete set null;
update mail_outcomes set kind = 'aggregate' where report_id is not null;
create index mail_outcomes_by_failure on mail_outcomes (failure_report_id) where failure_report_id is not null;
create index mail_outcomes_of_failures on mail_outcomes (mail_id) where kind = 'failure';
create index mail_outcomes_by_tls on mail_outcomes (tls_report_id) where tls_report_id is not null;
