-- pg-delta: transaction=false
-- An enum's value cannot be taken back, nor added twice.
-- platform: plain
-- finds: interruption:1:again = error

create type public.mood as enum ('glad'); --!
alter type public.mood add value 'sad';
create table public.notes (mood public.mood default 'sad');
