-- NOT NULL with a constant default: stored once, no rewrite since PostgreSQL 11.
alter table public.order_items add column tax_rate numeric(5, 4) not null default 0.19;
grant update (tax_rate) on public.order_items to authenticated;
