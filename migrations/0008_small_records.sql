-- Records become small (what repeats is kept once), lie in partitions of a month, and are their own index by source; sums are rows that add
-- up, so that writers never wait for each other (docs/adr/0010-records-by-month-and-sums-that-add-up.md). Converts what is stored.

-- What a record says of disposition and alignment, reported and recomputed, as one number: a number of 5 and four of 3 values.
create table verdicts (
  id smallint primary key,
  disposition disposition not null,
  dkim verdict not null,
  spf verdict not null,
  recomputed_dkim verdict not null,
  recomputed_spf verdict not null
);
insert into verdicts
select ((((d.n * 3 + a.n) * 3 + b.n) * 3 + e.n) * 3 + f.n), d.v, a.v, b.v, e.v, f.v
from
  (select ordinality - 1 as n, v from unnest(array['none', 'quarantine', 'reject', 'pass', 'unknown']::disposition[]) with ordinality u (v)) d,
  (select ordinality - 1 as n, v from unnest(array['pass', 'fail', 'unknown']::verdict[]) with ordinality u (v)) a,
  (select ordinality - 1 as n, v from unnest(array['pass', 'fail', 'unknown']::verdict[]) with ordinality u (v)) b,
  (select ordinality - 1 as n, v from unnest(array['pass', 'fail', 'unknown']::verdict[]) with ordinality u (v)) e,
  (select ordinality - 1 as n, v from unnest(array['pass', 'fail', 'unknown']::verdict[]) with ordinality u (v)) f;

-- Envelope recipient and overrides of a record, each combination once. 0 in a record: it has neither.
create table record_notes (
  id integer generated always as identity primary key,
  hash bytea not null unique,
  envelope_to text,
  overrides jsonb
);

-- A way is what repeats of a record: source ('::' where the reporter left it empty), Author Domain, authentication results.
alter table ways add column id bigint generated always as identity;
insert into ways (source_ip, author_domain_id, auth_set_id)
select distinct coalesce(source_ip, '::'), author_domain_id, auth_set_id from records
on conflict do nothing;
alter table ways drop constraint ways_pkey;
alter table ways add primary key (id);
alter table ways add unique (source_ip, author_domain_id, auth_set_id);
create index ways_by_author on ways (author_domain_id);
-- What pages ask of the ways of a sender stands in the index: a service has tens of thousands.
drop index ways_by_sender;
create index ways_by_sender on ways (sender_id, source_ip) include (id, author_domain_id, auth_set_id);
-- Messages of the days that the sender was last judged by, for the order of its domains.
alter table sender_domains add column messages bigint not null default 0;
drop index sender_domains_by_sender;
create index sender_domains_by_sender on sender_domains (sender_id, messages desc, domain_id);

alter table records rename to old_records;
alter index records_pkey rename to old_records_pkey;
alter table daily_totals rename to old_totals;
alter table daily_senders rename to old_senders;
alter index daily_totals_by_day rename to old_totals_by_day;
alter index daily_senders_by_day rename to old_senders_by_day;
alter index daily_senders_by_sender rename to old_senders_by_sender;
drop table daily_sources;

-- Rows of the reports, as reported, in their order. Domain, reporter and day are those of the report, repeated for the questions that
-- need sources. counted: as the report's state says.
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
) partition by range (day);
create index records_by_report on records (report_id);
create index records_by_domain on records (domain_id, day);
create index records_by_way on records (way_id);

create view counted_records as
  select r.report_id, r.place, r.day, r.domain_id, r.reporter_id, r.way_id, v.disposition, v.dkim, v.spf, r.messages
  from records r join verdicts v on v.id = r.verdict_id
  where r.counted;

-- Sums of counted reports, appended in the transaction that stores the rows: a sum may lie in several rows, which a fold puts together
-- later (days_to_fold). reports, conflicts: reports of the key, whichever verdicts their rows have. last_at: when the last was stored.
create table daily_totals (
  messages bigint not null,
  last_at timestamptz not null,
  domain_id integer not null,
  day date not null,
  reporter_id integer not null,
  disposition disposition not null,
  dkim verdict not null,
  spf verdict not null,
  records integer not null,
  reports integer not null,
  conflicts integer not null
) partition by range (day);
create index daily_totals_by_domain on daily_totals (domain_id, day);

-- The same without reporter, and without domain: what most pages ask stays small however many reports there are.
create table daily_domains (
  messages bigint not null,
  last_at timestamptz not null,
  domain_id integer not null,
  day date not null,
  disposition disposition not null,
  dkim verdict not null,
  spf verdict not null,
  records integer not null,
  reports integer not null,
  conflicts integer not null
) partition by range (day);
create index daily_domains_by_domain on daily_domains (domain_id, day);
create index daily_domains_by_day on daily_domains (day);
create table daily_reporters (
  messages bigint not null,
  last_at timestamptz not null,
  reporter_id integer not null,
  day date not null,
  disposition disposition not null,
  dkim verdict not null,
  spf verdict not null,
  records integer not null,
  reports integer not null,
  conflicts integer not null
) partition by range (day);
create index daily_reporters_by_day on daily_reporters (day);

-- By source, of all domains together; of one domain the records tell.
create table daily_sources (
  messages bigint not null,
  source_ip inet not null,
  day date not null,
  disposition disposition not null,
  dkim verdict not null,
  spf verdict not null,
  records integer not null
) partition by range (day);
create index daily_sources_by_day on daily_sources (day);

