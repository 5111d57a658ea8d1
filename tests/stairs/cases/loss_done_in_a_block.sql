-- finds: data_loss:2:lost:public.people.email = error
-- up --
do $$
begin
    update public.people set email = 'gone-' || id;
end
$$;
-- down --
select 1;
