-- Files of an organisation lie in one bucket, in a folder of its id. Locks: ACCESS EXCLUSIVE on storage.objects, for an instant.
insert into storage.buckets (id, name, public) values ('files', 'files', false);

create function private.organisation_of(p_name text) returns uuid
language sql immutable set search_path = ''
as $$
    select case when p_name ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/' then split_part(p_name, '/', 1)::uuid end
$$;
revoke execute on function private.organisation_of(text) from public;
grant execute on function private.organisation_of(text) to authenticated;

create policy select_files_member on storage.objects for select to authenticated
    using (bucket_id = 'files' and private.is_member(private.organisation_of(name)));
create policy insert_files_editor on storage.objects for insert to authenticated
    with check (bucket_id = 'files' and private.can_edit(private.organisation_of(name)));
create policy delete_files_editor on storage.objects for delete to authenticated
    using (bucket_id = 'files' and private.can_edit(private.organisation_of(name)));
