-- The ML-DSA-65 half of a hybrid signing key, by the SHA-256 of its SubjectPublicKeyInfo.
alter table account_key
  add column ml_dsa text check (ml_dsa ~ '^[0-9a-f]{64}$');
