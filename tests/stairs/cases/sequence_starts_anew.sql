-- finds: data_loss:2:sequence:public.numbers_id_seq = error
-- up --
alter table public.numbers alter column id drop default;
drop sequence public.numbers_id_seq;
-- down --
create sequence public.numbers_id_seq as integer owned by public.numbers.id;
alter table public.numbers alter column id set default nextval('public.numbers_id_seq');
