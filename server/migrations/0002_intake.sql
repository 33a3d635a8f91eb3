-- Imports: what a row said is kept with it, so that a ticket's rounds can be put in order whatever the order of files.

alter table import_row
  add column profile  text not null,
  add column unit_id  bigint references unit,
  -- everything the row said, normalised, personal data covered: {"fields": {…}, "extra": {…}}
  add column said     jsonb not null;

-- A closed row without a unit of ours counts in the district's figures and in no unit's.
alter table result alter column unit_id drop not null;

alter table import_batch
  -- the uploaded file, relative to the folder of files; null once it is gone
  add column stored    text,
  -- {"sheet", "headerAt", "headerHash", "columns", "previewRows", "rows", "format"}
  add column shape     jsonb not null default '{}';

create index import_batch_running on import_batch (id) where status = 'running';
