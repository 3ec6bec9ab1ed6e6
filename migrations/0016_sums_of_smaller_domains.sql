-- What grew with the mail of two years is found by an index (docs/adr/0014-sums-of-several-days.md).

-- Which states a sender has, and whether it had mail in a period: one step for each state instead of a row for each domain.
create index sender_domains_by_state on sender_domains (sender_id, state, decided, last_day) include (first_day);

-- One source of a domain.
drop index way_spans_by_domain;
create index way_spans_by_domain on way_spans (domain_id, first_day, last_day, source_ip);

-- Halves of a month are worth their sums from 30 records a day. They are made in the background.
insert into spans (domain_id, first_day, last_day)
select d.domain_id, s.first_day, s.last_day
from (select domain_id, day, sum(records) as records from daily_domains where not records_deleted(day) group by 1, 2) d cross join lateral spans_of(d.day) s
where s.last_day - s.first_day > 3
group by 1, 2, 3 having sum(d.records) >= 360
on conflict do nothing;
