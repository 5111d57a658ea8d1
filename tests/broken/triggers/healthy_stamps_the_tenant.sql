-- Settings: a trigger writes the caller's tenant over whatever the row says; another refuses parents of others.
-- platform: plain

create role poll_app nologin;
create schema poll;
grant usage on schema poll to poll_app;
create function poll.tenant() returns uuid language sql stable
as $$ select nullif(current_setting('poll.tenant_id', true), '')::uuid $$;
create table poll.surveys (
    tenant_id uuid not null,
    survey_id uuid primary key default gen_random_uuid(),
    title text not null
);
create index on poll.surveys (tenant_id);
create table poll.answers (
    tenant_id uuid not null,
    answer_id uuid primary key default gen_random_uuid(),
    survey_id uuid not null references poll.surveys on delete cascade,
    body text not null
);
create index on poll.answers (survey_id);
create function poll.stamp() returns trigger language plpgsql set search_path = ''
as $$ begin new.tenant_id := coalesce(poll.tenant(), new.tenant_id); return new; end $$;
create function poll.guard() returns trigger language plpgsql security definer set search_path = ''
as $$
begin
    if not exists (
        select from poll.surveys as s where s.survey_id = new.survey_id and s.tenant_id = new.tenant_id
    ) then
        raise exception 'no such survey' using errcode = '23503';
    end if;
    return new;
end
$$;
create trigger stamp before insert on poll.surveys for each row execute function poll.stamp();
create trigger guard before insert or update on poll.answers for each row execute function poll.guard();
alter table poll.surveys enable row level security;
alter table poll.surveys force row level security;
alter table poll.answers enable row level security;
alter table poll.answers force row level security;
grant select, insert on poll.surveys, poll.answers to poll_app;
create policy own on poll.surveys to poll_app using (tenant_id = (select poll.tenant()));
create policy own on poll.answers to poll_app using (tenant_id = (select poll.tenant()));
