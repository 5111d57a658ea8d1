-- Who may change or delete one file of the bucket, may all: three policies ask for nobody's identity.
-- finds: storage_policies:storage.objects.change = warning
-- finds: storage_policies:storage.objects.remove = warning
-- finds: storage_policies:storage.objects.manage = warning

insert into storage.buckets (id, name, public) values ('avatars', 'avatars', true), ('invoices', 'invoices', false);
create policy change on storage.objects for update to authenticated using (bucket_id = 'invoices'); --!
create policy remove on storage.objects for delete using (bucket_id = 'avatars' and (select auth.role()) = 'authenticated'); --!
create policy manage on storage.objects to authenticated using (bucket_id in ('avatars', 'invoices')); --!
create policy own on storage.objects for delete to authenticated
using (bucket_id = 'avatars' and owner = (select auth.uid()));
create policy add on storage.objects for insert to authenticated with check (bucket_id = 'avatars');
