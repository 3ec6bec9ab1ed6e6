-- Raw mails may lie in object storage (docs/adr/0012-raw-mails-in-object-storage.md). A mail has its bytes here, there, or nowhere any more.
alter table mails add column raw_object bytea;
alter table mails add constraint mails_bytes_once check (raw is null or raw_object is null);
create index mails_by_raw_object on mails (raw_object) where raw_object is not null;

-- Objects that no mail refers to, or that are just being written for one: after a while they are looked at, and removed if nobody does.
create table spare_objects (
  object bytea primary key,
  since timestamptz not null default now()
);

-- Whoever lets go of a mail's bytes need not know where they lie.
create function note_spare_object() returns trigger language plpgsql as $$
begin
  insert into spare_objects (object) values (old.raw_object) on conflict (object) do update set since = now();
  return null;
end $$;
create trigger mails_spare_object_deleted after delete on mails
  for each row when (old.raw_object is not null) execute function note_spare_object();
create trigger mails_spare_object_changed after update of raw_object on mails
  for each row when (old.raw_object is not null and old.raw_object is distinct from new.raw_object) execute function note_spare_object();
