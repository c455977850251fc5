-- Where the run that a token was exchanged for can be looked at: what its provenance may name.
alter table token add column run_address text;
