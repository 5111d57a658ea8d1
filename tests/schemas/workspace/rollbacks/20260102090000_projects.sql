drop view public.live_documents;
drop table public.documents;
drop table public.projects;
drop type public.project_state;
