-- A function that promises to tell nothing, and raises its argument.
-- platform: plain
-- finds: leakproof:public.looks(text) = warning

create function public.looks(secret text) returns boolean language plpgsql leakproof --!
as $$ begin raise notice '%', secret; return true; end $$;
