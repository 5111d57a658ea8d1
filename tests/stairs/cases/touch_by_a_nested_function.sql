-- finds: data_loss:2:side_effect:public.nested.updated_at = warning
-- up --
alter table public.nested add column label text;
update public.nested set label = title;
-- down --
alter table public.nested drop column label;
