-- The value is added in one file, used in the next; the first says that it cannot be taken back.
-- schemaproof: irreversible a value of an enum cannot be dropped
alter type public.order_status add value if not exists 'returned' after 'shipped';
