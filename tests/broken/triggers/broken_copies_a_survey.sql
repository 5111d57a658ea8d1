-- Settings: a trigger with its owner's rights copies the text of the survey that a new one names as its source.
-- platform: plain
-- finds: triggers:poll.surveys = error

create role poll_app nologin;
create schema poll;
grant usage on schema poll to poll_app;
create table poll.surveys (
    tenant_id uuid not null,
    survey_id uuid primary key default gen_random_uuid(),
    copied_from uuid,
    questions text not null
);
create index on poll.surveys (tenant_id);
create function poll.copy() returns trigger language plpgsql security definer set search_path = ''
as $$
begin
    if new.copied_from is not null then
        new.questions := coalesce(
            (select s.questions from poll.surveys as s where s.survey_id = new.copied_from), new.questions
        );
    end if;
    return new;
end
$$;
create trigger copy before insert on poll.surveys for each row execute function poll.copy(); --!
alter table poll.surveys enable row level security;
alter table poll.surveys force row level security;
grant select, insert on poll.surveys to poll_app;
create policy own on poll.surveys to poll_app
using (tenant_id = nullif(current_setting('poll.tenant_id', true), '')::uuid);
