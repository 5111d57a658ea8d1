-- The type of every phone number that is kept in the clear: E.164, a plus and 2 to 15 digits, the first not zero.
-- Locks: none on any table.
create domain public.e164 as text
    -- [0-9] and not \d, which a server's locale may let other scripts' digits match.
    constraint e164_is_a_plus_and_2_to_15_digits check (value ~ '^\+[1-9][0-9]{1,14}$');

comment on domain public.e164 is 'A phone number in E.164: a plus and 2 to 15 digits, the first not zero.';
comment on constraint e164_is_a_plus_and_2_to_15_digits on domain public.e164 is
    'ITU-T E.164 allows 15 digits, country code included; no country code begins with 0.';
