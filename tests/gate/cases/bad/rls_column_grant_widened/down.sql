revoke update on public.orders from authenticated;
grant update (reference, note, currency) on public.orders to authenticated;
