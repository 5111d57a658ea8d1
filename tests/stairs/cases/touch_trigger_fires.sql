-- finds: data_loss:2:side_effect:public.touched.updated_at = warning
-- up --
alter table public.touched add column label text;
update public.touched set label = upper(title);
-- down --
alter table public.touched drop column label;
