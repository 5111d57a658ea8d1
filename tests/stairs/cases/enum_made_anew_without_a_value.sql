-- finds: data_loss:2:lost:public.people.mood = error
-- up --
create type public.mood_now as enum ('good', 'bad');
alter table public.people alter column mood drop default;
alter table public.people alter column mood type public.mood_now
    using (case mood::text when 'fair' then 'good' else mood::text end)::public.mood_now;
drop type public.mood;
alter type public.mood_now rename to mood;
-- down --
create type public.mood_then as enum ('good', 'fair', 'bad');
alter table public.people alter column mood type public.mood_then using mood::text::public.mood_then;
drop type public.mood;
alter type public.mood_then rename to mood;
