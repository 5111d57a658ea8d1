-- Its COMMIT ends the runner's transaction, so that the table stays when a later statement fails.
-- platform: plain
-- finds: interruption:1:again = error

create table public.notes (note_id int); --!
create procedure public.fill() language plpgsql as $$
begin
    insert into public.notes values (1);
    commit;
end $$;
call public.fill();
alter table public.notes add column author text;
