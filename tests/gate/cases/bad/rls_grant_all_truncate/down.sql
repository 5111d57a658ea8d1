drop policy files_update on public.files;
revoke all on public.files from authenticated;
grant select, insert, delete on public.files to authenticated;
