-- Restrictive policies that ask only for the bucket, or hold for visitors alone, narrow nothing.
-- finds: storage_policies:storage.objects.remove = warning

insert into storage.buckets (id, name) values ('invoices', 'invoices');
create policy remove on storage.objects for delete to authenticated using (bucket_id = 'invoices'); --!
create policy one on storage.objects as restrictive to authenticated using (bucket_id <> 'letters');
create policy own on storage.objects as restrictive to anon using (owner = (select auth.uid()));
