-- Locks: ACCESS EXCLUSIVE on the view.
drop view public.current_verifications;
drop function public.check_verification_code(uuid, text, text);
drop function public.request_verification_code(uuid, text, integer);
drop function private.hash_code(uuid, uuid, text, integer);
drop function private.random_code(integer);
