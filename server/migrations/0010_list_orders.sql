-- 列表的排序: a list of a million tickets stands in any order of its columns, within each value by time of receipt.
-- The same indexes answer the filters by those columns.
drop index ticket_like;
create index ticket_category on ticket (category1, category2, received_at, id);
create index ticket_title on ticket (title, id);
create index ticket_channel on ticket (channel, received_at, id);
create index ticket_level on ticket (level, received_at, id);
create index ticket_community on ticket (community, received_at, id);
create index ticket_round on ticket (round, received_at, id) where round > 1;
create index ticket_returns on ticket (returns, received_at, id) where returns > 0;

-- A unit's tickets, or a street's, in an order that goes with the unit or the street (its communities, its usual units):
-- walking that order would first pass every other street's, so they are gathered, from the index alone.
drop index ticket_unit_received;
create index ticket_unit_received on ticket (lead_unit_id, received_at, id)
  include (state, street, community, category1, category2, channel, level, round, returns);
create index ticket_street on ticket (street, received_at, id)
  include (state, lead_unit_id, community, category1, category2, channel, level, round, returns);

-- A unit's scope: every ticket that it leads, led or helps with, gathered from the unit's side.
create index assignment_unit on assignment (unit_id, ticket_id);
