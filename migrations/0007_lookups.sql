-- Where each fact of an address came from: {"ptr": "dns", "asn": "cymru", "country": "name of an .mmdb file"}.
alter table source_hosts add column origins jsonb not null default '{}';
