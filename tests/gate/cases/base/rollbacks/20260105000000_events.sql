drop trigger orders_record_event on public.orders;
drop function private.record_order_event();
drop table public.events;
