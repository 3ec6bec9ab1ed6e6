-- Who holds a mailbox is an advisory lock of a session; how often it was taken is the fence. A process that was stopped, lost its session and
-- goes on still writes with the old number, and is refused (docs/adr/0011-leases-with-a-fence.md).
create table mailbox_leases (
  mailbox_id integer primary key references mailboxes on delete cascade,
  fence bigint not null default 1,
  taken_at timestamptz not null default now()
);
