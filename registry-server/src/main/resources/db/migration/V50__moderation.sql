-- Versions under quarantine: a list that clients get within the hour, also for versions they have locked.
create table quarantine (
  version_id bigint primary key references version,
  reason text not null check (reason in ('broken', 'security', 'mistake', 'malware', 'legal', 'other')),
  advisory text check (advisory ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$'),
  since timestamptz not null
);

-- Blobs whose bytes were taken down; their rows stay, since versions and the log name them.
alter table blob add column taken_down boolean not null default false;
