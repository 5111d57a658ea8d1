-- finds: data_loss:2:later:public.people.mood = warning
-- up --
create type public.mood_now as enum ('good', 'fair', 'bad', 'awful');
alter table public.people alter column mood type public.mood_now using mood::text::public.mood_now;
drop type public.mood;
alter type public.mood_now rename to mood;
-- down --
create type public.mood_then as enum ('good', 'fair', 'bad');
alter table public.people alter column mood type public.mood_then
    using (case mood::text when 'awful' then 'bad' else mood::text end)::public.mood_then;
drop type public.mood;
alter type public.mood_then rename to mood;
