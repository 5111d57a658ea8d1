-- Cut to 80 characters by the type change.
-- finds: data_loss:20260201000000:lost:public.notes.body
-- finds: locks:20260201000000:rewrite_alter_column_type:public.notes
alter table public.notes alter column body type varchar(80) using left(body, 80);
