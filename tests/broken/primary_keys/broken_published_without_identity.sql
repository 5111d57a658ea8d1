-- A published table has no key: its UPDATEs fail. Another one is not published and lacks a key too.
-- platform: plain
-- finds: primary_keys:public.scores = error
-- finds: primary_keys:public.readings = warning
-- finds: primary_keys:public.codes = note

create table public.scores (player text, points int); --!
create publication changes for table public.scores;
create table public.readings (at timestamptz, value real); --!
create table public.codes (code text not null unique); --!
