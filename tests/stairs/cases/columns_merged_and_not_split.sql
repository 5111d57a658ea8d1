-- finds: data_loss:2:lost:public.people.first_name = error
-- finds: data_loss:2:lost:public.people.last_name = error
-- up --
alter table public.people add column full_name text;
update public.people set full_name = concat_ws(' ', first_name, last_name);
alter table public.people drop column first_name, drop column last_name;
-- down --
alter table public.people add column first_name text, add column last_name text;
update public.people set first_name = split_part(full_name, ' ', 1);
alter table public.people drop column full_name;
