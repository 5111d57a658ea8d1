-- The enum's value stays after the down, and nothing says so.
-- finds: stairway:20260201000000:type:public.order_status
alter type public.order_status add value 'returned' after 'shipped';