-- By sender, made anew from the records for a day of a domain when something of it changed; and what that changes of all domains together.
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
) partition by range (day);
create index daily_senders_by_domain on daily_senders (domain_id, day);
create index daily_senders_by_sender on daily_senders (sender_id, domain_id);
create table daily_senders_all (
  messages bigint not null,
  day date not null,
  sender_id integer not null,
  reporter_id integer not null,
  disposition disposition not null,
  dkim verdict not null,
  spf verdict not null,
  records integer not null
) partition by range (day);
create index daily_senders_all_by_day on daily_senders_all (day);
create index daily_senders_all_by_sender on daily_senders_all (sender_id, day);

-- Rows that were appended to the sums of a day since it was folded last; and how many there were after that.
create table days_to_fold (
  day date not null,
  rows integer not null,
  since timestamptz not null default now()
);
create index days_to_fold_by_day on days_to_fold (day);
create table folded_days (
  day date primary key,
  rows integer not null
);

-- Makes the partitions of every month that one of these days lies in. Months of 2012 to 2037 have partitions of their own, made when the
-- first row comes; whatever reporters say besides lies in two more, so that a made-up date can't make thousands.
create function ensure_months(days date[]) returns void language plpgsql as $$
declare
  month date;
  parent text;
  part text;
begin
  for month in select distinct date_trunc('month', d)::date from unnest(days) d where d >= '2012-01-01' and d < '2038-01-01' order by 1 loop
    continue when to_regclass('records_' || to_char(month, 'YYYY_MM')) is not null;
    perform pg_advisory_xact_lock(hashtext('ensure_months'));
    foreach parent in array array['daily_totals', 'daily_domains', 'daily_reporters', 'daily_sources', 'daily_senders', 'daily_senders_all', 'records'] loop
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
begin
  foreach parent in array array['daily_totals', 'daily_domains', 'daily_reporters', 'daily_sources', 'daily_senders', 'daily_senders_all', 'records'] loop
    execute format('create table %I partition of %I for values from (minvalue) to (''2012-01-01'')', parent || '_before', parent);
    execute format('create table %I partition of %I for values from (''2038-01-01'') to (maxvalue)', parent || '_after', parent);
  end loop;
end $$;

select ensure_months(array(select distinct day from reports union select distinct day from old_senders));

insert into record_notes (hash, envelope_to, overrides)
select distinct on (hash) hash, envelope_to, overrides
from (
  select sha256(convert_to(jsonb_build_array(envelope_to, overrides)::text, 'UTF8')) as hash, envelope_to, overrides
  from old_records where envelope_to is not null or overrides is not null
) noted
order by hash;

insert into records (report_id, messages, way_id, day, domain_id, reporter_id, place, note_id, verdict_id, counted)
select o.report_id, o.messages, w.id, r.day, r.domain_id, r.reporter_id, o.place, coalesce(n.id, 0), v.id, r.state = 'counted'
from old_records o
  join reports r on r.id = o.report_id
  join ways w on w.source_ip = coalesce(o.source_ip, '::') and w.author_domain_id = o.author_domain_id and w.auth_set_id = o.auth_set_id
  join verdicts v on v.disposition = o.disposition and v.dkim = o.dkim and v.spf = o.spf
    and v.recomputed_dkim = o.recomputed_dkim and v.recomputed_spf = o.recomputed_spf
  left join record_notes n on (o.envelope_to is not null or o.overrides is not null)
    and n.hash = sha256(convert_to(jsonb_build_array(o.envelope_to, o.overrides)::text, 'UTF8'))
order by o.report_id, o.place;

insert into daily_totals (messages, last_at, domain_id, day, reporter_id, disposition, dkim, spf, records, reports, conflicts)
select coalesce(sum(c.messages), 0), max(r.stored_at), r.domain_id, r.day, r.reporter_id, coalesce(v.disposition, 'none'),
  coalesce(v.dkim, 'unknown'), coalesce(v.spf, 'unknown'), count(c.report_id), count(*) filter (where coalesce(c.place, 1) = 1), 0
from reports r left join records c on c.report_id = r.id and c.day = r.day left join verdicts v on v.id = c.verdict_id
where r.state = 'counted'
group by r.domain_id, r.day, r.reporter_id, 6, 7, 8;
insert into daily_totals (messages, last_at, domain_id, day, reporter_id, disposition, dkim, spf, records, reports, conflicts)
select 0, max(stored_at), domain_id, day, reporter_id, 'none', 'unknown', 'unknown', 0, 0, count(*)
from reports where state = 'conflict' group by domain_id, day, reporter_id;
insert into daily_domains (messages, last_at, domain_id, day, disposition, dkim, spf, records, reports, conflicts)
select sum(messages), max(last_at), domain_id, day, disposition, dkim, spf, sum(records), sum(reports), sum(conflicts)
from daily_totals group by domain_id, day, disposition, dkim, spf;
insert into daily_reporters (messages, last_at, reporter_id, day, disposition, dkim, spf, records, reports, conflicts)
select sum(messages), max(last_at), reporter_id, day, disposition, dkim, spf, sum(records), sum(reports), sum(conflicts)
from daily_totals group by reporter_id, day, disposition, dkim, spf;
insert into daily_sources (messages, source_ip, day, disposition, dkim, spf, records)
select sum(c.messages), w.source_ip, c.day, c.disposition, c.dkim, c.spf, count(*)
from counted_records c join ways w on w.id = c.way_id
group by w.source_ip, c.day, c.disposition, c.dkim, c.spf;
insert into daily_senders (messages, domain_id, day, sender_id, reporter_id, disposition, dkim, spf, records)
select messages, domain_id, day, sender_id, reporter_id, disposition, dkim, spf, records from old_senders;
insert into daily_senders_all (messages, day, sender_id, reporter_id, disposition, dkim, spf, records)
select sum(messages), day, sender_id, reporter_id, disposition, dkim, spf, sum(records)
from old_senders group by day, sender_id, reporter_id, disposition, dkim, spf;

drop table old_records;
drop table old_totals;
drop table old_senders;
