-- Questions about large domains and services stay fast however many records a month has: sums by sender without reporter, sums by identity
-- (a way without its source), and of large domains sums by way of several days (docs/adr/0014-sums-of-several-days.md).

-- By sender and identity of a domain, of all reporters together; made with daily_senders. author_domain_id and auth_set_id are 0 where
-- retention had deleted the records before this table was made.
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
) partition by range (day);
create index daily_identities_by_domain on daily_identities (domain_id, day);
create index daily_identities_by_sender on daily_identities (sender_id, day);

-- By sender, of all domains and reporters together.
create table daily_senders_summed (
  messages bigint not null,
  day date not null,
  sender_id integer not null,
  disposition disposition not null,
  dkim verdict not null,
  spf verdict not null,
  records integer not null
) partition by range (day);
create index daily_senders_summed_by_day on daily_senders_summed (day);
create index daily_senders_summed_by_sender on daily_senders_summed (sender_id, day);

-- A span is four days of a month, or half of one; domain_id 0 stands for all domains together. `made`: its sums are there; otherwise it is
-- to be looked at whether it is worth them. Sums count only while span_changes names no day of theirs.
create table spans (
  domain_id integer not null,
  first_day date not null,
  last_day date not null,
  made boolean not null default false,
  since timestamptz not null default now(),
  primary key (domain_id, first_day, last_day)
);
create index spans_to_make on spans (last_day) where not made;
-- Days of domains that a transaction has changed: appended, so that writers never wait for each other.
create table span_changes (
  domain_id integer not null,
  day date not null,
  since timestamptz not null default now()
);
create index span_changes_by_domain on span_changes (domain_id, day);

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
  spf verdict not null
) partition by range (first_day);
create index way_spans_by_domain on way_spans (domain_id, first_day, last_day);

create table source_spans (
  messages bigint not null,
  source_ip inet not null,
  first_day date not null,
  last_day date not null,
  seen_first date not null,
  seen_last date not null,
  disposition disposition not null,
  dkim verdict not null,
  spf verdict not null
) partition by range (first_day);
create index source_spans_by_span on source_spans (first_day, last_day);

-- The spans that a day lies in.
create function spans_of(day date) returns table (first_day date, last_day date) language sql immutable parallel safe as $$
  with
    month as (select date_trunc('month', day)::date as first, (date_trunc('month', day) + interval '1 month - 1 day')::date as last),
    pieces as (
      select first + (day - first) / 4 * 4 as first_day, first + (day - first) / 4 * 4 + 3 as last_day, last from month
      union all
      select first + (day - first) / 16 * 16, first + (day - first) / 16 * 16 + 15, last from month
    )
  select p.first_day, least(p.last_day, p.last) from pieces p
$$;

-- What a sender is to its domains, for lists of senders, stands in the index: a service has a thousand domains.
drop index sender_domains_by_sender;
create index sender_domains_by_sender on sender_domains (sender_id, messages desc, domain_id)
  include (state, decided, first_day, last_day);
create index sender_domains_by_task on sender_domains (sender_id, (task = 'open') desc nulls last, (diagnosis is null), domain_id);
create index daily_sources_by_source on daily_sources (source_ip, day);
-- Whether a source sent for one sender alone.
create index ways_by_source on ways (source_ip, sender_id);

create or replace function ensure_months(days date[]) returns void language plpgsql as $$
declare
  month date;
  parent text;
  part text;
begin
  for month in select distinct date_trunc('month', d)::date from unnest(days) d where d >= '2012-01-01' and d < '2038-01-01' order by 1 loop
    continue when to_regclass('records_' || to_char(month, 'YYYY_MM')) is not null;
    perform pg_advisory_xact_lock(hashtext('ensure_months'));
    foreach parent in array array['daily_totals', 'daily_domains', 'daily_reporters', 'daily_sources', 'daily_senders', 'daily_senders_all',
                                  'daily_senders_summed', 'daily_identities', 'way_spans', 'source_spans', 'records'] loop
      part := parent || '_' || to_char(month, 'YYYY_MM');
      continue when to_regclass(part) is not null;
      -- Attached afterwards: that waits for nobody who reads or writes the other months.
      execute format('create table %I (like %I including defaults including constraints)', part, parent);
      execute format('alter table %I attach partition %I for values from (%L) to (%L)', parent, part, month, month + interval '1 month');
    end loop;
  end loop;
end $$;

do $$
declare
  parent text;
  month text;
begin
  foreach parent in array array['daily_senders_summed', 'daily_identities', 'way_spans', 'source_spans'] loop
    execute format('create table %I partition of %I for values from (minvalue) to (''2012-01-01'')', parent || '_before', parent);
    execute format('create table %I partition of %I for values from (''2038-01-01'') to (maxvalue)', parent || '_after', parent);
    for month in
      select substr(c.relname, 9) from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = 'records'::regclass and c.relname ~ '^records_\d{4}_\d\d$'
    loop
      execute format('create table %I partition of %I for values from (%L) to (%L)', parent || '_' || month, parent,
        to_date(month, 'YYYY_MM'), to_date(month, 'YYYY_MM') + interval '1 month');
    end loop;
  end loop;
end $$;

-- Days that the pass over new reports has not followed yet are taken as they are: it makes them anew.
insert into daily_senders_summed (messages, day, sender_id, disposition, dkim, spf, records)
select sum(messages), day, sender_id, disposition, dkim, spf, sum(records)
from daily_senders_all group by day, sender_id, disposition, dkim, spf order by day, sender_id;
insert into daily_identities (messages, domain_id, day, sender_id, author_domain_id, auth_set_id, disposition, dkim, spf, records)
select sum(f.messages), f.domain_id, f.day, w.sender_id, w.author_domain_id, w.auth_set_id, f.disposition, f.dkim, f.spf, count(*)
from counted_records f join ways w on w.id = f.way_id
where w.sender_id is not null
  and exists (select from daily_senders s where s.domain_id = f.domain_id and s.day = f.day)
group by f.domain_id, f.day, w.sender_id, w.author_domain_id, w.auth_set_id, f.disposition, f.dkim, f.spf order by f.day, f.domain_id;
insert into daily_identities (messages, domain_id, day, sender_id, author_domain_id, auth_set_id, disposition, dkim, spf, records)
select sum(messages), domain_id, day, sender_id, 0, 0, disposition, dkim, spf, sum(records)
from daily_senders where records_deleted(day)
group by domain_id, day, sender_id, disposition, dkim, spf order by day, domain_id;
insert into spans (domain_id, first_day, last_day)
select d.domain_id, s.first_day, s.last_day
from (select domain_id, day, sum(records) as records from daily_domains group by 1, 2) d cross join lateral spans_of(d.day) s
group by 1, 2, 3 having sum(d.records) >= 1000;
insert into spans (domain_id, first_day, last_day)
select 0, s.first_day, s.last_day
from (select day, sum(records) as records from daily_sources group by 1) d cross join lateral spans_of(d.day) s
group by 1, 2, 3 having sum(d.records) >= 1000;
