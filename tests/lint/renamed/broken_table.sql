-- Nobody but the owner has a privilege: a warning.
-- finds: renamed:2:private.jobs = warning

-- before
create schema private;
create table private.jobs (id bigint primary key);
-- new
alter table private.jobs rename to tasks; --!
