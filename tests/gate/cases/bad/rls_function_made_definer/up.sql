-- ALTER FUNCTION … SECURITY DEFINER on a function that leaned on the caller's policies.
-- finds: functions:public.search_customers(text):reach
alter function public.search_customers(text) security definer;
