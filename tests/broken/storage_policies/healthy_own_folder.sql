-- Each policy names its bucket, and lets who asks see the own folder only.

insert into storage.buckets (id, name, public) values ('avatars', 'avatars', true), ('invoices', 'invoices', false);
create policy own on storage.objects for select to authenticated
    using (bucket_id = 'avatars' and (storage.foldername(name))[1] = (select auth.uid())::text);
create policy read on storage.objects for select to authenticated using (bucket_id = 'invoices');
create policy manage on storage.objects to service_role using (true);
