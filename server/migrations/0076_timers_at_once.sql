-- A hundred thousand timers due in one minute: an urge, its notice, its message and its plan look up the ticket and the unit
-- that the same transaction holds locked. Neither is ever deleted (ADR 7); server/testing/soundness.ts asks instead.
alter table urge drop constraint urge_ticket_id_fkey, drop constraint urge_unit_id_fkey;
alter table urge_plan drop constraint urge_plan_ticket_id_fkey;
alter table notice drop constraint notice_ticket_id_fkey;
alter table inbox_message drop constraint inbox_message_ticket_id_fkey;
