-- The trigger function that keeps updated_at on every mutable table.
-- Locks: none on any table.
create function private.set_updated_at()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
    -- Not now(): it is the transaction's start, and of two concurrent transactions the one that began first may write
    -- last, which would move updated_at back and hide the row from whoever reads what changed since. The trigger runs
    -- after the row's lock is held, so this clock is read in the order of the writes; the microsecond holds that
    -- order where the clock itself was set back. Of an inserted row too: a time in the future would stay for ever.
    new.updated_at := greatest(clock_timestamp(), old.updated_at + interval '1 microsecond');
    return new;
end
$$;

revoke all on function private.set_updated_at() from public;

comment on function private.set_updated_at() is
    'Sets updated_at of each row written to the time of the write, whatever the caller gave; it only ever grows.';
