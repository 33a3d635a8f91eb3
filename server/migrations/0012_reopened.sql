-- A ticket that was opened again belongs to no unit until the next dispatch; those opened before this was so are put right.
update ticket t
   set lead_unit_id = null
  from event e
 where e.ticket_id = t.id and e.kind = 'reopen' and e.round = t.round and t.lead_unit_id is not null
   and not exists (
     select 1 from event u where u.ticket_id = t.id and u.kind = 'undo:reopen' and u.version > e.version
   );
