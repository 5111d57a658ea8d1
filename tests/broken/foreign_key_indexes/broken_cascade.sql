-- The foreign key cascades and its only index starts with another column.
-- platform: plain
-- finds: foreign_key_indexes:public.lines.lines_order_fkey = warning
-- finds: foreign_key_indexes:public.lines.lines_item_fkey = note

create table public.orders (order_id int primary key);
create table public.items (item_id int primary key);
create table public.lines (
    line_id int,
    order_id int not null,
    item_id int,
    primary key (line_id, order_id),
    constraint lines_order_fkey foreign key (order_id) references public.orders on delete cascade, --!
    constraint lines_item_fkey foreign key (item_id) references public.items --!
);
-- deleted rows refer too, and this index does not have them
create index lines_item_id_idx on public.lines (item_id) where line_id > 0;
