-- finds: narrowed_type:2:public.t.a = warning
-- finds: narrowed_type:2:public.t.b = warning
-- finds: narrowed_type:2:public.t.c = warning
-- finds: narrowed_type:2:public.t.d = warning
-- finds: narrowed_type:2:public.t.e = warning
-- also: rewritten_type:2:public.t.a = warning
-- also: rewritten_type:2:public.t.b = warning
-- also: rewritten_type:2:public.t.c = warning
-- also: rewritten_type:2:public.t.d = warning
-- also: rewritten_type:2:public.t.e = warning

-- before
create table private.t (a text);
create table public.t (a text, b bigint, c varchar(80), d numeric(12, 4), e timestamptz);
alter table public.t enable row level security;
-- new
alter table public.t
    alter column a type varchar(40), --!
    alter column b type integer, --!
    alter column c type character varying(20), --!
    alter column d type numeric(12, 2), --!
    alter column e type date; --!
