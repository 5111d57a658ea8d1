-- Locks: none on any table.
drop domain public.e164;
