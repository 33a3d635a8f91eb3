-- 提醒: messages before a term ends — applications for exemption, their review, shelved tickets' review days and terms.

alter table inbox_message drop constraint inbox_message_kind_check;
alter table inbox_message add constraint inbox_message_kind_check
  check (kind in ('overdue', 'returned', 'bulk', 'import', 'mention', 'reminder'));

-- The rounds of a window that were answered unfavourably, which the reminder reads over and over.
create index result_unfavourable on result (counted_at)
  where not void and valid and scope = 'full' and unit_id is not null
    and (contacted = 'no' or solved in ('no', 'partly') or satisfied in ('dissatisfied', 'basically'));
