-- Two constraints were added NOT VALID, and only one of them was validated.
-- platform: plain
-- finds: unvalidated_constraints:public.payments.amount_is_positive = warning

create table public.payments (payment_id int primary key, amount int, fee int);
alter table public.payments add constraint amount_is_positive check (amount > 0) not valid; --!
alter table public.payments add constraint fee_is_positive check (fee > 0) not valid;
alter table public.payments validate constraint fee_is_positive;
