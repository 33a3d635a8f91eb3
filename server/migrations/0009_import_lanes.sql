-- A chunk of an import is written by two transactions side by side, each with the numbers of its lane.
alter table import_batch
  add column lanes_done   smallint not null default 0,  -- bits of the lanes that have written the chunk under way
  add column lanes_until  integer  not null default 0;  -- where that chunk ends
