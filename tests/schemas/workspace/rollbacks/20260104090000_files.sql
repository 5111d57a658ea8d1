drop policy select_files_member on storage.objects;
drop policy insert_files_editor on storage.objects;
drop policy delete_files_editor on storage.objects;
drop function private.organisation_of(text);
delete from storage.buckets where id = 'files';
