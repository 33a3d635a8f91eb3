-- Imported rows are written a thousand at a time, read by key and by ticket, and never searched by what they said.
alter table import_row
  drop constraint import_row_unit_id_fkey,   -- units and batches are never deleted
  drop constraint import_row_batch_id_fkey,
  alter column said type json,
  alter column key type text collate "C";
