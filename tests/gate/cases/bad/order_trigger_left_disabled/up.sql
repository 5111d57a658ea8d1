-- The up leaves a trigger disabled after its backfill.
-- finds: incompatible:trigger:public.notes.notes_touch
alter table public.notes disable trigger notes_touch;
update public.notes set pinned = pinned where pinned is null;
