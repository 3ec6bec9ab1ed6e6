-- Questions about many sources add faster, sums of several days of a large domain tell source and sender without a look at its ways, a domain
-- with a thousand records a day has them for single days as well, and all domains have sums of several days
-- (docs/adr/0014-sums-of-several-days.md).

-- sum(bigint) makes a numeric of each sum, which takes longer than the adding where groups are many. This one stays a bigint and, as the
-- cast back to one did, ends in an error beyond it.
create aggregate total(bigint) (sfunc = int8pl, stype = bigint, combinefunc = int8pl, parallel = safe);

-- What lists ask of a way by its number stands in the index.
alter table ways drop constraint ways_pkey;
alter table ways add primary key (id) include (source_ip, sender_id);

-- Which of the states that a sender has, one for each domain, stands for it is the smallest of these numbers: what waits for a person comes
-- first, of equal ones the first domain. A service has a thousand domains.
create function standing_of(state sender_state, decided boolean, domain_id integer) returns bigint language sql immutable parallel safe as $$
  select (case when state = 'unknown' and not decided then 0 when state = 'own' then 1 when state = 'approved' then 2 when state = 'forwarder' then 3
    when state = 'unknown' then 4 else 5 end::bigint << 33) + (domain_id::bigint << 1) + decided::int
$$;
create index sender_domains_by_standing on sender_domains (sender_id, standing_of(state, decided, domain_id));

-- By domain, of all domains: made with source_spans.
create table domain_spans (
  messages bigint not null,
  last_at timestamptz not null,
  domain_id integer not null,
  first_day date not null,
  last_day date not null,
  disposition disposition not null,
  dkim verdict not null,
  spf verdict not null,
  reports integer not null
) partition by range (first_day);
create index domain_spans_by_span on domain_spans (first_day, last_day);

-- All are made again in the background; until then questions ask records and sums by day.
truncate way_spans, source_spans;
alter table way_spans add column sender_id integer, add column source_ip inet not null;
update spans set made = false, since = now();

-- The spans that a day lies in: itself, a piece of four days and half of the month.
create or replace function spans_of(day date) returns table (first_day date, last_day date) language sql immutable parallel safe as $$
  with
    month as (select date_trunc('month', day)::date as first, (date_trunc('month', day) + interval '1 month - 1 day')::date as last),
    pieces as (
      select day as first_day, day as last_day, last from month
      union all
      select first + (day - first) / 4 * 4, first + (day - first) / 4 * 4 + 3, last from month
      union all
      select first + (day - first) / 16 * 16, first + (day - first) / 16 * 16 + 15, last from month
    )
  select distinct p.first_day, least(p.last_day, p.last) from pieces p
$$;
insert into spans (domain_id, first_day, last_day)
select domain_id, day, day from daily_domains group by 1, 2, 3 having sum(records) >= 1000
on conflict do nothing; -- the last piece of February is a day

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
                                  'daily_senders_summed', 'daily_identities', 'way_spans', 'source_spans', 'domain_spans', 'records'] loop
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
  part text;
  month date;
begin
  create table domain_spans_before partition of domain_spans for values from (minvalue) to ('2012-01-01');
  create table domain_spans_after partition of domain_spans for values from ('2038-01-01') to (maxvalue);
  for part, month in
    select substr(c.relname, 9), to_date(substr(c.relname, 9), 'YYYY_MM') from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'records'::regclass and c.relname ~ '^records_\d{4}_\d\d$'
  loop
    execute format('create table %I partition of domain_spans for values from (%L) to (%L)', 'domain_spans_' || part, month, month + interval '1 month');
  end loop;
end $$;

-- The pass over new reports could go past one whose transaction was still running. Days whose sums by sender lack records are summed up anew.
insert into stale_days (domain_id, day)
select d.domain_id, d.day
from (select domain_id, day, sum(records) as records from daily_domains group by 1, 2) d
  left join (select domain_id, day, sum(records) as records from daily_senders group by 1, 2) s using (domain_id, day)
where d.records <> coalesce(s.records, 0) and not records_deleted(d.day)
on conflict do nothing;
