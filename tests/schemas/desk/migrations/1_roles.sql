create role desk_user nologin;
create schema desk;
grant usage on schema desk to desk_user;
