-- finds: data_loss:2:lost:public.people.state = error
-- up --
update public.people set state = 'done' where state = 'closed';
alter table public.people drop constraint state_is_known, add constraint state_is_known check (state in ('open', 'done'));
-- down --
alter table public.people drop constraint state_is_known, add constraint state_is_known check (state in ('open', 'done', 'closed'));
