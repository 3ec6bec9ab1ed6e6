-- Reports that are read again keep what people chose; what retention deleted is noted, so that nobody takes it for lost.

-- An operator said that of several reports with one key this one counts. Without that the first counts.
alter table reports add column chosen boolean not null default false;
alter table tls_reports add column chosen boolean not null default false;
update reports r set chosen = true
where r.state = 'counted' and exists (
  select from reports c
  where c.domain_id = r.domain_id and c.day = r.day and c.reporter_id = r.reporter_id and c.begin_at = r.begin_at and c.end_at = r.end_at
    and coalesce(c.report_id, '') = coalesce(r.report_id, '') and c.state = 'conflict' and c.id < r.id);
update tls_reports r set chosen = true
where r.state = 'counted' and exists (
  select from tls_reports c
  where c.domain_id = r.domain_id and c.day = r.day and c.reporter_id = r.reporter_id and c.begin_at = r.begin_at and c.end_at = r.end_at
    and coalesce(c.report_id, '') = coalesce(r.report_id, '') and c.state = 'conflict' and c.id < r.id);

-- Days whose records, or whose sums and reports, were deleted because they were older than the operator keeps them: from_day up to, not
-- including, to_day. rows: how many the last time; a month is emptied again when late reports bring more.
create table deleted_days (
  kind text not null check (kind in ('records', 'sums')),
  from_day date not null,
  to_day date not null,
  rows bigint not null,
  deleted_at timestamptz not null default now(),
  primary key (kind, from_day)
);

-- Reports of these days keep their totals and stand as they are: nothing is left to take out of sums or to add to them.
create function records_deleted(day date) returns boolean language sql stable as $$
  select exists (select from deleted_days d where d.kind = 'records' and records_deleted.day >= d.from_day and records_deleted.day < d.to_day)
$$;
