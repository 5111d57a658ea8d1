drop function public.cancel_order(uuid);
