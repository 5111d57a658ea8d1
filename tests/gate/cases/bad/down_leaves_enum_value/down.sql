-- a value of an enum cannot be dropped
select 1;
