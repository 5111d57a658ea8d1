-- Supabase's default privileges give everybody everything.
-- finds: open_table:1:public.notes = warning

-- new
create table public.notes (id bigint primary key); --!
