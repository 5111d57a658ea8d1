-- nothing is to be found
-- up --
insert into public.people (id, first_name, last_name, email) values (-7, 'a', 'b', 'c@example.com');
-- down --
delete from public.people where id = -7;
