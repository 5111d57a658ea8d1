grant delete on public.customers to authenticated;
