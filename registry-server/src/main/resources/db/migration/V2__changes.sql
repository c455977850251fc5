-- What changes about versions after they are published. Words stand here only: the log cannot forget.
alter table version add column status_reason text
  check (status_reason in ('broken', 'security', 'mistake', 'malware', 'legal', 'other'));
alter table version add column status_use text;
alter table version add column status_message text not null default '';
comment on column version.status_use is 'the version to use instead';
comment on column version.status_message is 'why, in the words of whoever changed it';

alter table yank_event add column message text not null default '';

-- Advisories in OSV form. The document is what was added; withdrawn ones stay, so that nobody's copy hides it.
create table advisory (
  id text primary key check (id ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$'),
  document text not null,
  modified_at timestamptz not null,
  withdrawn_at timestamptz
);
create table advisory_package (
  advisory_id text not null references advisory on delete cascade,
  name text not null,
  primary key (advisory_id, name)
);
create index advisory_package_name on advisory_package (name);

-- The outbox also writes the advisories of the static tree, which belong to no package.
alter table outbox drop constraint outbox_kind_check;
alter table outbox add constraint outbox_kind_check check (kind in ('index', 'advisories'));
alter table outbox alter column package_id drop not null;
alter table outbox add constraint outbox_package_check check (kind <> 'index' or package_id is not null);
