-- Locks: none on any table.
drop function public.search_communication_logs(jsonb, timestamptz, integer);
drop function public.find_communication_logs_by_phone_number(uuid, text);
