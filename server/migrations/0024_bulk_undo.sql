-- 批量撤销: the tickets that a bulk move moved and the version that each then had, so that the run can be taken back whole
alter table bulk_run add column moved jsonb not null default '[]';
