-- Two policies are for every bucket, one of them for the caller's own files; one lets anyone list a public bucket.
-- finds: storage_policies:storage.objects.own = note
-- finds: storage_policies:storage.objects.add = warning
-- finds: storage_policies:storage.objects.list = note

insert into storage.buckets (id, name, public) values ('avatars', 'avatars', true);
create policy own on storage.objects for insert to authenticated with check (owner = (select auth.uid())); --!
create policy list on storage.objects for select using (bucket_id = 'avatars'); --!
create policy add on storage.objects for insert to authenticated with check (true); --!
