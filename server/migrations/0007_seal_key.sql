-- Names the key by which this database's personal data is sealed (never the key): one row.
create table seal_key (
  one_row boolean primary key default true check (one_row),
  key_id  text not null,
  since   timestamptz not null
);
