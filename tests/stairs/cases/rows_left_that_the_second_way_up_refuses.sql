-- finds: data_loss:2:left:public.people = warning
-- up --
insert into public.people (id, first_name, last_name, email) values (-7, 'a', 'b', 'c@example.com');
-- down --
select 1;
