-- finds: data_loss:2:lost:public.people.score = error
-- up --
alter table public.people alter column score type integer using round(score);
-- down --
alter table public.people alter column score type numeric;
