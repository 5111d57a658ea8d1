-- Locks: none on any table.
drop function public.search_slack_user_mappings(jsonb, timestamptz, integer);
drop function public.search_verified_whatsapp_numbers(jsonb, timestamptz, integer);
drop function private.refuse_search(jsonb, integer);
