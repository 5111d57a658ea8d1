alter function public.search_customers(text) security invoker;
