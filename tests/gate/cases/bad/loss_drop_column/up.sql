-- Column dropped and added again empty: 12,500 texts lost, the schema equal.
-- finds: data_loss:20260201000000:lost:public.orders.note
alter table public.orders drop column note;
