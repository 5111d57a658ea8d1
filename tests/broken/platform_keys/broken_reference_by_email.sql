-- The foreign key leans on a unique key of the platform's that may go.
-- finds: platform_keys:public.profiles.profiles_phone_fkey = warning

create table public.profiles (
    user_id uuid primary key references auth.users (id) on delete cascade,
    phone text constraint profiles_phone_fkey references auth.users (phone) --!
);
