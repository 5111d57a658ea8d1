-- Hashes, ciphertexts, counts, ids, secrets that no column grant or no policy opens.

create table public.links (
    link_id uuid primary key,
    token_hash text,
    password_digest text,
    secret_ciphertext bytea,
    token_count int,
    api_key_id text,
    token_type text,
    secret_name text,
    expires_at text,
    secret text
);
alter table public.links enable row level security;
revoke all on table public.links from anon, authenticated;
grant select (link_id, token_hash, password_digest, token_type) on table public.links to authenticated;
create policy read on public.links for select to authenticated using (true);
create table public.vault (vault_id uuid primary key, password text);
alter table public.vault enable row level security;
