-- Schema private: keys, jobs and helpers. No API role gets USAGE on it, so nothing in it can be named in a request;
-- policies still reach its helpers, because a policy's expression is resolved when the policy is made.
-- Locks: none on any table.
create schema private;

comment on schema private is 'Keys, jobs, the audit trail and helpers; no API role may use it.';
