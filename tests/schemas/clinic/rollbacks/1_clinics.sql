drop table public.clinics;
drop function public.current_clinic();
