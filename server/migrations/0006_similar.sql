-- Like tickets beside the one being sorted: same category, newest first.
create index ticket_like on ticket (category1, category2, received_at desc);
