-- The column is none that the files made: a note.
-- finds: rewritten_type:1:public.t.a = note

-- new
alter table public.t alter column a type jsonb using a::jsonb; --!
