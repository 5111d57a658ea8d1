drop function public.accept_invitation(uuid);
drop table public.invitations;
