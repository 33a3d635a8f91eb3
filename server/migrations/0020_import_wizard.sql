-- Imports, further: what a row said before a batch changed it, so that a wrong batch can be undone while nothing was done
-- on it; what the refused rows held, so that they can be mended; numbers in file names are covered.

-- 撤销所需: what this batch replaced, a row a key; `said` null: the key was new. Written with the change itself.
create table import_before (
  batch_id      bigint not null,
  ticket_id     bigint not null,
  key           text collate "C" not null,
  before_batch  bigint,    -- the batch whose row it was
  round         smallint,
  hash          bytea,
  profile       text,
  unit_id       bigint,
  said          json,
  primary key (batch_id, ticket_id, key)
);
create index import_before_was on import_before (before_batch, ticket_id) where before_batch is not null;

-- The sealed requester of a ticket before a batch gave it another: bytes as they were, still under seal.
create table import_before_requester (
  batch_id     bigint not null,
  ticket_id    bigint not null,
  name_enc     bytea,
  phone_enc    bytea,
  account_enc  bytea,
  content_enc  bytea,
  phone_hash   bytea,
  tail_hash    bytea,
  primary key (batch_id, ticket_id)
);

create index import_row_batch on import_row (batch_id, ticket_id);

-- 撤销批次: asked for once, done ticket by ticket in chunks; `next_ticket` is where a killed one goes on.
create table import_undo (
  batch_id     bigint primary key references import_batch,
  reason       text not null,
  user_id      bigint references app_user,
  user_name    text not null,
  asked_at     timestamptz not null,
  finished_at  timestamptz,
  next_ticket  bigint not null default 0,
  voided       integer not null default 0,  -- tickets that the batch had created
  put_back     integer not null default 0,  -- tickets that it had changed
  kept         integer not null default 0
);
create index import_undo_open on import_undo (batch_id) where finished_at is null;

-- What could not be undone, and why.
create table import_kept (
  batch_id   bigint not null references import_undo,
  ticket_id  bigint not null,
  number     text not null,
  why        text not null,
  primary key (batch_id, ticket_id)
);

-- 退回的行: the cells as they stood, sealed, until they are mended or a month has passed.
create table import_refused (
  batch_id   bigint not null references import_batch on delete cascade,
  row        integer not null,
  cells_enc  bytea not null,
  primary key (batch_id, row)
);

-- A telephone number in a file's name is nobody's business; new names are covered at the door.
update import_batch set file_name = regexp_replace(file_name, '(?<![0-9])1[3-9][0-9]{9}(?![0-9])', '［电话］', 'g')
 where file_name ~ '(?<![0-9])1[3-9][0-9]{9}(?![0-9])';
