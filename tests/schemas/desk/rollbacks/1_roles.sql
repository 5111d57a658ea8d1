drop schema desk;
drop role desk_user;
