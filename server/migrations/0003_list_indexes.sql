-- Lists and counts at a million tickets: open tickets by due time, answered from the index alone.
create index ticket_open_due on ticket (due_at, id) include (state, near_at, lead_unit_id)
  where state not in ('closed', 'withdrawn', 'merged');

-- A number is looked up by its beginning or its last digits.
create index ticket_number_head on ticket (number text_pattern_ops);
create index ticket_number_tail on ticket (reverse(number) text_pattern_ops);
