-- Who a source is. A sender groups sources by whoever operates them (packages/senders, identify).
create table senders (
  id integer generated always as identity primary key,
  key text not null unique,
  name text not null,
  kind text not null,
  -- Addresses of all time and all domains.
  sources integer not null default 0,
  created_at timestamptz not null default now()
);

-- Senders that the operator added: the newest rule that fits names a source before the catalogue does.
create table sender_rules (
  id integer generated always as identity primary key,
  name text not null,
  kind text not null,
  match jsonb not null,
  created_by text not null,
  created_at timestamptz not null default now()
);

-- What look-ups say of an address: the cache, and the list of what is to be looked up (due_at).
create table source_hosts (
  source_ip inet primary key,
  ptr text,
  confirmed boolean not null default false,
  asn bigint,
  network text,
  country text,
  looked_up_at timestamptz,
  due_at timestamptz not null default now(),
  attempts integer not null default 0,
  problem text
);
create index source_hosts_due on source_hosts (due_at);
create index source_hosts_new on source_hosts (source_ip) where looked_up_at is null and attempts = 0;

-- Every combination of address, Author Domain and authentication results that was reported, and the sender it belongs to
-- (null: not identified yet). identified_with: version of catalogue and rules; empty: to be identified anew.
-- hints: 1 mailing_list, 2 forwarded or trusted_forwarder, 4 ARC, as reporters' overrides say. proof: the strongest evidence.
create table ways (
  source_ip inet not null,
  author_domain_id integer not null,
  auth_set_id bigint not null,
  sender_id integer,
  hints smallint not null default 0,
  proof text,
  identified_with text not null default '',
  primary key (source_ip, author_domain_id, auth_set_id)
) with (fillfactor = 80);
create index ways_by_sender on ways (sender_id, source_ip);
create index ways_by_version on ways (identified_with);
create index ways_without_sender on ways (source_ip) where sender_id is null;

-- Sums by sender, made from daily_sources and ways: a day of a domain is made anew when something of it changed.
create table daily_senders (
  domain_id integer not null,
  day date not null,
  sender_id integer not null,
  reporter_id integer not null,
  disposition disposition not null,
  dkim verdict not null,
  spf verdict not null,
  messages bigint not null,
  records bigint not null,
  primary key (domain_id, day, sender_id, reporter_id, disposition, dkim, spf)
);
create index daily_senders_by_day on daily_senders (day);
create index daily_senders_by_sender on daily_senders (sender_id, domain_id, day);

-- Days whose sums by sender are to be made anew.
create table stale_days (
  domain_id integer not null,
  day date not null,
  primary key (domain_id, day)
);

-- Senders of a domain whose standing is to be judged anew, and domains whose alerts are.
create table stale_senders (
  domain_id integer not null,
  sender_id integer not null,
  primary key (domain_id, sender_id)
);
create table stale_domains (
  domain_id integer primary key,
  since timestamptz not null default now()
);

create type sender_state as enum ('own', 'approved', 'forwarder', 'unknown', 'rejected');

-- What a sender is to a domain, and why its mail fails there. state: decided by a person, else proposed.
create table sender_domains (
  domain_id integer not null references domains (id),
  sender_id integer not null references senders (id),
  state sender_state not null default 'unknown',
  decided boolean not null default false,
  proposal jsonb not null default '{}',
  first_day date,
  last_day date,
  diagnosis text,
  diagnosis_facts jsonb,
  task text check (task in ('open', 'closed')),
  task_since date,
  primary key (domain_id, sender_id)
);
create index sender_domains_by_sender on sender_domains (sender_id);
create index sender_domains_inbox on sender_domains (last_day, sender_id) where state = 'unknown' and not decided;

-- The log of what people decided; state null: a decision was taken back.
create table decisions (
  id bigint generated always as identity primary key,
  domain_id integer not null references domains (id),
  sender_id integer not null references senders (id),
  before sender_state not null,
  was_decided boolean not null,
  state sender_state,
  note text,
  decided_by text not null,
  decided_at timestamptz not null default now(),
  undone_by bigint references decisions (id)
);
create index decisions_by_sender on decisions (sender_id, domain_id, id);

-- How far the pass over reports came, in the order of the transactions that changed them. One row.
create table sender_progress (
  one boolean primary key default true check (one),
  seen xid8 not null default '0',
  seen_report bigint not null default 0,
  history_told_at timestamptz
);
insert into sender_progress default values;

-- The transaction that stored a report or last changed whether it counts: what a pass over new reports goes by.
alter table reports add column changed_in xid8 not null default pg_current_xact_id();
create index reports_by_change on reports (changed_in, id);

-- Settings of alert rules that differ from the defaults.
create table alert_rules (
  rule text primary key,
  enabled boolean not null,
  settings jsonb not null default '{}'
);

create type alert_state as enum ('open', 'acknowledged', 'snoozed', 'closed', 'learnt', 'withdrawn');

-- One alert for each rule and key for ever: late reports and repeats fire nothing twice.
create table alerts (
  id bigint generated always as identity primary key,
  rule text not null,
  key text not null,
  domain_id integer references domains (id),
  sender_id integer references senders (id),
  day date not null,
  facts jsonb not null,
  state alert_state not null default 'open',
  snoozed_until timestamptz,
  fired_at timestamptz not null default now(),
  noticed boolean not null default false,
  unique (rule, key)
);
create index alerts_by_domain on alerts (domain_id, day, id);
create index alerts_by_day on alerts (day, id);
create index alerts_open on alerts (id) where state = 'open';
create index alerts_untold on alerts (id) where not noticed;
create index alerts_by_sender on alerts (sender_id) where sender_id is not null;

-- What happened to an alert, and who did it (null: Ruadar).
create table alert_events (
  id bigint generated always as identity primary key,
  alert_id bigint not null references alerts (id) on delete cascade,
  state alert_state not null,
  note text,
  by text,
  at timestamptz not null default now()
);
create index alert_events_by_alert on alert_events (alert_id, id);

-- No alerts about these: a sender, a domain, a rule, or a combination; null is any.
create table mutes (
  id integer generated always as identity primary key,
  rule text,
  domain_id integer references domains (id),
  sender_id integer references senders (id),
  until timestamptz,
  created_by text not null,
  created_at timestamptz not null default now(),
  check (rule is not null or domain_id is not null or sender_id is not null)
);

-- Since when a mailbox has not been reached; tries in between do not end it.
alter table mailboxes add column failing_since timestamptz;
