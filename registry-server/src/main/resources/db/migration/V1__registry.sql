-- Accounts, keys, tokens.
create table account (
  id bigint generated always as identity primary key,
  name text not null unique check (name ~ '^[a-z0-9][a-z0-9._-]{0,63}$'),
  created_at timestamptz not null
);
comment on column account.id is 'the account number of log records and identities';

create table account_key (
  key_id text primary key check (key_id ~ '^[0-9a-f]{64}$'),
  account_id bigint not null references account,
  public_key text not null,
  created_at timestamptz not null,
  revoked_at timestamptz
);
create index account_key_account on account_key (account_id);

create table token (
  id bigint generated always as identity primary key,
  account_id bigint not null references account,
  hash text not null unique check (hash ~ '^[0-9a-f]{64}$'),
  description text not null,
  scopes text not null,
  packages text not null,
  operator boolean not null,
  created_at timestamptz not null,
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz
);
comment on column token.hash is 'SHA-256 of the server pepper and the token';
create index token_account on token (account_id);

-- Names.
create table scope (
  id bigint generated always as identity primary key,
  name text not null unique,
  skeleton text not null unique,
  created_at timestamptz not null
);

create table member (
  scope_id bigint not null references scope,
  account_id bigint not null references account,
  role text not null check (role in ('owner', 'member')),
  primary key (scope_id, account_id)
);

create table reserved_name (
  skeleton text primary key,
  reason text not null
);

create table package (
  id bigint generated always as identity primary key,
  name text not null unique,
  skeleton text not null unique,
  scope_id bigint references scope,
  token_publishing boolean not null default true,
  provenance boolean not null default false,
  claimed boolean not null default false,
  publishers text not null,
  created_at timestamptz not null
);
comment on column package.publishers is 'identities of its last package record, canonical JSON array';

create table owner (
  package_id bigint not null references package,
  account_id bigint not null references account,
  role text not null check (role in ('owner')),
  primary key (package_id, account_id)
);

-- Blobs: what lies under /blobs/sha256.
create table blob (
  hash text primary key check (hash ~ '^[0-9a-f]{64}$'),
  size bigint not null check (size >= 0),
  kind text not null check (kind in ('archive', 'native', 'attestation', 'readme')),
  refs bigint not null default 0,
  created_at timestamptz not null
);

-- Versions.
create table version (
  id bigint generated always as identity primary key,
  package_id bigint not null references package,
  version text not null,
  precedence text not null,
  sort_key bytea not null,
  prerelease boolean not null,
  archive text not null references blob,
  size bigint not null,
  tree text not null,
  metadata text not null,
  capabilities text not null,
  publisher_account bigint not null references account,
  publisher text not null,
  method text not null check (method in ('token', 'oidc')),
  received_at timestamptz not null,
  log_seq bigint unique,
  logged_at timestamptz,
  yanked boolean not null default false,
  deprecated boolean not null default false,
  tombstone boolean not null default false,
  unique (package_id, precedence)
);
comment on column version.precedence is 'SemVer text without build metadata: one version each';
comment on column version.sort_key is 'bytes whose order is the precedence';
comment on column version.log_seq is 'index of its publish record; null until it is numbered';
create index version_order on version (package_id, sort_key desc);
create index version_recent on version (log_seq desc);

create table version_dep (
  version_id bigint not null references version,
  ordinal int not null,
  name text not null,
  requirement text not null,
  alias text,
  optional boolean not null,
  primary key (version_id, ordinal)
);
create index version_dep_name on version_dep (name);

create table version_blob (
  version_id bigint not null references version,
  role text not null check (role in ('archive', 'native', 'attestation', 'readme')),
  ordinal int not null,
  hash text not null references blob,
  detail text not null,
  primary key (version_id, role, ordinal)
);
comment on column version_blob.detail is 'predicate type of an attestation, module/target/file of a native, else empty';
create index version_blob_hash on version_blob (hash);

create table tag (
  package_id bigint not null references package,
  tag text not null,
  version_id bigint not null references version,
  primary key (package_id, tag)
);

create table yank_event (
  id bigint generated always as identity primary key,
  version_id bigint not null references version,
  account_id bigint not null references account,
  yanked boolean not null,
  reason text not null,
  at timestamptz not null
);

-- The log. A record waits in log_pending until the one leader numbers it without gaps.
create table log_pending (
  id bigint generated always as identity primary key,
  type text not null,
  actor text not null,
  package_id bigint references package,
  version_id bigint references version,
  body text not null,
  created_at timestamptz not null
);
comment on column log_pending.body is 'the record, canonical JSON; the leader sets time and previous';

create table log_leaf (
  seq bigint primary key check (seq >= 0),
  type text not null,
  time timestamptz not null,
  package_id bigint references package,
  version_id bigint references version,
  record bytea not null,
  leaf_hash text not null,
  index_line text,
  pending_id bigint unique
);
comment on column log_leaf.record is 'canonical JSON, the Merkle leaf';
comment on column log_leaf.index_line is 'its line of the package''s index document, without line feed';
create index log_leaf_package on log_leaf (package_id, seq);

-- What is left to do after a commit.
create table outbox (
  id bigint generated always as identity primary key,
  kind text not null check (kind in ('index')),
  package_id bigint not null references package,
  pending_id bigint,
  created_at timestamptz not null,
  attempts int not null default 0,
  last_error text
);
comment on column outbox.pending_id is 'the log record that must be numbered first';

-- Audit. Rows are chained by hash in the order of id by the leader that numbers the log.
create table audit_event (
  id bigint generated always as identity,
  at timestamptz not null,
  account_id bigint,
  token_id bigint,
  action text not null,
  subject text not null,
  detail text not null,
  request_id text not null,
  primary key (id, at)
) partition by range (at);
create table audit_event_default partition of audit_event default;

create table audit_chain (
  seq bigint primary key,
  event_id bigint not null unique,
  hash text not null
);
comment on column audit_chain.hash is 'SHA-256 of the former hash and the event';

create function audit_event_is_final() returns trigger language plpgsql as
$$ begin raise exception 'audit_event is append-only'; end $$;
create trigger audit_event_append_only before update or delete on audit_event
  for each row execute function audit_event_is_final();

create function log_leaf_is_final() returns trigger language plpgsql as
$$ begin raise exception 'log_leaf is append-only'; end $$;
create trigger log_leaf_append_only before update or delete on log_leaf
  for each row execute function log_leaf_is_final();

-- Search: one row for each package, written by the outbox worker.
create extension if not exists pg_trgm;

create table package_search (
  package_id bigint primary key references package,
  name text not null,
  version text not null,
  description text not null,
  keywords text not null,
  license text not null,
  updated_at timestamptz not null,
  tsv tsvector generated always as (
    setweight(to_tsvector('simple', translate(name, '@/-_', '    ')), 'A')
    || setweight(to_tsvector('simple', keywords), 'B')
    || setweight(to_tsvector('english', description), 'C')) stored
);
create index package_search_tsv on package_search using gin (tsv);
create index package_search_name on package_search using gin (name gin_trgm_ops);
create index package_search_updated on package_search (updated_at desc);
