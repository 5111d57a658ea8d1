-- Leaves what was counted.
-- Locks: none on any table.
drop function public.usage_between(date, date, uuid);
drop function private.refresh_usage(date, date);
