-- 督办迟转 of an item that names no ticket is an incident too: it names the item.
alter table incident alter column ticket_id drop not null;
alter table incident add column item_id bigint references supervision_item (id);

-- Of items that named tickets the item is in the key.
alter table incident disable trigger incident_kept;
update incident set item_id = i.id from supervision_item i
 where incident.kind = 'supervision' and incident.key = 'supervision:' || i.id;
alter table incident enable trigger incident_kept;

alter table incident add constraint incident_about check (ticket_id is not null or item_id is not null);
create index incident_item on incident (item_id) where item_id is not null;
create index supervision_clock_forward on supervision_clock (due_at) where kind = 'forward' and (late or state = 'running');

create or replace function refuse_incident_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE'
     or (new.kind, new.key, new.ticket_id, new.item_id, new.occurred_at, new.cause, new.side, new.unit_id, new.person_id, new.term_from, new.term_to)
        is distinct from (old.kind, old.key, old.ticket_id, old.item_id, old.occurred_at, old.cause, old.side, old.unit_id, old.person_id, old.term_from, old.term_to)
     or old.state in ('upheld', 'dismissed') then
    raise exception 'an incident is not changed' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
