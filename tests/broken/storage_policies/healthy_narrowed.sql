-- A restrictive policy asks who it is, for every policy that asks only for the bucket.

insert into storage.buckets (id, name) values ('invoices', 'invoices');
create policy change on storage.objects for update to authenticated using (bucket_id = 'invoices');
create policy remove on storage.objects for delete to authenticated using (bucket_id = 'invoices');
create policy own on storage.objects as restrictive to authenticated using (owner = (select auth.uid()));
