-- No function promises more than it can keep.
-- platform: plain

create function public.looks(secret text) returns boolean language sql immutable as $$ select secret = 'x' $$;
