drop table depot.bookings;
drop table depot.docks;
