-- What was erased stays erased.
-- Locks: none on any table.
drop function public.erase_data_subject(uuid, text, text, text, text);
drop function public.export_data_subject(uuid, text, text, text, text);
drop function private.find_data_subject(uuid, text, text, text, text);
drop function private.blot_json(jsonb, text);
drop function private.blot_text(text, text);
