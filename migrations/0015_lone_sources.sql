-- Most addresses of all domains together are seen once. Counted and put in order by an index, they cost a question no more the more of them
-- there are (docs/adr/0014-sums-of-several-days.md).

-- They are made again in the background; until then questions ask sums by day.
truncate source_spans, domain_spans;
update spans set made = false, since = now() where domain_id = 0;

-- Of a source that had no other row in any sum by day when this one was made, and has none in other sums of several days.
alter table source_spans add column lone boolean not null;
drop index source_spans_by_span;
create index source_spans_by_span on source_spans (first_day, last_day, lone);
create index source_spans_largest on source_spans (first_day, last_day, (dkim <> 'pass' and spf <> 'pass'), messages desc, source_ip) where lone;
create index source_spans_by_source on source_spans (source_ip) where lone;
