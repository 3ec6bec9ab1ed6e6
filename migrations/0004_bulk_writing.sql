-- Rows of reports and their sums are written by ingest alone, with ids that it has just looked up and that nobody deletes. Checking
-- each reference cost four fifths of the time to write them (docs/adr/0007-small-mails-together.md).
alter table records
  drop constraint records_report_id_fkey,
  drop constraint records_author_domain_id_fkey,
  drop constraint records_auth_set_id_fkey;
alter table daily_totals
  drop constraint daily_totals_domain_id_fkey,
  drop constraint daily_totals_reporter_id_fkey;
alter table daily_sources
  drop constraint daily_sources_domain_id_fkey,
  drop constraint daily_sources_reporter_id_fkey,
  drop constraint daily_sources_author_domain_id_fkey,
  drop constraint daily_sources_auth_set_id_fkey;

-- A mail's row is written anew when it is queued and when its reading begins: with room in its page that touches no index.
alter table mails set (fillfactor = 50);
