-- What publishing a version gave rise to remark, as its answer said it: a canonical JSON array.
alter table version add column checks text not null default '[]';
