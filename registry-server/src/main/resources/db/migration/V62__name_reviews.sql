-- Packages whose name is near that of a top package: held until a person has looked at them.
create table name_review (
  package_id bigint primary key references package,
  near text not null,
  since timestamptz not null,
  decision text check (decision in ('released', 'refused')),
  decided_at timestamptz,
  check ((decision is null) = (decided_at is null))
);
