-- The foreign keys refer to primary keys.

create table public.profiles (user_id uuid primary key references auth.users (id) on delete cascade);
create table public.photos (photo_id uuid primary key, object_id uuid references storage.objects (id));
