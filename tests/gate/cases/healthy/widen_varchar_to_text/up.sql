-- varchar(40) to text touches the catalogue only. The column comes in the file before, so all its rows are null.
alter table public.memberships add column nickname varchar(40);
