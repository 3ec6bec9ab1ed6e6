-- What a domain that is being forgotten may leave without use: names and sets that its rows referred to. Kept until each was looked at, so
-- that forgetting can be ended anywhere and go on.
create table unused_names (
  kind text not null check (kind in ('way', 'note', 'author_domain', 'auth_set', 'sender', 'source')),
  id text not null,
  primary key (kind, id)
);

-- Every process remembers ids of names; once names were deleted it has to forget them.
create table dictionary_version (
  one boolean primary key default true check (one),
  version bigint not null default 0
);
insert into dictionary_version default values;

-- Whether a text mentions a domain, and not one above, below or beside it.
create function mentions(said text, domain text) returns boolean language sql immutable as $$
  select said ~* ('(^|[^a-z0-9_.-])' || regexp_replace(domain, '[^a-zA-Z0-9_-]', '\\\&', 'g') || '(?![a-z0-9_-]|\.[a-z0-9])')
$$;
