-- Each foreign key has an index: by the primary key's beginning, in another order, partial on not null, longer, hashed.
-- platform: plain

create table public.orders (tenant_id int, order_id int, primary key (tenant_id, order_id));
create table public.items (item_id int primary key);
create table public.lines (
    tenant_id int,
    order_id int,
    item_id int references public.items,
    spare_id int references public.items on delete set null,
    primary key (order_id, tenant_id),
    foreign key (tenant_id, order_id) references public.orders on delete cascade
);
create index on public.lines (item_id, order_id);
create index on public.lines using hash (spare_id) where spare_id is not null;
create table public.notes (
    tenant_id int,
    order_id int,
    foreign key (tenant_id, order_id) references public.orders on delete cascade
);
-- the order alone tells its rows apart well enough
create index on public.notes (order_id);
