-- Workflows that may publish without a stored secret. Those of a name without versions wait for its first one.
create table trusted_publisher (
  id bigint generated always as identity primary key,
  package_name text not null,
  account_id bigint not null references account,
  identity text not null,
  created_at timestamptz not null,
  unique (package_name, account_id, identity)
);
comment on column trusted_publisher.account_id is 'who added it; its versions count as published for this account';
comment on column trusted_publisher.identity is 'canonical JSON, reference possibly a pattern';
create index trusted_publisher_account on trusted_publisher (account_id);

-- Ids of ID tokens that were exchanged, until they would have expired anyway.
create table exchanged_token (
  issuer text not null,
  token_id text not null,
  until timestamptz not null,
  primary key (issuer, token_id)
);
create index exchanged_token_until on exchanged_token (until);

-- Tokens that came out of an exchange are for one publish of one run.
alter table token add column run text;
alter table token add column used_version bigint references version;
comment on column token.run is 'the workflow run it was made for, canonical JSON with the key that signs; null for all other tokens';
comment on column token.used_version is 'the version that was published with it';
