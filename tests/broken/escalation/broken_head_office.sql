-- Settings: one role is a member of every other tenant's: a head office, or a mistake.
-- platform: plain
-- finds: escalation:head_office:branch_a = warning
-- finds: escalation:head_office:branch_b = warning

create role branch_a nologin;
create role branch_b nologin;
create role head_office nologin in role branch_a, branch_b; --!
create schema bank;
grant usage on schema bank to branch_a, branch_b, head_office;
create table bank.accounts (
    branch name not null default current_user,
    account_no integer not null,
    holder text not null,
    primary key (branch, account_no)
);
alter table bank.accounts enable row level security;
alter table bank.accounts force row level security;
create policy own on bank.accounts to branch_a, branch_b, head_office using (branch = current_user);
grant select, insert on bank.accounts to branch_a, branch_b, head_office;
