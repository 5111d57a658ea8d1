-- A column holds the OID of a function.
-- platform: plain
-- finds: upgrade_blockers:public.hooks.handler = warning
-- finds: upgrade_blockers:public.hooks.spaces = warning

create table public.hooks (
    hook_id int primary key,
    handler regprocedure, --!
    spaces regnamespace[] --!
);
