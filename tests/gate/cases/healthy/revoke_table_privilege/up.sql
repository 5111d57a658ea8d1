-- Less for clients, and the down gives back exactly that.
revoke delete on public.customers from authenticated;
