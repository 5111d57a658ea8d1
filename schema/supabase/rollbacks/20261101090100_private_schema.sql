-- Locks: none on any table.
drop schema private;
