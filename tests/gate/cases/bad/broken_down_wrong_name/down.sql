drop index concurrently public.files_content_type_idx;
