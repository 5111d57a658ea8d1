-- The project asks for two rules only, and breaks others.
-- settings: conventions = ["time_zones", "policy_roles"]

create table public.notes (id uuid, at timestamptz, title text, constraint pk primary key (id));
