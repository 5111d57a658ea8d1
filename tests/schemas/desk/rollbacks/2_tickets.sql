drop table desk.tickets;
drop function desk.current_tenant_id();
alter default privileges grant execute on functions to public;
