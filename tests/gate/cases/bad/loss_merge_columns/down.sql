alter table public.files add column content_type text not null default 'application/octet-stream';
update public.files set content_type = split_part(path, '/', 1), path = substr(path, strpos(path, '/') + 1);
