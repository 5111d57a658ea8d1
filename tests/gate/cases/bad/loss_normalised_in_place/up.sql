-- Values rewritten in place, the down cannot know what they were.
-- finds: data_loss:20260201000000:lost:public.customers.phone
alter table public.customers disable trigger customers_touch;
update public.customers set phone = regexp_replace(phone, '[^0-9+]', '', 'g')
where phone ~ '[^0-9+]' and length(regexp_replace(phone, '[^0-9+]', '', 'g')) between 5 and 24;
alter table public.customers enable trigger customers_touch;
