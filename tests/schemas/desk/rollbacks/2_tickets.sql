drop table desk.tickets;
drop function desk.current_tenant_id();
