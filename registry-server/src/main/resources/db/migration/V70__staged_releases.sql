-- Staged releases: versions that were received and checked, and are in no log and no index until somebody promotes them.
create table stage (
  id text primary key check (id ~ '^[0-9a-f]{40}$'),
  name text not null,
  skeleton text not null,
  scope_skeleton text,
  version text not null,
  precedence text not null,
  account_id bigint not null references account,
  method text not null check (method in ('token', 'oidc')),
  announcement text not null,
  metadata text not null,
  checks text not null,
  signer text not null,
  provenance boolean not null,
  readme text,
  readme_size bigint not null default 0,
  received_at timestamptz not null,
  expires_at timestamptz not null,
  unique (name, precedence)
);
comment on column stage.id is '160 random bits: whoever knows it and has a token that reads may install the release';
comment on column stage.announcement is 'first part of the publish request';
create index stage_skeleton on stage (skeleton);
create index stage_scope on stage (scope_skeleton);
create index stage_account on stage (account_id);
create index stage_expires on stage (expires_at);

create table stage_blob (
  stage_id text not null references stage on delete cascade,
  hash text not null references blob,
  primary key (stage_id, hash)
);
create index stage_blob_hash on stage_blob (hash);

-- Blobs that nothing uses any more wait here for their bytes to be removed.
create index blob_unused on blob (hash) where refs = 0;

-- Where a version came from, so that promoting again finds it.
alter table version add column stage text;
create unique index version_stage on version (stage) where stage is not null;

-- What a token for one publish was used for, if that was a staged release.
alter table token add column used_stage text;

-- Whether somebody else than who staged a release has to promote it.
alter table package add column promoted_by_another boolean not null default false;
