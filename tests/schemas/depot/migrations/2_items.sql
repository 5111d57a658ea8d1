-- Items of a tenant, and what became of them, by quarter. Locks: none beyond the new objects.
create table depot.items (
    tenant_id uuid not null default depot.tenant_id(),
    sku depot.sku not null,
    title text not null,
    weight_grams integer not null check (weight_grams between 1 and 50000),
    dimensions numeric(8, 2)[] not null default '{10, 10, 10}' check (cardinality(dimensions) = 3),
    volume numeric generated always as (dimensions[1] * dimensions[2] * dimensions[3]) stored,
    primary key (tenant_id, sku)
);

create table depot.movements (
    tenant_id uuid not null default depot.tenant_id(),
    movement_id bigint generated always as identity,
    sku depot.sku not null,
    moved_on date not null default current_date,
    pieces integer not null check (pieces <> 0),
    primary key (tenant_id, movement_id, moved_on),
    foreign key (tenant_id, sku) references depot.items (tenant_id, sku) on delete cascade
) partition by range (moved_on);
create table depot.movements_2025 partition of depot.movements for values from ('2025-01-01') to ('2026-01-01');
create table depot.movements_2026 partition of depot.movements for values from ('2026-01-01') to ('2027-01-01');
create table depot.movements_rest partition of depot.movements default;
create index movements_item_idx on depot.movements (tenant_id, sku);

alter table depot.items enable row level security;
alter table depot.items force row level security;
alter table depot.movements enable row level security;
alter table depot.movements force row level security;
alter table depot.movements_2025 enable row level security;
alter table depot.movements_2025 force row level security;
alter table depot.movements_2026 enable row level security;
alter table depot.movements_2026 force row level security;
alter table depot.movements_rest enable row level security;
alter table depot.movements_rest force row level security;

create policy all_app on depot.items to depot_app
    using (tenant_id = (select depot.tenant_id())) with check (tenant_id = (select depot.tenant_id()));
create policy all_app on depot.movements to depot_app
    using (tenant_id = (select depot.tenant_id())) with check (tenant_id = (select depot.tenant_id()));

grant select, insert, update, delete on table depot.items to depot_app;
grant select, insert on table depot.movements to depot_app;

create view depot.stock with (security_invoker = true) as
select i.tenant_id, i.sku, i.title, coalesce(sum(m.pieces), 0) as pieces
from depot.items as i left join depot.movements as m using (tenant_id, sku)
group by i.tenant_id, i.sku, i.title;
grant select on table depot.stock to depot_app;
