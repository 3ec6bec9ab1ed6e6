-- Where alerts and digests go. `definition` is the contract's ChannelTarget without secrets; `secrets` is encrypted with
-- RUADAR_SECRET_KEY. rules, domains null: all of them. failures: attempts in a row that failed; failing_since: the first of them,
-- once there were too many. paused_until: the other side asked for that (429, Retry-After).
create table channels (
  id integer generated always as identity primary key,
  name text not null,
  kind text not null check (kind in ('email', 'webhook', 'slack', 'teams', 'telegram', 'discord', 'ntfy')),
  definition jsonb not null,
  secrets bytea not null,
  language text not null check (language in ('en', 'ru')),
  enabled boolean not null default true,
  rules text[],
  domains text[],
  digest text not null default 'none' check (digest in ('none', 'daily', 'weekly')),
  digest_hour smallint not null default 6 check (digest_hour between 0 and 23),
  created_at timestamptz not null default now(),
  last_success_at timestamptz,
  last_failure_at timestamptz,
  last_failure text,
  failures integer not null default 0,
  failing_since timestamptz,
  paused_until timestamptz
);

create type delivery_state as enum ('waiting', 'delivered', 'given_up');

-- What a channel was handed, each thing once (key). claimed_until: somebody is sending it.
create table deliveries (
  id bigint generated always as identity primary key,
  channel_id integer not null references channels (id) on delete cascade,
  what text not null check (what in ('notice', 'digest', 'test')),
  key text not null,
  content jsonb not null,
  state delivery_state not null default 'waiting',
  attempts integer not null default 0,
  created_at timestamptz not null default now(),
  due_at timestamptz not null default now(),
  claimed_until timestamptz,
  unique (channel_id, key)
);
create index deliveries_due on deliveries (due_at) where state = 'waiting';
create index deliveries_by_channel on deliveries (channel_id, id);
create index deliveries_by_age on deliveries (created_at);

-- Every attempt with what the other side said.
create table delivery_attempts (
  id bigint generated always as identity primary key,
  delivery_id bigint not null references deliveries (id) on delete cascade,
  at timestamptz not null default now(),
  ok boolean not null,
  answer text not null,
  ms integer not null
);
create index delivery_attempts_by_delivery on delivery_attempts (delivery_id, id);

-- Digests that were made, or found to have nothing to say: one for each channel and period [period_from, period_to).
create table digest_runs (
  channel_id integer not null references channels (id) on delete cascade,
  period_from date not null,
  period_to date not null,
  delivery_id bigint references deliveries (id) on delete set null,
  at timestamptz not null default now(),
  primary key (channel_id, period_from, period_to)
);
