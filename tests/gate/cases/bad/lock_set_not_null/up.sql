-- SET NOT NULL scans all partitions under ACCESS EXCLUSIVE, without a validated check before.
-- finds: locks:20260201000000:scan_set_not_null:public.events_2025
alter table public.events alter column subject_id set not null;
