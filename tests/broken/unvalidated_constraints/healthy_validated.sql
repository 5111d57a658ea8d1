-- What was added NOT VALID was validated afterwards.
-- platform: plain

create table public.payments (payment_id int primary key, amount int);
alter table public.payments add constraint amount_is_positive check (amount > 0) not valid;
alter table public.payments validate constraint amount_is_positive;
