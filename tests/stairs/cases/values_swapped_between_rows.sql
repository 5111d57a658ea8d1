-- finds: data_loss:2:lost:public.people.note = error
-- up --
with turned as (
    select a.id, b.note from (select id, row_number() over (order by id) as n from public.people) as a
    join (select note, row_number() over (order by id desc) as n from public.people) as b on a.n = b.n
)
update public.people as p set note = turned.note from turned where turned.id = p.id;
-- down --
select 1;
