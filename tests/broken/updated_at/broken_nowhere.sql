-- No table has a trigger: the application is taken to keep the columns, and one note says so.
-- platform: plain
-- finds: updated_at:schema = note

create table public.a (
    a_id int primary key,
    updated_at timestamptz --!
);
create table public.b (b_id int primary key, modified_at timestamptz);
