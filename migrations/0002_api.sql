-- "Which mails ended for this reason?" on the ingest page and for reading them again. Most outcomes have no reason.
create index mail_outcomes_by_reason on mail_outcomes (code, mail_id) where code is not null;
