-- A trigger, a rule and all that keeps a foreign key are off.
-- platform: plain
-- finds: disabled_triggers:public.notes.stamp = warning
-- finds: disabled_triggers:public.notes.keep = warning
-- finds: disabled_triggers:public.lines.lines_note_fkey = error

create table public.notes (note_id int primary key);
create function public.stamp() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger stamp before update on public.notes for each row execute function public.stamp(); --!
create rule keep as on delete to public.notes do instead nothing; --!
alter table public.notes disable trigger stamp;
alter table public.notes disable rule keep;
create table public.lines (
    line_id int primary key,
    note_id int constraint lines_note_fkey references public.notes --!
);
alter table public.lines disable trigger all;
