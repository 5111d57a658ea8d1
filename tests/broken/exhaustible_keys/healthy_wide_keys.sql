-- A bigint key with a reference as wide, an integer that counts but is no key, and one that is a key and does not count.
-- platform: plain

create table public.e (e_id bigint generated always as identity primary key, place serial);
create table public.f (f_id int primary key, e_id bigint references public.e);
