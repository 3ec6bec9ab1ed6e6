-- What grew with the mail of two years is found by an index, or was counted before (docs/adr/0014-sums-of-several-days.md).

-- Which states a sender has, and whether it had mail in a period: one step for each state instead of a row for each domain.
create index sender_domains_by_state on sender_domains (sender_id, state, decided, last_day) include (first_day);

-- All ways of one source are read from the index alone.
alter table ways drop constraint ways_source_ip_author_domain_id_auth_set_id_key;
alter table ways add constraint ways_source_ip_author_domain_id_auth_set_id_key unique (source_ip, author_domain_id, auth_set_id) include (id);

-- The spans that a day lies in: two days of all domains, the day itself of one domain, a piece of four days and half of the month.
drop function spans_of(date);
create function spans_of(day date, domain_id integer) returns table (first_day date, last_day date) language sql immutable parallel safe as $$
  with month as (select date_trunc('month', day)::date as first, (date_trunc('month', day) + interval '1 month - 1 day')::date as last)
  select distinct first + (day - first) / days * days, least(first + (day - first) / days * days + days - 1, last)
  from month cross join unnest(array[case when domain_id = 0 then 2 else 1 end, 4, 16]) days
$$;

-- Halves of a month are worth their sums from 30 records a day. They and those of two days are made in the background.
insert into spans (domain_id, first_day, last_day)
select d.domain_id, s.first_day, s.last_day
from (select domain_id, day, sum(records) as records from daily_domains where not records_deleted(day) group by 1, 2) d
  cross join lateral spans_of(d.day, d.domain_id) s
where s.last_day - s.first_day > 3
group by 1, 2, 3 having sum(d.records) >= 360
on conflict do nothing;
insert into spans (domain_id, first_day, last_day)
select distinct 0, s.first_day, s.last_day from (select distinct day from daily_reporters) d cross join lateral spans_of(d.day, 0) s
on conflict do nothing;

-- How many of the known sources of a span of all domains are lone.
alter table spans add column lone_sources integer not null default 0;
update spans s set lone_sources = lone.sources
from (select first_day, last_day, count(*) as sources from source_spans where lone and source_ip <> '::' group by 1, 2) lone
where s.domain_id = 0 and s.first_day = lone.first_day and s.last_day = lone.last_day;
