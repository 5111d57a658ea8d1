-- schemaproof snapshot of PostgreSQL 17: made by `schemaproof snapshot`, not by hand.

--
-- Name: private; Type: SCHEMA; Schema: -; Owner: postgres
--

CREATE SCHEMA private;


ALTER SCHEMA private OWNER TO postgres;

--
-- Name: SCHEMA private; Type: COMMENT; Schema: -; Owner: postgres
--

COMMENT ON SCHEMA private IS 'Keys, jobs, the audit trail and helpers; no API role may use it.';


--
-- Name: public; Type: SCHEMA; Schema: -; Owner: pg_database_owner
--

CREATE SCHEMA public;


ALTER SCHEMA public OWNER TO pg_database_owner;

--
-- Name: SCHEMA public; Type: COMMENT; Schema: -; Owner: pg_database_owner
--

COMMENT ON SCHEMA public IS 'standard public schema';


--
-- Name: ciphertext; Type: DOMAIN; Schema: private; Owner: postgres
--

CREATE DOMAIN private.ciphertext AS bytea
	CONSTRAINT ciphertext_has_the_layout_of_format_1 CHECK (((SUBSTRING(VALUE FROM 1 FOR 1) = '\x01'::bytea) AND (octet_length(VALUE) >= 69) AND (((octet_length(VALUE) - 53) % 16) = 0)));


ALTER DOMAIN private.ciphertext OWNER TO postgres;

--
-- Name: DOMAIN ciphertext; Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON DOMAIN private.ciphertext IS 'Format 1: the byte 1, the key version (4 bytes, big-endian), the IV (16), AES-256-CBC with PKCS padding (16 a block), HMAC-SHA-256 (32) over all before it and tenant, table, column and row id.';


--
-- Name: keyed_hash; Type: DOMAIN; Schema: private; Owner: postgres
--

CREATE DOMAIN private.keyed_hash AS bytea
	CONSTRAINT keyed_hash_has_32_bytes CHECK ((octet_length(VALUE) = 32));


ALTER DOMAIN private.keyed_hash OWNER TO postgres;

--
-- Name: DOMAIN keyed_hash; Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON DOMAIN private.keyed_hash IS 'HMAC-SHA-256 under a key that is derived from a version of the registry.';


--
-- Name: e164; Type: DOMAIN; Schema: public; Owner: postgres
--

CREATE DOMAIN public.e164 AS text
	CONSTRAINT e164_is_a_plus_and_2_to_15_digits CHECK ((VALUE ~ '^\+[1-9][0-9]{1,14}$'::text));


ALTER DOMAIN public.e164 OWNER TO postgres;

--
-- Name: DOMAIN e164; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON DOMAIN public.e164 IS 'A phone number in E.164: a plus and 2 to 15 digits, the first not zero.';


--
-- Name: CONSTRAINT e164_is_a_plus_and_2_to_15_digits ON DOMAIN e164; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON CONSTRAINT e164_is_a_plus_and_2_to_15_digits ON DOMAIN public.e164 IS 'ITU-T E.164 allows 15 digits, country code included; no country code begins with 0.';


--
-- Name: audit(uuid, text, text, text, text[]); Type: FUNCTION; Schema: private; Owner: postgres
--

CREATE FUNCTION private.audit(tenant_id uuid, action text, table_name text, row_id text, changed_columns text[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    insert into private.audit_logs (tenant_id, actor_role, actor_id, action, table_name, row_id, changed_columns)
    values (
        coalesce(audit.tenant_id, '00000000-0000-0000-0000-000000000000'),
        private.request_role(),
        private.request_subject(),
        audit.action,
        audit.table_name,
        audit.row_id,
        coalesce(audit.changed_columns, '{}')
    );
end
$$;


ALTER FUNCTION private.audit(tenant_id uuid, action text, table_name text, row_id text, changed_columns text[]) OWNER TO postgres;

--
-- Name: FUNCTION audit(tenant_id uuid, action text, table_name text, row_id text, changed_columns text[]); Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON FUNCTION private.audit(tenant_id uuid, action text, table_name text, row_id text, changed_columns text[]) IS 'Writes an entry: the request''s role and subject, and what was done; without a tenant it is the system''s.';


--
-- Name: audit_deleted_rows(); Type: FUNCTION; Schema: private; Owner: postgres
--

CREATE FUNCTION private.audit_deleted_rows() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
    table_name constant text := tg_table_schema || '.' || tg_table_name;
    owner oid;
    purges boolean;
begin
    if not exists (select from old_rows) then
        return null;
    end if;
    select c.relowner into owner from pg_catalog.pg_class as c where c.oid = tg_relid;
    purges := pg_has_role(private.request_role()::name, owner, 'member');
    -- OFFSET looks for the row that is one too many, and no further.
    if purges and exists (select from old_rows offset 100) then
        perform private.audit(d.tenant_id, 'purge', table_name, null, null)
        from (select distinct r.tenant_id from old_rows as r) as d;
    else
        execute format(
            'select private.audit(r.tenant_id, %L, %L, r.%I::text, null) from old_rows as r',
            case when purges then 'purge' else 'delete' end, table_name, tg_argv[0]
        );
    end if;
    return null;
end
$$;


ALTER FUNCTION private.audit_deleted_rows() OWNER TO postgres;

--
-- Name: FUNCTION audit_deleted_rows(); Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON FUNCTION private.audit_deleted_rows() IS 'Writes an entry for each row that a statement deleted for good, or one a tenant for more than 100 of the owner''s.';


--
-- Name: audit_row(); Type: FUNCTION; Schema: private; Owner: postgres
--

CREATE FUNCTION private.audit_row() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
    before constant jsonb := to_jsonb(old);
    after constant jsonb := to_jsonb(new);
    present constant jsonb := coalesce(after, before);
    changed text[] := '{}';
    action text := coalesce(tg_argv[1], lower(tg_op));
begin
    if tg_op = 'UPDATE' then
        -- updated_at changes with every update and would make an entry of one that changes nothing.
        select coalesce(array_agg(c.key order by c.key), '{}') into changed
        from jsonb_each(after) as c
        where c.key <> 'updated_at' and c.value is distinct from before -> c.key;
        if changed = '{}' then
            return null;
        end if;
        if old.deleted_at is distinct from new.deleted_at then
            action := case when new.deleted_at is null then 'restore' else 'soft_delete' end;
        end if;
    end if;
    -- Not by private.audit: this is on the way of every code that is checked.
    insert into private.audit_logs (tenant_id, actor_role, actor_id, action, table_name, row_id, changed_columns)
    values (
        coalesce((present ->> 'tenant_id')::uuid, '00000000-0000-0000-0000-000000000000'),
        private.request_role(),
        private.request_subject(),
        action,
        tg_table_schema || '.' || tg_table_name,
        present ->> tg_argv[0],
        changed
    );
    return null;
end
$$;


ALTER FUNCTION private.audit_row() OWNER TO postgres;

--
-- Name: FUNCTION audit_row(); Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON FUNCTION private.audit_row() IS 'Writes an entry for the row that was made, changed, deleted or restored, with the names of what changed.';


--
-- Name: blot_json(jsonb, text); Type: FUNCTION; Schema: private; Owner: postgres
--

CREATE FUNCTION private.blot_json(document jsonb, mention text) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    AS $$
    select
        string_agg(
            case
                when t.token[1] like '"%' then
                    to_jsonb(private.blot_text(t.token[1]::jsonb #>> '{}', mention))::text
                when t.token[1] ~ '^[0-9-]' and t.token[1] ~* mention then '"*"'
                else t.token[1]
            end,
            '' order by t.place
        )::jsonb
    from regexp_matches(document::text, '"(?:[^"\\]|\\.)*"|[0-9-][0-9.]*|[^"0-9-]+', 'g')
        with ordinality as t (token, place)
$$;


ALTER FUNCTION private.blot_json(document jsonb, mention text) OWNER TO postgres;

--
-- Name: FUNCTION blot_json(document jsonb, mention text); Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON FUNCTION private.blot_json(document jsonb, mention text) IS 'A document with an asterisk for whatever in its strings, keys and numbers matches a pattern of mentions.';


--
-- Name: blot_text(text, text); Type: FUNCTION; Schema: private; Owner: postgres
--

CREATE FUNCTION private.blot_text(content text, mention text) RETURNS text
    LANGUAGE sql IMMUTABLE
    AS $$
    select regexp_replace(content, mention, '\1\2*', 'gi')
$$;


ALTER FUNCTION private.blot_text(content text, mention text) OWNER TO postgres;

--
-- Name: FUNCTION blot_text(content text, mention text); Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON FUNCTION private.blot_text(content text, mention text) IS 'A text with an asterisk for whatever in it matches a pattern of mentions.';


--
-- Name: ciphertext_context(uuid, text, text, uuid); Type: FUNCTION; Schema: private; Owner: postgres
--

CREATE FUNCTION private.ciphertext_context(tenant_id uuid, table_name text, column_name text, row_id uuid) RETURNS bytea
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (((((uuid_send(tenant_id) || uuid_send(row_id)) || int4send(octet_length(table_name))) || convert_to(table_name, 'UTF8'::name)) || int4send(octet_length(column_name))) || convert_to(column_name, 'UTF8'::name));


ALTER FUNCTION private.ciphertext_context(tenant_id uuid, table_name text, column_name text, row_id uuid) OWNER TO postgres;

--
-- Name: FUNCTION ciphertext_context(tenant_id uuid, table_name text, column_name text, row_id uuid); Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON FUNCTION private.ciphertext_context(tenant_id uuid, table_name text, column_name text, row_id uuid) IS 'The bytes of what a ciphertext is bound to; NULL if any of it is NULL.';


--
-- Name: ciphertext_key_version(bytea); Type: FUNCTION; Schema: private; Owner: postgres
--

CREATE FUNCTION private.ciphertext_key_version(ciphertext bytea) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ((((get_byte(ciphertext, 1) << 24) | (get_byte(ciphertext, 2) << 16)) | (get_byte(ciphertext, 3) << 8)) | get_byte(ciphertext, 4));


ALTER FUNCTION private.ciphertext_key_version(ciphertext bytea) OWNER TO postgres;

--
-- Name: FUNCTION ciphertext_key_version(ciphertext bytea); Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON FUNCTION private.ciphertext_key_version(ciphertext bytea) IS 'The version of the key that a ciphertext was made with.';


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: encryption_keys; Type: TABLE; Schema: private; Owner: postgres
--

CREATE TABLE private.encryption_keys (
    key_version integer NOT NULL,
    vault_secret_id uuid NOT NULL,
    state text DEFAULT 'current'::text NOT NULL,
    superseded_at timestamp with time zone,
    retired_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    deleted_at timestamp with time zone,
    CONSTRAINT current_keys_are_not_superseded CHECK (((state = 'current'::text) = (superseded_at IS NULL))),
    CONSTRAINT deleted_keys_are_retired CHECK (((deleted_at IS NULL) OR (state = 'retired'::text))),
    CONSTRAINT key_version_is_positive CHECK ((key_version > 0)),
    CONSTRAINT retired_keys_have_their_time CHECK (((state = 'retired'::text) = (retired_at IS NOT NULL))),
    CONSTRAINT state_is_known CHECK ((state = ANY (ARRAY['current'::text, 'superseded'::text, 'retired'::text])))
);

ALTER TABLE ONLY private.encryption_keys FORCE ROW LEVEL SECURITY;


ALTER TABLE private.encryption_keys OWNER TO postgres;

--
-- Name: TABLE encryption_keys; Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON TABLE private.encryption_keys IS 'Versions of the encryption key: one current, the superseded still decrypt, the retired are used by nothing.';


--
-- Name: COLUMN encryption_keys.key_version; Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON COLUMN private.encryption_keys.key_version IS 'Version; every ciphertext carries it, and none is used twice.';


--
-- Name: COLUMN encryption_keys.vault_secret_id; Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON COLUMN private.encryption_keys.vault_secret_id IS 'Id of the key in vault.secrets. No foreign key: the table is the platform''s and postgres may not refer to it.';


--
-- Name: COLUMN encryption_keys.state; Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON COLUMN private.encryption_keys.state IS 'current: encrypts and decrypts; superseded: decrypts; retired: was found to be used by nothing, may be removed.';


--
-- Name: COLUMN encryption_keys.superseded_at; Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON COLUMN private.encryption_keys.superseded_at IS 'When a rotation made another version current.';


--
-- Name: COLUMN encryption_keys.retired_at; Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON COLUMN private.encryption_keys.retired_at IS 'When it was found that nothing uses the version any more.';


--
-- Name: COLUMN encryption_keys.created_at; Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON COLUMN private.encryption_keys.created_at IS 'When the version was made.';


--
-- Name: COLUMN encryption_keys.updated_at; Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON COLUMN private.encryption_keys.updated_at IS 'When the row was last written; kept by a trigger.';


--
-- Name: COLUMN encryption_keys.deleted_at; Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON COLUMN private.encryption_keys.deleted_at IS 'When an operator took the retired key out of service, to see that nothing misses it; NULL: in service.';


--
-- Name: create_encryption_key(); Type: FUNCTION; Schema: private; Owner: postgres
--

CREATE FUNCTION private.create_encryption_key() RETURNS integer
    LANGUAGE sql
    BEGIN ATOMIC
 UPDATE private.encryption_keys SET state = 'superseded'::text, superseded_at = now()
   WHERE (encryption_keys.state = 'current'::text);
 INSERT INTO private.encryption_keys (key_version, vault_secret_id)  SELECT n.key_version,
             vault.create_secret(encode(extensions.gen_random_bytes(32), 'hex'::text), ('encryption_key_'::text || n.key_version), (('Version '::text || n.key_version) || ' of private.encryption_keys.'::text)) AS create_secret
            FROM ( SELECT (COALESCE(max(k.key_version), 0) + 1) AS key_version
                    FROM private.encryption_keys k) n
   RETURNING encryption_keys.key_version;
END;


ALTER FUNCTION private.create_encryption_key() OWNER TO postgres;

--
-- Name: FUNCTION create_encryption_key(); Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON FUNCTION private.create_encryption_key() IS 'Makes a key in Vault and registers it as the current version, whose number it returns.';


--
-- Name: current_key_version(); Type: FUNCTION; Schema: private; Owner: postgres
--

CREATE FUNCTION private.current_key_version() RETURNS integer
    LANGUAGE plpgsql
    AS $$
declare
    registry constant integer := 'private.encryption_keys'::regclass::oid::integer;
    found_version integer;
begin
    loop
        select k.key_version into found_version from private.encryption_keys as k where k.state = 'current';
        if found_version is null then
            perform pg_advisory_xact_lock(registry, 0);
            if not exists (select from private.encryption_keys as k where k.state = 'current') then
                perform private.create_encryption_key();
            end if;
        else
            -- Retiring the version waits for this lock, which lasts until what is written with the version has
            -- committed. Should the version have been retired before the lock was held, there is another by now.
            -- Trying first is an expression and no statement, which plpgsql evaluates several times as fast.
            if not pg_try_advisory_xact_lock_shared(registry, found_version) then
                perform pg_advisory_xact_lock_shared(registry, found_version);
            end if;
            if exists (
                select from private.encryption_keys as k
                where k.key_version = found_version and k.state <> 'retired'
            ) then
                return found_version;
            end if;
        end if;
    end loop;
end
$$;


ALTER FUNCTION private.current_key_version() OWNER TO postgres;

--
-- Name: FUNCTION current_key_version(); Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON FUNCTION private.current_key_version() IS 'The version to write with, made if there is none; it is not retired before the transaction ends.';


--
-- Name: current_tenant_id(); Type: FUNCTION; Schema: private; Owner: postgres
--

CREATE FUNCTION private.current_tenant_id() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN ("substring"((auth.jwt() ->> 'tenant_id'::text), '^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$'::text))::uuid;


ALTER FUNCTION private.current_tenant_id() OWNER TO postgres;

--
-- Name: FUNCTION current_tenant_id(); Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON FUNCTION private.current_tenant_id() IS 'The tenant that the request''s token names; NULL unless the claim tenant_id is a UUID in its canonical form.';


--
-- Name: current_workspace_id(); Type: FUNCTION; Schema: private; Owner: postgres
--

CREATE FUNCTION private.current_workspace_id() RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE WHEN (auth.jwt() ? 'workspace_id'::text) THEN COALESCE((auth.jwt() ->> 'workspace_id'::text), ''::text) ELSE NULL::text END;


ALTER FUNCTION private.current_workspace_id() OWNER TO postgres;

--
-- Name: FUNCTION current_workspace_id(); Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON FUNCTION private.current_workspace_id() IS 'The Slack workspace that the token narrows the request to; NULL when it has no such claim, and text that equals no workspace when the claim is malformed.';


--
-- Name: decrypt_text(bytea, uuid, text, text, uuid); Type: FUNCTION; Schema: private; Owner: postgres
--

CREATE FUNCTION private.decrypt_text(ciphertext bytea, tenant_id uuid, table_name text, column_name text, row_id uuid) RETURNS text
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
    context constant bytea := private.ciphertext_context(tenant_id, table_name, column_name, row_id);
    sealed_length constant integer := octet_length(ciphertext) - 32;
    secret bytea;
    sealed bytea;
    mac_key bytea;
begin
    if ciphertext is null then
        return null;
    end if;
    if sealed_length >= 37 and (sealed_length - 21) % 16 = 0 and get_byte(ciphertext, 0) = 1 then
        secret := private.key_secret(private.ciphertext_key_version(ciphertext));
        sealed := substr(ciphertext, 1, sealed_length);
        mac_key := private.derive_key(secret, 'authenticate');
        -- SQL compares byte by byte, and how long that takes tells how many agree. So the MACs' own MACs are compared:
        -- nobody without the key can choose one that agrees a little further.
        if extensions.hmac(extensions.hmac(context || sealed, mac_key, 'sha256'), mac_key, 'sha256')
            = extensions.hmac(substr(ciphertext, sealed_length + 1), mac_key, 'sha256')
        then
            return convert_from(
                extensions.decrypt_iv(
                    substr(sealed, 22), private.derive_key(secret, 'encrypt'), substr(sealed, 6, 16), 'aes-cbc/pad:pkcs'
                ),
                'UTF8'
            );
        end if;
    end if;
    raise exception 'the ciphertext in %.% is damaged, or was made for another row or with another key',
        table_name, column_name
        using
            errcode = 'SP101',
            detail = format('Tenant %s, row %s.', tenant_id, row_id),
            hint = 'Restore the column from a backup.';
end
$$;


ALTER FUNCTION private.decrypt_text(ciphertext bytea, tenant_id uuid, table_name text, column_name text, row_id uuid) OWNER TO postgres;

--
-- Name: FUNCTION decrypt_text(ciphertext bytea, tenant_id uuid, table_name text, column_name text, row_id uuid); Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON FUNCTION private.decrypt_text(ciphertext bytea, tenant_id uuid, table_name text, column_name text, row_id uuid) IS 'Decrypts what encrypt_text made for the same row; raises SP101 for anything else, SP102 without the key.';


--
-- Name: deletable_tables(); Type: FUNCTION; Schema: private; Owner: postgres
--

CREATE FUNCTION private.deletable_tables() RETURNS TABLE(relation regclass, table_name name, id_column name, has_workspace boolean, is_members boolean)
    LANGUAGE sql STABLE
    BEGIN ATOMIC
 SELECT (c.oid)::regclass AS oid,
     c.relname,
         CASE
             WHEN ((columns.key_columns = '{tenant_id}'::name[]) OR ((columns.key_columns[1] = 'tenant_id'::name) AND (cardinality(columns.key_columns) = 2))) THEN columns.key_columns[cardinality(columns.key_columns)]
             ELSE NULL::name
         END AS "case",
     ('workspace_id'::name = ANY (columns.all_columns)),
     (c.relname <> ALL (ARRAY['tenants'::name, 'usage_statistics'::name]))
    FROM ((pg_class c
      JOIN pg_index i ON (((i.indrelid = c.oid) AND i.indisprimary)))
      CROSS JOIN LATERAL ( SELECT ARRAY( SELECT a.attname
                    FROM (unnest((i.indkey)::smallint[]) WITH ORDINALITY k(attnum, place)
                      JOIN pg_attribute a ON (((a.attrelid = c.oid) AND (a.attnum = k.attnum))))
                   ORDER BY k.place) AS key_columns,
             ARRAY( SELECT a.attname
                    FROM pg_attribute a
                   WHERE ((a.attrelid = c.oid) AND (a.attnum > 0) AND (NOT a.attisdropped))) AS all_columns) columns)
   WHERE ((c.relnamespace = ('public'::regnamespace)::oid) AND (c.relkind = 'r'::"char") AND ('deletion_id'::name = ANY (columns.all_columns)));
END;


ALTER FUNCTION private.deletable_tables() OWNER TO postgres;

--
-- Name: FUNCTION deletable_tables(); Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON FUNCTION private.deletable_tables() IS 'The tables whose rows can be deleted softly, each with the column of its id (NULL: its rows go with their parent''s), and whether members may delete from it.';


--
-- Name: deletion_cascades(regclass); Type: FUNCTION; Schema: private; Owner: postgres
--

CREATE FUNCTION private.deletion_cascades(root regclass) RETURNS TABLE(child regclass, parent regclass, condition text)
    LANGUAGE sql STABLE
    BEGIN ATOMIC
 WITH RECURSIVE reached(relation, depth) AS (
          SELECT deletion_cascades.root AS root,
             0 AS "?column?"
         UNION
          SELECT (f_1.conrelid)::regclass AS conrelid,
             (r_1.depth + 1)
            FROM ((reached r_1
              JOIN pg_constraint f_1 ON (((f_1.confrelid = (r_1.relation)::oid) AND (f_1.contype = 'f'::"char") AND (f_1.confdeltype = 'c'::"char"))))
              JOIN private.deletable_tables() t_1(relation, table_name, id_column, has_workspace, is_members) ON (((t_1.relation)::oid = f_1.conrelid)))
           WHERE (r_1.depth < 10)
         )
  SELECT (f.conrelid)::regclass AS conrelid,
     (f.confrelid)::regclass AS confrelid,
     max(on_key.condition) AS max
    FROM (((reached r
      JOIN pg_constraint f ON (((f.confrelid = (r.relation)::oid) AND (f.contype = 'f'::"char") AND (f.confdeltype = 'c'::"char"))))
      JOIN private.deletable_tables() t(relation, table_name, id_column, has_workspace, is_members) ON (((t.relation)::oid = f.conrelid)))
      CROSS JOIN LATERAL ( SELECT string_agg(format('child.%I = parent.%I'::text, c.attname, p.attname), ' and '::text) AS condition
            FROM ((UNNEST(f.conkey, f.confkey) k(child_attnum, parent_attnum)
              JOIN pg_attribute c ON (((c.attrelid = f.conrelid) AND (c.attnum = k.child_attnum))))
              JOIN pg_attribute p ON (((p.attrelid = f.confrelid) AND (p.attnum = k.parent_attnum))))) on_key)
   GROUP BY f.oid, f.conrelid, f.confrelid
   ORDER BY (max(r.depth)), (max((t.table_name)::text)) DESC;
END;


ALTER FUNCTION private.deletion_cascades(root regclass) OWNER TO postgres;

--
-- Name: FUNCTION deletion_cascades(root regclass); Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON FUNCTION private.deletion_cascades(root regclass) IS 'The foreign keys by which deleting a row deletes others, in the order in which to follow them.';


--
-- Name: derive_key(bytea, bytea); Type: FUNCTION; Schema: private; Owner: postgres
--

CREATE FUNCTION private.derive_key(secret bytea, use bytea) RETURNS bytea
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN extensions.hmac((use || '\x01'::bytea), secret, 'sha256'::text);


ALTER FUNCTION private.derive_key(secret bytea, use bytea) OWNER TO postgres;

--
-- Name: FUNCTION derive_key(secret bytea, use bytea); Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON FUNCTION private.derive_key(secret bytea, use bytea) IS 'The key for one use of a version''s secret.';


--
-- Name: encrypt_text(text, uuid, text, text, uuid); Type: FUNCTION; Schema: private; Owner: postgres
--

CREATE FUNCTION private.encrypt_text(plaintext text, tenant_id uuid, table_name text, column_name text, row_id uuid) RETURNS bytea
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
    context constant bytea := private.ciphertext_context(tenant_id, table_name, column_name, row_id);
    iv constant bytea := extensions.gen_random_bytes(16);
    key_version integer;
    secret bytea;
    sealed bytea;
begin
    if plaintext is null then
        return null;
    end if;
    if context is null then
        raise exception 'a ciphertext must be bound to a tenant, a table, a column and a row' using
            errcode = 'SP001',
            hint = 'Give all four.';
    end if;
    key_version := private.current_key_version();
    secret := private.key_secret(key_version);
    sealed := '\x01'::bytea || int4send(key_version) || iv || extensions.encrypt_iv(
        convert_to(plaintext, 'UTF8'), private.derive_key(secret, 'encrypt'), iv, 'aes-cbc/pad:pkcs'
    );
    return sealed || extensions.hmac(context || sealed, private.derive_key(secret, 'authenticate'), 'sha256');
end
$$;


ALTER FUNCTION private.encrypt_text(plaintext text, tenant_id uuid, table_name text, column_name text, row_id uuid) OWNER TO postgres;

--
-- Name: FUNCTION encrypt_text(plaintext text, tenant_id uuid, table_name text, column_name text, row_id uuid); Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON FUNCTION private.encrypt_text(plaintext text, tenant_id uuid, table_name text, column_name text, row_id uuid) IS 'Encrypts with the current key, bound to the tenant, table, column and row; NULL gives NULL.';


--
-- Name: encryption_key_uses(integer); Type: FUNCTION; Schema: private; Owner: postgres
--

CREATE FUNCTION private.encryption_key_uses(key_version integer) RETURNS SETOF text
    LANGUAGE plpgsql STABLE
    AS $_$
declare
    use record;
    used boolean;
begin
    for use in
        select c.relnamespace::regnamespace || '.' || quote_ident(c.relname) as table_name, a.attname as column_name
        from pg_catalog.pg_constraint as r
        join pg_catalog.pg_class as c on c.oid = r.conrelid
        join pg_catalog.pg_attribute as a on a.attrelid = r.conrelid and a.attnum = r.conkey[1]
        where r.contype = 'f' and r.confrelid = 'private.encryption_keys'::regclass
        order by table_name
    loop
        execute format('select exists (select from %s as t where t.%I = $1)', use.table_name, use.column_name)
            into used using key_version;
        if used then
            return next use.table_name;
        end if;
    end loop;
end
$_$;


ALTER FUNCTION private.encryption_key_uses(key_version integer) OWNER TO postgres;

--
-- Name: FUNCTION encryption_key_uses(key_version integer); Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON FUNCTION private.encryption_key_uses(key_version integer) IS 'The tables with rows that use a version of the key.';


--
-- Name: find_data_subject(uuid, text, text, text, text); Type: FUNCTION; Schema: private; Owner: postgres
--

CREATE FUNCTION private.find_data_subject(tenant_id uuid, phone_number text, person_email text, workspace_id text, slack_user_id text, OUT phone_numbers text[], OUT person_emails text[], OUT number_ids uuid[], OUT mapping_ids uuid[], OUT log_ids uuid[], OUT sent_log_ids uuid[], OUT delivery_ids uuid[], OUT naming_delivery_ids uuid[], OUT mention text) RETURNS record
    LANGUAGE plpgsql
    AS $_$
#variable_conflict use_column
begin
    if num_nonnulls(
        find_data_subject.phone_number, find_data_subject.person_email, find_data_subject.slack_user_id
    ) = 0 or num_nonnulls(find_data_subject.workspace_id, find_data_subject.slack_user_id) = 1 then
        raise exception 'nothing says who the person is' using
            errcode = 'SP001',
            hint = 'Give a phone number, an e-mail address, or a Slack user with its workspace.';
    end if;
    -- As the columns have them: what can be on no row would still be searched for in texts, and '' is in every one.
    if find_data_subject.person_email !~ '^[^@[:space:]]+@[^@[:space:]]+$'
        or char_length(find_data_subject.person_email) > 320
        or find_data_subject.workspace_id !~ '^[ET][A-Z0-9]{2,20}$'
        or find_data_subject.slack_user_id !~ '^[UW][A-Z0-9]{2,20}$'
    then
        raise exception 'the address, the workspace or the Slack user is not of its form' using errcode = 'SP001';
    end if;
    if not exists (select from public.tenants as t where t.tenant_id = find_data_subject.tenant_id) then
        raise exception 'there is no tenant %', find_data_subject.tenant_id using errcode = 'SP002';
    end if;

    with recursive people as (
        select
            m.slack_user_mapping_id, m.workspace_id, m.slack_user_id, lower(m.person_email) as person_email,
            n.phone_number
        from public.slack_user_mappings as m
        left join public.verified_whatsapp_numbers as n
            on n.tenant_id = m.tenant_id and n.verified_whatsapp_number_id = m.verified_whatsapp_number_id
        where m.tenant_id = find_data_subject.tenant_id
    ), same (slack_user_mapping_id, workspace_id, slack_user_id, person_email, phone_number) as (
        select
            null::uuid, find_data_subject.workspace_id, find_data_subject.slack_user_id,
            lower(find_data_subject.person_email), find_data_subject.phone_number::public.e164
        union
        select p.slack_user_mapping_id, p.workspace_id, p.slack_user_id, p.person_email, p.phone_number
        from same as s
        join people as p
            on p.person_email = s.person_email
            or p.phone_number = s.phone_number
            or (p.workspace_id = s.workspace_id and p.slack_user_id = s.slack_user_id)
    )
    select
        array_agg(distinct s.phone_number) filter (where s.phone_number is not null),
        array_agg(distinct s.person_email) filter (where s.person_email is not null),
        array_agg(distinct s.slack_user_mapping_id) filter (where s.slack_user_mapping_id is not null)
    into phone_numbers, person_emails, mapping_ids
    from same as s;

    number_ids := array(
        select n.verified_whatsapp_number_id
        from public.verified_whatsapp_numbers as n
        where n.tenant_id = find_data_subject.tenant_id and n.phone_number = any (phone_numbers)
    );
    -- The person is the other side of these messages, by number or as a Slack user ...
    log_ids := array(
        select l.communication_log_id
        from public.communication_logs as l
        where
            l.tenant_id = find_data_subject.tenant_id
            and l.phone_number_hash = any (array(
                select private.hash_text('phone_number', find_data_subject.tenant_id, n, k.key_version)
                from unnest(phone_numbers) as n, private.encryption_keys as k
                where k.deleted_at is null
            ))
        union
        select l.communication_log_id
        from public.communication_logs as l
        join (
            select m.workspace_id, m.slack_user_id
            from public.slack_user_mappings as m
            where m.tenant_id = find_data_subject.tenant_id and m.slack_user_mapping_id = any (mapping_ids)
            union
            select find_data_subject.workspace_id, find_data_subject.slack_user_id
        ) as u on u.workspace_id = l.workspace_id and u.slack_user_id = l.slack_user_id
        where l.tenant_id = find_data_subject.tenant_id
    );
    -- ... and this side of those that went through the person's own number.
    sent_log_ids := array(
        select l.communication_log_id
        from public.communication_logs as l
        where
            l.tenant_id = find_data_subject.tenant_id
            and l.verified_whatsapp_number_id = any (number_ids)
            and not l.communication_log_id = any (log_ids)
    );
    mention := (
        select private.mention_pattern(array_agg(i.identifier))
        from (
            select unnest(phone_numbers || person_emails)
            union
            select find_data_subject.slack_user_id
            union
            select m.slack_user_id
            from public.slack_user_mappings as m
            where m.tenant_id = find_data_subject.tenant_id and m.slack_user_mapping_id = any (mapping_ids)
        ) as i (identifier)
    );
    -- A payload repeats the message; one that is about no message, or somebody else's, may still name the person.
    delivery_ids := array(
        select d.webhook_delivery_id
        from public.webhook_deliveries as d
        where
            d.tenant_id = find_data_subject.tenant_id and d.communication_log_id = any (log_ids || sent_log_ids)
    );
    naming_delivery_ids := array(
        select d.webhook_delivery_id
        from public.webhook_deliveries as d
        where
            d.tenant_id = find_data_subject.tenant_id
            and not d.webhook_delivery_id = any (delivery_ids)
            and d.payload::text ~* mention
    );
exception
    when check_violation then
        raise exception 'the phone number is not in E.164' using errcode = 'SP001';
end
$_$;


ALTER FUNCTION private.find_data_subject(tenant_id uuid, phone_number text, person_email text, workspace_id text, slack_user_id text, OUT phone_numbers text[], OUT person_emails text[], OUT number_ids uuid[], OUT mapping_ids uuid[], OUT log_ids uuid[], OUT sent_log_ids uuid[], OUT delivery_ids uuid[], OUT naming_delivery_ids uuid[], OUT mention text) OWNER TO postgres;

--
-- Name: FUNCTION find_data_subject(tenant_id uuid, phone_number text, person_email text, workspace_id text, slack_user_id text, OUT phone_numbers text[], OUT person_emails text[], OUT number_ids uuid[], OUT mapping_ids uuid[], OUT log_ids uuid[], OUT sent_log_ids uuid[], OUT delivery_ids uuid[], OUT naming_delivery_ids uuid[], OUT mention text); Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON FUNCTION private.find_data_subject(tenant_id uuid, phone_number text, person_email text, workspace_id text, slack_user_id text, OUT phone_numbers text[], OUT person_emails text[], OUT number_ids uuid[], OUT mapping_ids uuid[], OUT log_ids uuid[], OUT sent_log_ids uuid[], OUT delivery_ids uuid[], OUT naming_delivery_ids uuid[], OUT mention text) IS 'A person''s identifiers and the ids of all rows on the person; raises SP001 unless it is said who it is, SP002.';


--
-- Name: hash_text(text, uuid, text, integer); Type: FUNCTION; Schema: private; Owner: postgres
--

CREATE FUNCTION private.hash_text(purpose text, tenant_id uuid, message text, key_version integer DEFAULT NULL::integer) RETURNS bytea
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
    if message is null then
        return null;
    end if;
    if purpose is null or tenant_id is null then
        raise exception 'a keyed hash must be bound to a purpose and a tenant' using
            errcode = 'SP001',
            hint = 'Give both.';
    end if;
    return extensions.hmac(
        uuid_send(tenant_id) || int4send(octet_length(purpose)) || convert_to(purpose, 'UTF8')
        || convert_to(message, 'UTF8'),
        private.derive_key(private.key_secret(coalesce(key_version, private.current_key_version())), 'hash'),
        'sha256'
    );
end
$$;


ALTER FUNCTION private.hash_text(purpose text, tenant_id uuid, message text, key_version integer) OWNER TO postgres;

--
-- Name: FUNCTION hash_text(purpose text, tenant_id uuid, message text, key_version integer); Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON FUNCTION private.hash_text(purpose text, tenant_id uuid, message text, key_version integer) IS 'Keyed hash of a message for a purpose of a tenant, by a version or the current one; NULL gives NULL.';


--
-- Name: hash_code(uuid, uuid, text, integer); Type: FUNCTION; Schema: private; Owner: postgres
--

CREATE FUNCTION private.hash_code(tenant_id uuid, whatsapp_verification_id uuid, code text, key_version integer) RETURNS bytea
    LANGUAGE sql
    RETURN private.hash_text('verification_code'::text, tenant_id, ((whatsapp_verification_id || ':'::text) || code), key_version);


ALTER FUNCTION private.hash_code(tenant_id uuid, whatsapp_verification_id uuid, code text, key_version integer) OWNER TO postgres;

--
-- Name: FUNCTION hash_code(tenant_id uuid, whatsapp_verification_id uuid, code text, key_version integer); Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON FUNCTION private.hash_code(tenant_id uuid, whatsapp_verification_id uuid, code text, key_version integer) IS 'The keyed hash of a code, as code_hash has it.';


--
-- Name: job_runs; Type: TABLE; Schema: private; Owner: postgres
--

CREATE TABLE private.job_runs (
    job_run_id bigint NOT NULL,
    job_name text NOT NULL,
    status text DEFAULT 'running'::text NOT NULL,
    started_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    finished_at timestamp with time zone,
    batches bigint DEFAULT 0 NOT NULL,
    rows_affected bigint DEFAULT 0 NOT NULL,
    backend_pid integer DEFAULT pg_backend_pid() NOT NULL,
    error_sqlstate text,
    error_message text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    deleted_at timestamp with time zone,
    CONSTRAINT counts_are_not_negative CHECK ((LEAST(batches, rows_affected) >= 0)),
    CONSTRAINT error_message_has_at_most_1000_characters CHECK ((char_length(error_message) <= 1000)),
    CONSTRAINT error_sqlstate_is_a_sqlstate CHECK ((error_sqlstate ~ '^[0-9A-Z]{5}$'::text)),
    CONSTRAINT failed_runs_say_why CHECK (((status = 'failed'::text) = (error_sqlstate IS NOT NULL))),
    CONSTRAINT finished_at_is_not_before_started_at CHECK ((finished_at >= started_at)),
    CONSTRAINT running_jobs_have_no_end CHECK (((status = 'running'::text) = (finished_at IS NULL))),
    CONSTRAINT status_is_known CHECK ((status = ANY (ARRAY['running'::text, 'succeeded'::text, 'failed'::text])))
);

ALTER TABLE ONLY private.job_runs FORCE ROW LEVEL SECURITY;


ALTER TABLE private.job_runs OWNER TO postgres;

--
-- Name: TABLE job_runs; Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON TABLE private.job_runs IS 'Runs of the jobs, as the jobs themselves logged them.';


--
-- Name: COLUMN job_runs.job_run_id; Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON COLUMN private.job_runs.job_run_id IS 'The run.';


--
-- Name: COLUMN job_runs.job_name; Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON COLUMN private.job_runs.job_name IS 'The job that ran.';


--
-- Name: COLUMN job_runs.status; Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON COLUMN private.job_runs.status IS 'running, succeeded or failed; a run that was killed stays running.';


--
-- Name: COLUMN job_runs.started_at; Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON COLUMN private.job_runs.started_at IS 'When the run began.';


--
-- Name: COLUMN job_runs.finished_at; Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON COLUMN private.job_runs.finished_at IS 'When the run ended; NULL: it has not, or was killed.';


--
-- Name: COLUMN job_runs.batches; Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON COLUMN private.job_runs.batches IS 'Batches committed so far.';


--
-- Name: COLUMN job_runs.rows_affected; Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON COLUMN private.job_runs.rows_affected IS 'Rows removed or written so far.';


--
-- Name: COLUMN job_runs.backend_pid; Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON COLUMN private.job_runs.backend_pid IS 'Process of the run, to tell a killed run from a long one.';


--
-- Name: COLUMN job_runs.error_sqlstate; Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON COLUMN private.job_runs.error_sqlstate IS 'SQLSTATE of what ended the run.';


--
-- Name: COLUMN job_runs.error_message; Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON COLUMN private.job_runs.error_message IS 'Its primary message, never DETAIL or CONTEXT, which quote values of rows.';


--
-- Name: COLUMN job_runs.created_at; Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON COLUMN private.job_runs.created_at IS 'When the row was made.';


--
-- Name: COLUMN job_runs.updated_at; Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON COLUMN private.job_runs.updated_at IS 'When the row was last written, so the run''s last sign of life.';


--
-- Name: COLUMN job_runs.deleted_at; Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON COLUMN private.job_runs.deleted_at IS 'When an operator set the run aside; monitoring skips it.';


--
-- Name: jobs; Type: TABLE; Schema: private; Owner: postgres
--

CREATE TABLE private.jobs (
    job_name text NOT NULL,
    schedule text NOT NULL,
    expected_every interval NOT NULL,
    retention interval,
    batch_size integer DEFAULT 10000 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    deleted_at timestamp with time zone,
    CONSTRAINT batch_size_is_1_to_100000 CHECK (((batch_size >= 1) AND (batch_size <= 100000))),
    CONSTRAINT expected_every_is_positive CHECK ((expected_every > '00:00:00'::interval)),
    CONSTRAINT job_name_is_an_identifier CHECK ((job_name ~ '^[a-z][a-z0-9_]{0,62}$'::text)),
    CONSTRAINT retention_is_positive CHECK ((retention > '00:00:00'::interval)),
    CONSTRAINT schedule_has_1_to_100_characters CHECK (((char_length(schedule) >= 1) AND (char_length(schedule) <= 100)))
);

ALTER TABLE ONLY private.jobs FORCE ROW LEVEL SECURITY;


ALTER TABLE private.jobs OWNER TO postgres;

--
-- Name: TABLE jobs; Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON TABLE private.jobs IS 'Scheduled jobs, with what each keeps and how often it is to run.';


--
-- Name: COLUMN jobs.job_name; Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON COLUMN private.jobs.job_name IS 'Name of the job, the same in cron.job.';


--
-- Name: COLUMN jobs.schedule; Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON COLUMN private.jobs.schedule IS 'The cron expression that it is scheduled with.';


--
-- Name: COLUMN jobs.expected_every; Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON COLUMN private.jobs.expected_every IS 'The interval of its schedule; a job without a success for twice as long is overdue.';


--
-- Name: COLUMN jobs.retention; Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON COLUMN private.jobs.retention IS 'How long the job keeps rows; NULL: it removes none, or each tenant says.';


--
-- Name: COLUMN jobs.batch_size; Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON COLUMN private.jobs.batch_size IS 'Rows that the job removes or writes between two commits.';


--
-- Name: COLUMN jobs.created_at; Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON COLUMN private.jobs.created_at IS 'When the job was registered.';


--
-- Name: COLUMN jobs.updated_at; Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON COLUMN private.jobs.updated_at IS 'When the row was last written; kept by a trigger.';


--
-- Name: COLUMN jobs.deleted_at; Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON COLUMN private.jobs.deleted_at IS 'When the job was withdrawn from service and monitoring; NULL: in service.';


--
-- Name: job_states(); Type: FUNCTION; Schema: private; Owner: postgres
--

CREATE FUNCTION private.job_states() RETURNS TABLE(job_name text, schedule text, expected_every interval, last_started_at timestamp with time zone, last_status text, last_succeeded_at timestamp with time zone, last_rows_affected bigint, last_error_sqlstate text, last_error_message text, failed_since timestamp with time zone, killed_since timestamp with time zone, overdue_since timestamp with time zone, never_run_since timestamp with time zone)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO ''
    BEGIN ATOMIC
 SELECT job.job_name,
     job.schedule,
     job.expected_every,
     last.started_at,
     last.status,
     success.finished_at,
     last.rows_affected,
     last.error_sqlstate,
     last.error_message,
     trouble.failed_since,
     trouble.killed_since,
         CASE
             WHEN ((last.job_run_id IS NOT NULL) AND ((COALESCE(success.finished_at, job.created_at) + ((2)::double precision * job.expected_every)) < now())) THEN (COALESCE(success.finished_at, job.created_at) + ((2)::double precision * job.expected_every))
             ELSE NULL::timestamp with time zone
         END AS "case",
         CASE
             WHEN ((last.job_run_id IS NULL) AND ((job.created_at + job.expected_every) < now())) THEN job.created_at
             ELSE NULL::timestamp with time zone
         END AS "case"
    FROM (((private.jobs job
      LEFT JOIN LATERAL ( SELECT run.job_run_id,
             run.job_name,
             run.status,
             run.started_at,
             run.finished_at,
             run.batches,
             run.rows_affected,
             run.backend_pid,
             run.error_sqlstate,
             run.error_message,
             run.created_at,
             run.updated_at,
             run.deleted_at
            FROM private.job_runs run
           WHERE ((run.job_name = job.job_name) AND (run.deleted_at IS NULL))
           ORDER BY run.started_at DESC, run.job_run_id DESC
          LIMIT 1) last ON (true))
      LEFT JOIN LATERAL ( SELECT max(run.finished_at) AS finished_at
            FROM private.job_runs run
           WHERE ((run.job_name = job.job_name) AND (run.deleted_at IS NULL) AND (run.status = 'succeeded'::text))) success ON (true))
      LEFT JOIN LATERAL ( SELECT min(run.finished_at) FILTER (WHERE (run.status = 'failed'::text)) AS failed_since,
             min(run.updated_at) FILTER (WHERE ((run.status = 'running'::text) AND (NOT (EXISTS ( SELECT
                    FROM pg_stat_activity session
                   WHERE ((session.pid = run.backend_pid) AND COALESCE((session.backend_start <= run.started_at), true) AND COALESCE((session.state !~~ 'idle%'::text), true))))))) AS killed_since
            FROM private.job_runs run
           WHERE ((run.job_name = job.job_name) AND (run.deleted_at IS NULL) AND ((success.finished_at IS NULL) OR (COALESCE(run.finished_at, run.updated_at) > success.finished_at)))) trouble ON (true))
   WHERE (job.deleted_at IS NULL);
END;


ALTER FUNCTION private.job_states() OWNER TO postgres;

--
-- Name: FUNCTION job_states(); Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON FUNCTION private.job_states() IS 'The state of every job in service: its last run, and since when it fails, was killed, is overdue or never ran.';


--
-- Name: key_secret(integer); Type: FUNCTION; Schema: private; Owner: postgres
--

CREATE FUNCTION private.key_secret(key_version integer) RETURNS bytea
    LANGUAGE plpgsql STABLE
    AS $$
declare
    secret text;
begin
    select s.decrypted_secret into secret
    from private.encryption_keys as k
    join vault.decrypted_secrets as s on s.id = k.vault_secret_id
    where k.key_version = key_secret.key_version and k.deleted_at is null;
    if secret is null then
        raise exception 'version % of the encryption key is missing', key_version using
            errcode = 'SP102',
            hint = 'Restore its row in private.encryption_keys and its secret in Vault.';
    end if;
    return convert_to(secret, 'UTF8');
end
$$;


ALTER FUNCTION private.key_secret(key_version integer) OWNER TO postgres;

--
-- Name: FUNCTION key_secret(key_version integer); Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON FUNCTION private.key_secret(key_version integer) IS 'The secret of a version, from Vault; raises SP102 when it is missing.';


--
-- Name: live_rival(regclass, uuid, timestamp with time zone, uuid); Type: FUNCTION; Schema: private; Owner: postgres
--

CREATE FUNCTION private.live_rival(index regclass, tenant_id uuid, deleted_at timestamp with time zone, deletion_id uuid) RETURNS text
    LANGUAGE plpgsql STABLE
    AS $_$
declare
    key record;
    rival text;
begin
    select
        t.relation,
        t.id_column,
        coalesce(pg_get_expr(i.indpred, i.indrelid), 'true') as predicate,
        (
            select string_agg(format('live.%1$I = gone.%1$I', a.attname), ' and ')
            from unnest(i.indkey::smallint[]) as k (attnum)
            join pg_catalog.pg_attribute as a on a.attrelid = i.indrelid and a.attnum = k.attnum
        ) as condition
    into key
    from pg_catalog.pg_index as i
    join private.deletable_tables() as t on t.relation = i.indrelid
    where i.indexrelid = index and t.id_column is not null;
    if not found then
        return null;
    end if;
    -- The index's own predicate, which the deleted row would meet if it were live.
    execute format(
        'select live.%I::text from (select * from %s where %s) as live join (select * from %s where %s) as gone on %s
        where live.deleted_at is null and gone.tenant_id = $1 and gone.deleted_at = $2 and gone.deletion_id = $3 limit 1',
        key.id_column, key.relation, key.predicate, key.relation,
        replace(key.predicate, 'deleted_at IS NULL', 'deleted_at IS NOT NULL'), key.condition
    ) into rival using tenant_id, deleted_at, deletion_id;
    return rival;
end
$_$;


ALTER FUNCTION private.live_rival(index regclass, tenant_id uuid, deleted_at timestamp with time zone, deletion_id uuid) OWNER TO postgres;

--
-- Name: FUNCTION live_rival(index regclass, tenant_id uuid, deleted_at timestamp with time zone, deletion_id uuid); Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON FUNCTION private.live_rival(index regclass, tenant_id uuid, deleted_at timestamp with time zone, deletion_id uuid) IS 'The id of the live row that a unique index has in place of one of a deletion''s.';


--
-- Name: mention_pattern(text[]); Type: FUNCTION; Schema: private; Owner: postgres
--

CREATE FUNCTION private.mention_pattern(identifiers text[]) RETURNS text
    LANGUAGE sql IMMUTABLE
    AS $_$
    select
        nullif(concat_ws(
            '|',
            -- With 00 for the plus, and punctuated.
            '(^|[^[:alnum:]]|\\[bfnrt]|\\u[0-9a-f]{4}|%[0-9a-f]{2})(?:00)?(?:'
            || string_agg(
                regexp_replace(substr(i.identifier, 2), '(.)(?=.)', '\1[ ./()-]{0,2}', 'g'), '|' order by i.identifier
            ) filter (where i.is_number)
            || ')(?![[:alnum:]])',
            '(^|[^[:alnum:]._-]|\\[bfnrt]|\\u[0-9a-f]{4}|%[0-9a-f]{2})(?:'
            || string_agg(
                replace(regexp_replace(i.identifier, '([^[:alnum:]])', '\\\1', 'g'), '\@', '(?:@|%40)'), '|'
                order by i.identifier
            ) filter (where not i.is_number)
            || ')(?![[:alnum:]_-])'
        ), '')
    from (select n, n ~ '^[+][0-9]+$' from unnest(identifiers) as n) as i (identifier, is_number)
$_$;


ALTER FUNCTION private.mention_pattern(identifiers text[]) OWNER TO postgres;

--
-- Name: FUNCTION mention_pattern(identifiers text[]); Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON FUNCTION private.mention_pattern(identifiers text[]) IS 'A pattern, whatever the case, of what names a phone number, e-mail address or Slack user, and of nothing longer.';


--
-- Name: purge_audit_logs(integer); Type: PROCEDURE; Schema: private; Owner: postgres
--

CREATE PROCEDURE private.purge_audit_logs(IN batch_size integer DEFAULT NULL::integer)
    LANGUAGE plpgsql
    AS $$
begin
    call private.run_job('purge_audit_logs', batch_size);
end
$$;


ALTER PROCEDURE private.purge_audit_logs(IN batch_size integer) OWNER TO postgres;

--
-- Name: PROCEDURE purge_audit_logs(IN batch_size integer); Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON PROCEDURE private.purge_audit_logs(IN batch_size integer) IS 'Removes audit entries older than two years; see private.run_job.';


--
-- Name: purge_audit_logs_batch(private.jobs, private.job_runs); Type: FUNCTION; Schema: private; Owner: postgres
--

CREATE FUNCTION private.purge_audit_logs_batch(job private.jobs, run private.job_runs, OUT affected bigint, OUT is_last boolean) RETURNS record
    LANGUAGE plpgsql
    AS $$
declare
    boundary constant timestamptz := private.retention_boundary(job.retention);
begin
    delete from private.audit_logs as a where a.ctid = any (array(
        select d.ctid
        from private.audit_logs as d
        where d.occurred_at < boundary
        order by d.occurred_at
        limit job.batch_size
        for update skip locked
    ));
    get diagnostics affected = row_count;
    is_last := affected < job.batch_size;
end
$$;


ALTER FUNCTION private.purge_audit_logs_batch(job private.jobs, run private.job_runs, OUT affected bigint, OUT is_last boolean) OWNER TO postgres;

--
-- Name: FUNCTION purge_audit_logs_batch(job private.jobs, run private.job_runs, OUT affected bigint, OUT is_last boolean); Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON FUNCTION private.purge_audit_logs_batch(job private.jobs, run private.job_runs, OUT affected bigint, OUT is_last boolean) IS 'One batch: removes audit entries older than the retention.';


--
-- Name: purge_communication_logs(integer); Type: PROCEDURE; Schema: private; Owner: postgres
--

CREATE PROCEDURE private.purge_communication_logs(IN batch_size integer DEFAULT NULL::integer)
    LANGUAGE plpgsql
    AS $$
begin
    call private.run_job('purge_communication_logs', batch_size);
end
$$;


ALTER PROCEDURE private.purge_communication_logs(IN batch_size integer) OWNER TO postgres;

--
-- Name: PROCEDURE purge_communication_logs(IN batch_size integer); Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON PROCEDURE private.purge_communication_logs(IN batch_size integer) IS 'Removes communication logs past their tenant''s retention; see private.run_job.';


--
-- Name: purge_communication_logs_batch(private.jobs, private.job_runs); Type: FUNCTION; Schema: private; Owner: postgres
--

CREATE FUNCTION private.purge_communication_logs_batch(job private.jobs, run private.job_runs, OUT affected bigint, OUT is_last boolean) RETURNS record
    LANGUAGE plpgsql
    AS $$
declare
    logs constant tid[] := array(
        select o.ctid
        from public.tenants as t
        -- A tenant at a time, so that each is an index scan over nothing but what is past its boundary.
        cross join lateral (
            select d.ctid
            from public.communication_logs as d
            where d.tenant_id = t.tenant_id
                and d.created_at < private.retention_boundary(
                    pg_catalog.make_interval(days => t.communication_log_retention_days)
                )
            order by d.created_at
            limit job.batch_size
            for update skip locked
        ) as o
        limit job.batch_size
    );
    changed bigint;
begin
    -- Deliveries count: a message may have thousands. One that is being delivered holds back its message.
    delete from public.webhook_deliveries as w where w.ctid = any (array(
        select d.ctid
        from public.communication_logs as l
        join public.webhook_deliveries as d
            on d.tenant_id = l.tenant_id and d.communication_log_id = l.communication_log_id
        where l.ctid = any (logs)
        limit job.batch_size
        for update of d skip locked
    ));
    get diagnostics affected = row_count;
    delete from public.communication_logs as l where l.ctid = any (array(
        select o.ctid
        from public.communication_logs as o
        where o.ctid = any (logs) and not exists (
            select from public.webhook_deliveries as d
            where d.tenant_id = o.tenant_id and d.communication_log_id = o.communication_log_id
        )
        limit job.batch_size - affected
    ));
    get diagnostics changed = row_count;
    affected := affected + changed;
    is_last := affected = 0 or greatest(cardinality(logs), affected) < job.batch_size;
end
$$;


ALTER FUNCTION private.purge_communication_logs_batch(job private.jobs, run private.job_runs, OUT affected bigint, OUT is_last boolean) OWNER TO postgres;

--
-- Name: FUNCTION purge_communication_logs_batch(job private.jobs, run private.job_runs, OUT affected bigint, OUT is_last boolean); Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON FUNCTION private.purge_communication_logs_batch(job private.jobs, run private.job_runs, OUT affected bigint, OUT is_last boolean) IS 'One batch: removes logs past their tenant''s retention, deleted softly or not, with their webhook deliveries.';


--
-- Name: purge_job_runs(integer); Type: PROCEDURE; Schema: private; Owner: postgres
--

CREATE PROCEDURE private.purge_job_runs(IN batch_size integer DEFAULT NULL::integer)
    LANGUAGE plpgsql
    AS $$
begin
    call private.run_job('purge_job_runs', batch_size);
end
$$;


ALTER PROCEDURE private.purge_job_runs(IN batch_size integer) OWNER TO postgres;

--
-- Name: PROCEDURE purge_job_runs(IN batch_size integer); Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON PROCEDURE private.purge_job_runs(IN batch_size integer) IS 'Removes runs of jobs older than 90 days; see private.run_job.';


--
-- Name: purge_job_runs_batch(private.jobs, private.job_runs); Type: FUNCTION; Schema: private; Owner: postgres
--

CREATE FUNCTION private.purge_job_runs_batch(job private.jobs, run private.job_runs, OUT affected bigint, OUT is_last boolean) RETURNS record
    LANGUAGE plpgsql
    AS $$
declare
    boundary constant timestamptz := private.retention_boundary(job.retention);
    removed bigint;
begin
    delete from private.job_runs as r where r.ctid = any (array(
        select d.ctid
        from private.job_runs as d
        where d.started_at < boundary
            -- Monitoring and the statistics count from a job's last success, and what it has come to since.
            and d.job_run_id not in (
                select max(s.job_run_id) from private.job_runs as s group by s.job_name, s.status = 'succeeded'
            )
        limit job.batch_size
        for update skip locked
    ));
    get diagnostics affected = row_count;
    delete from cron.job_run_details as r where r.runid = any (array(
        select d.runid
        from cron.job_run_details as d
        -- A run that did not even start has an end only.
        where coalesce(d.end_time, d.start_time) < boundary
        limit job.batch_size - affected
    ));
    get diagnostics removed = row_count;
    affected := affected + removed;
    is_last := affected < job.batch_size;
end
$$;


ALTER FUNCTION private.purge_job_runs_batch(job private.jobs, run private.job_runs, OUT affected bigint, OUT is_last boolean) OWNER TO postgres;

--
-- Name: FUNCTION purge_job_runs_batch(job private.jobs, run private.job_runs, OUT affected bigint, OUT is_last boolean); Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON FUNCTION private.purge_job_runs_batch(job private.jobs, run private.job_runs, OUT affected bigint, OUT is_last boolean) IS 'One batch: removes runs older than the retention, but for the last success and the last other run of each job.';


--
-- Name: purge_soft_deleted(integer); Type: PROCEDURE; Schema: private; Owner: postgres
--

CREATE PROCEDURE private.purge_soft_deleted(IN batch_size integer DEFAULT NULL::integer)
    LANGUAGE plpgsql
    AS $$
begin
    call private.run_job('purge_soft_deleted', batch_size);
end
$$;


ALTER PROCEDURE private.purge_soft_deleted(IN batch_size integer) OWNER TO postgres;

--
-- Name: PROCEDURE purge_soft_deleted(IN batch_size integer); Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON PROCEDURE private.purge_soft_deleted(IN batch_size integer) IS 'Removes rows deleted softly more than 90 days ago; see private.run_job.';


--
-- Name: purge_soft_deleted_batch(private.jobs, private.job_runs); Type: FUNCTION; Schema: private; Owner: postgres
--

CREATE FUNCTION private.purge_soft_deleted_batch(job private.jobs, run private.job_runs, OUT affected bigint, OUT is_last boolean) RETURNS record
    LANGUAGE plpgsql
    AS $_$
declare
    boundary constant timestamptz := private.retention_boundary(job.retention);
    -- Of a tenant that is past its grace period everything goes, live rows included: so nobody may restore it
    -- meanwhile, and one that is being restored is left alone.
    tenants constant uuid[] := array(
        select t.tenant_id from public.tenants as t where t.deleted_at < boundary for update skip locked
    );
    age text;
    step text[];
    changed bigint;
begin
    affected := 0;
    foreach age in array array['t.deleted_at < $1', 't.tenant_id = any ($3)'] loop
        -- References that a removal sets to NULL are let go of first, in bounded numbers: a phone number may have a
        -- million logs. Children go before their parents, so that a cascade finds next to nothing; a parent stays while
        -- it has a child that is still to be kept, or is locked: a cascade would wait for it. Attempts have no grace
        -- period of their own: they go with their delivery.
        foreach step slice 1 in array array[
            ['public.communication_logs', 'verified_whatsapp_number_id', 'public.verified_whatsapp_numbers'],
            ['public.slack_user_mappings', 'verified_whatsapp_number_id', 'public.verified_whatsapp_numbers'],
            ['public.communication_logs', 'slack_connection_id', 'public.slack_connections']
        ] loop
            execute pg_catalog.format(
                'update %1$s as r set %2$I = null where r.ctid = any (array('
                '    select c.ctid from %3$s as t'
                '    join %1$s as c on c.tenant_id = t.tenant_id and c.%2$I = t.%2$I'
                '    where %4$s limit $2 for update of c skip locked'
                '))',
                step[1], step[2], step[3], age
            ) using boundary, job.batch_size - affected, tenants;
            get diagnostics changed = row_count;
            affected := affected + changed;
        end loop;
        foreach step slice 1 in array array[
            ['public.webhook_attempts', 'true'],
            ['public.webhook_deliveries', 'true'],
            [
                'public.communication_logs',
                'not exists (select from public.webhook_deliveries as c'
                ' where c.tenant_id = t.tenant_id and c.communication_log_id = t.communication_log_id)'
            ],
            ['public.slack_user_mappings', 'true'],
            [
                'public.slack_connections',
                'not exists (select from public.slack_user_mappings as c where c.tenant_id = t.tenant_id'
                ' and c.workspace_id = t.workspace_id and c.slack_connection_id = t.slack_connection_id)'
                ' and not exists (select from public.communication_logs as c'
                ' where c.tenant_id = t.tenant_id and c.slack_connection_id = t.slack_connection_id)'
            ],
            [
                'public.verified_whatsapp_numbers',
                'not exists (select from public.communication_logs as c where c.tenant_id = t.tenant_id'
                ' and c.verified_whatsapp_number_id = t.verified_whatsapp_number_id)'
                ' and not exists (select from public.slack_user_mappings as c where c.tenant_id = t.tenant_id'
                ' and c.verified_whatsapp_number_id = t.verified_whatsapp_number_id)'
            ],
            ['public.whatsapp_verifications', 'true'],
            ['public.usage_statistics', 'true']
        ] loop
            execute pg_catalog.format(
                'delete from %1$s as d where d.ctid = any (array('
                '    select t.ctid from %1$s as t where %2$s and %3$s limit $2 for update of t skip locked'
                '))',
                step[1], age, step[2]
            ) using boundary, job.batch_size - affected, tenants;
            get diagnostics changed = row_count;
            affected := affected + changed;
        end loop;
    end loop;
    delete from public.tenants as d where d.ctid = any (array(
        select t.ctid from public.tenants as t
        where t.tenant_id = any (tenants)
            and not exists (select from public.communication_logs as c where c.tenant_id = t.tenant_id)
            and not exists (select from public.webhook_deliveries as c where c.tenant_id = t.tenant_id)
            and not exists (select from public.slack_user_mappings as c where c.tenant_id = t.tenant_id)
            and not exists (select from public.slack_connections as c where c.tenant_id = t.tenant_id)
            and not exists (select from public.verified_whatsapp_numbers as c where c.tenant_id = t.tenant_id)
            and not exists (select from public.whatsapp_verifications as c where c.tenant_id = t.tenant_id)
            and not exists (select from public.usage_statistics as c where c.tenant_id = t.tenant_id)
        limit job.batch_size - affected
    ));
    get diagnostics changed = row_count;
    affected := affected + changed;
    is_last := affected < job.batch_size;
end
$_$;


ALTER FUNCTION private.purge_soft_deleted_batch(job private.jobs, run private.job_runs, OUT affected bigint, OUT is_last boolean) OWNER TO postgres;

--
-- Name: FUNCTION purge_soft_deleted_batch(job private.jobs, run private.job_runs, OUT affected bigint, OUT is_last boolean); Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON FUNCTION private.purge_soft_deleted_batch(job private.jobs, run private.job_runs, OUT affected bigint, OUT is_last boolean) IS 'One batch: removes rows whose soft deletion is past the grace period, children first, and tenants last.';


--
-- Name: purge_verifications(integer); Type: PROCEDURE; Schema: private; Owner: postgres
--

CREATE PROCEDURE private.purge_verifications(IN batch_size integer DEFAULT NULL::integer)
    LANGUAGE plpgsql
    AS $$
begin
    call private.run_job('purge_verifications', batch_size);
end
$$;


ALTER PROCEDURE private.purge_verifications(IN batch_size integer) OWNER TO postgres;

--
-- Name: PROCEDURE purge_verifications(IN batch_size integer); Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON PROCEDURE private.purge_verifications(IN batch_size integer) IS 'Stores which codes are expired and removes those expired for more than 24 hours; see private.run_job.';


--
-- Name: purge_verifications_batch(private.jobs, private.job_runs); Type: FUNCTION; Schema: private; Owner: postgres
--

CREATE FUNCTION private.purge_verifications_batch(job private.jobs, run private.job_runs, OUT affected bigint, OUT is_last boolean) RETURNS record
    LANGUAGE plpgsql
    AS $$
declare
    boundary constant timestamptz := private.retention_boundary(job.retention);
    expired bigint;
begin
    -- In every job that removes rows of ours: what another run or a request has locked is left to the next run, so two
    -- runs share the work and nobody waits. The rows are locked before they are removed, so their ctid stays what it is.
    delete from public.whatsapp_verifications as v where v.ctid = any (array(
        select d.ctid
        from public.whatsapp_verifications as d
        where d.expires_at < boundary
        order by d.expires_at
        limit job.batch_size
        for update skip locked
    ));
    get diagnostics affected = row_count;
    update public.whatsapp_verifications as v set status = 'expired' where v.ctid = any (array(
        select d.ctid
        from public.whatsapp_verifications as d
        where d.status = 'pending' and d.expires_at <= now()
        order by d.expires_at
        limit job.batch_size - affected
        for update skip locked
    ));
    get diagnostics expired = row_count;
    affected := affected + expired;
    is_last := affected < job.batch_size;
end
$$;


ALTER FUNCTION private.purge_verifications_batch(job private.jobs, run private.job_runs, OUT affected bigint, OUT is_last boolean) OWNER TO postgres;

--
-- Name: FUNCTION purge_verifications_batch(job private.jobs, run private.job_runs, OUT affected bigint, OUT is_last boolean); Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON FUNCTION private.purge_verifications_batch(job private.jobs, run private.job_runs, OUT affected bigint, OUT is_last boolean) IS 'One batch: removes codes expired for longer than the retention, then stores as expired what is past its time.';


--
-- Name: purge_webhook_deliveries(integer); Type: PROCEDURE; Schema: private; Owner: postgres
--

CREATE PROCEDURE private.purge_webhook_deliveries(IN batch_size integer DEFAULT NULL::integer)
    LANGUAGE plpgsql
    AS $$
begin
    call private.run_job('purge_webhook_deliveries', batch_size);
end
$$;


ALTER PROCEDURE private.purge_webhook_deliveries(IN batch_size integer) OWNER TO postgres;

--
-- Name: PROCEDURE purge_webhook_deliveries(IN batch_size integer); Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON PROCEDURE private.purge_webhook_deliveries(IN batch_size integer) IS 'Removes webhook deliveries that are delivered or spent for more than 7 days; see private.run_job.';


--
-- Name: purge_webhook_deliveries_batch(private.jobs, private.job_runs); Type: FUNCTION; Schema: private; Owner: postgres
--

CREATE FUNCTION private.purge_webhook_deliveries_batch(job private.jobs, run private.job_runs, OUT affected bigint, OUT is_last boolean) RETURNS record
    LANGUAGE plpgsql
    AS $$
declare
    boundary constant timestamptz := private.retention_boundary(job.retention);
begin
    -- Only a finished delivery has finished_at, so one that is still to be tried stays however old it is.
    delete from public.webhook_deliveries as w where w.ctid = any (array(
        select d.ctid
        from public.webhook_deliveries as d
        where d.finished_at < boundary
        order by d.finished_at
        limit job.batch_size
        for update skip locked
    ));
    get diagnostics affected = row_count;
    is_last := affected < job.batch_size;
end
$$;


ALTER FUNCTION private.purge_webhook_deliveries_batch(job private.jobs, run private.job_runs, OUT affected bigint, OUT is_last boolean) OWNER TO postgres;

--
-- Name: FUNCTION purge_webhook_deliveries_batch(job private.jobs, run private.job_runs, OUT affected bigint, OUT is_last boolean); Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON FUNCTION private.purge_webhook_deliveries_batch(job private.jobs, run private.job_runs, OUT affected bigint, OUT is_last boolean) IS 'One batch: removes deliveries finished for longer than the retention, with their attempts.';


--
-- Name: random_code(integer); Type: FUNCTION; Schema: private; Owner: postgres
--

CREATE FUNCTION private.random_code(length integer) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
    code text := '';
    bytes bytea;
begin
    if length is null or length not between 4 and 10 then
        raise exception 'a code has 4 to 10 digits, not %', coalesce(length::text, 'NULL') using
            errcode = 'SP201',
            hint = 'Ask for 4 to 10 digits.';
    end if;
    while char_length(code) < length loop
        bytes := extensions.gen_random_bytes(16);
        code := code || coalesce(
            (
                select string_agg((get_byte(bytes, i) % 10)::text, '' order by i)
                from generate_series(0, 15) as i
                -- Of 256 values the last six would make the digits 0 to 5 likelier: they are drawn again.
                where get_byte(bytes, i) < 250
            ),
            ''
        );
    end loop;
    return left(code, length);
end
$$;


ALTER FUNCTION private.random_code(length integer) OWNER TO postgres;

--
-- Name: FUNCTION random_code(length integer); Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON FUNCTION private.random_code(length integer) IS 'A code of 4 to 10 digits, each as likely as any other; raises SP201 for other lengths.';


--
-- Name: reencrypt(integer); Type: PROCEDURE; Schema: private; Owner: postgres
--

CREATE PROCEDURE private.reencrypt(IN batch_size integer DEFAULT 1000)
    LANGUAGE plpgsql
    AS $$
declare
    relation regclass;
    batch record;
    skipped text[];
    damaged text[] := '{}';
begin
    if batch_size is null or batch_size not between 1 and 100000 then
        raise exception 'a batch of % rows', coalesce(batch_size::text, 'NULL') using
            errcode = 'SP001',
            hint = 'Give 1 to 100000.';
    end if;
    foreach relation in array array(
        select distinct c.oid::regclass
        from pg_catalog.pg_class as c
        join pg_catalog.pg_attribute as e on e.attrelid = c.oid
        where c.relkind = 'r' and e.atttypid = 'private.ciphertext'::regtype and not e.attisdropped
    ) loop
        skipped := '{}';
        loop
            select b.is_last, b.damaged into batch
            from private.reencrypt_batch(relation, batch_size, skipped) as b;
            commit;
            exit when batch.is_last;
            skipped := skipped || batch.damaged;
        end loop;
        damaged := damaged || array(select relation || '/' || s from unnest(skipped) as s);
    end loop;
    perform private.audit(
        null, 'reencrypt', 'private.encryption_keys', (select max(k.key_version) from private.encryption_keys as k)::text,
        null
    );
    commit;
    if damaged <> '{}' then
        raise exception '% rows cannot be encrypted anew, all others are', cardinality(damaged) using
            errcode = 'SP101',
            detail = 'Table/tenant/row: ' || array_to_string(damaged, ', '),
            hint = 'Restore their ciphertexts, or a missing key, from a backup or delete the rows; then call it again.';
    end if;
end
$$;


ALTER PROCEDURE private.reencrypt(IN batch_size integer) OWNER TO postgres;

--
-- Name: PROCEDURE reencrypt(IN batch_size integer); Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON PROCEDURE private.reencrypt(IN batch_size integer) IS 'Encrypts and hashes anew, with the current key, what older versions hold, batch by committed batch; damaged rows are left, and raise SP101 at the end.';


--
-- Name: reencrypt_batch(regclass, integer, text[]); Type: FUNCTION; Schema: private; Owner: postgres
--

CREATE FUNCTION private.reencrypt_batch(relation regclass, batch_size integer, skipped text[], OUT is_last boolean, OUT damaged text[]) RETURNS record
    LANGUAGE plpgsql
    AS $_$
declare
    target record;
    places tid[];
    ids text[];
    statement text;
begin
    select
        c.relnamespace::regnamespace || '.' || c.relname as table_name,
        k.attname as id_column,
        e.attname as column_name,
        regexp_replace(e.attname, '_ciphertext$', '') as purpose,
        h.attname as hash_column
    into target
    from pg_catalog.pg_class as c
    join pg_catalog.pg_attribute as e on e.attrelid = c.oid and e.atttypid = 'private.ciphertext'::regtype
    join pg_catalog.pg_constraint as p on p.conrelid = c.oid and p.contype = 'p'
    join pg_catalog.pg_attribute as k on k.attrelid = c.oid and k.attnum = p.conkey[2]
    left join pg_catalog.pg_attribute as h
        on h.attrelid = c.oid and h.attname = regexp_replace(e.attname, '_ciphertext$', '_hash')
    where c.oid = reencrypt_batch.relation and not e.attisdropped;
    damaged := '{}';
    is_last := true;
    if target.table_name is null then
        return;
    end if;

    -- A version that is no longer the newest is found by its index.
    execute format(
        $sql$
        select array_agg(s.place), array_agg(s.id)
        from (
            select t.ctid as place, t.tenant_id || '/' || t.%2$I as id
            from %1$s as t
            where t.key_version < (select max(k.key_version) from private.encryption_keys as k)
                and (t.tenant_id || '/' || t.%2$I) <> all ($1)
            limit $2
            for update skip locked
        ) as s
        $sql$,
        target.table_name, target.id_column
    ) into places, ids using coalesce(skipped, '{}'), batch_size;
    if places is null then
        return;
    end if;
    is_last := false;

    -- The rows are locked, so they stay at their places.
    statement := format(
        $sql$
        with plain as materialized (
            select
                t.ctid as place, t.tenant_id, t.%2$I as id,
                private.decrypt_text(t.%3$I, t.tenant_id, %4$L, %3$L, t.%2$I) as plaintext
            from %1$s as t where t.ctid = any ($1)
        ), fresh as materialized (
            select p.*, private.encrypt_text(p.plaintext, p.tenant_id, %4$L, %3$L, p.id) as ciphertext
            from plain as p
        )
        update %1$s as t
        set %3$I = f.ciphertext, key_version = private.ciphertext_key_version(f.ciphertext) %5$s
        from fresh as f
        where t.ctid = any ($1) and t.ctid = f.place
        $sql$,
        target.table_name, target.id_column, target.column_name, target.table_name,
        case when target.hash_column is not null then format(
            ', %I = private.hash_text(%L, f.tenant_id, f.plaintext, private.ciphertext_key_version(f.ciphertext))',
            target.hash_column, target.purpose
        ) end
    );
    begin
        execute statement using places;
        return;
    exception
        when sqlstate 'SP101' or sqlstate 'SP102' then
            null;
    end;
    for n in 1 .. cardinality(places) loop
        begin
            execute statement using places[n:n];
        exception
            when sqlstate 'SP101' or sqlstate 'SP102' then
                damaged := damaged || ids[n];
        end;
    end loop;
end
$_$;


ALTER FUNCTION private.reencrypt_batch(relation regclass, batch_size integer, skipped text[], OUT is_last boolean, OUT damaged text[]) OWNER TO postgres;

--
-- Name: FUNCTION reencrypt_batch(relation regclass, batch_size integer, skipped text[], OUT is_last boolean, OUT damaged text[]); Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON FUNCTION private.reencrypt_batch(relation regclass, batch_size integer, skipped text[], OUT is_last boolean, OUT damaged text[]) IS 'Encrypts and hashes a batch of a table''s rows anew: whether none was left, and the tenant/row of what is damaged.';


--
-- Name: refresh_usage(date, date); Type: FUNCTION; Schema: private; Owner: postgres
--

CREATE FUNCTION private.refresh_usage(from_day date, to_day date) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
declare
    written bigint;
begin
    if from_day is null or to_day is null or not isfinite(from_day) or not isfinite(to_day) or from_day > to_day then
        raise exception 'no period from % to %', coalesce(from_day::text, 'NULL'), coalesce(to_day::text, 'NULL') using
            errcode = 'SP501',
            hint = 'Give two days, the first one first.';
    end if;
    -- A row for a deleted tenant would be live under it, and stand in the way of restoring it. So none may be deleted
    -- before the rows are committed; one that somebody writes to right now is counted the next time.
    with live as materialized (
        select t.tenant_id from public.tenants as t where t.deleted_at is null for share skip locked
    )
    insert into public.usage_statistics as u (
        tenant_id, day, whatsapp_messages, slack_messages, failed_messages, verifications_requested,
        verifications_succeeded, webhooks_delivered, webhooks_exhausted
    )
    select
        t.tenant_id, d.day, l.whatsapp, l.slack, l.failed, v.requested, v.succeeded, w.delivered, w.exhausted
    from live as t
    cross join (
        select
            from_day + n as day,
            (from_day + n)::timestamp at time zone 'UTC' as first_instant,
            (from_day + n + 1)::timestamp at time zone 'UTC' as next_instant
        from generate_series(0, to_day - from_day) as n
    ) as d
    -- Whether or not a row was deleted softly since: it was used.
    cross join lateral (
        select
            count(*) filter (where c.channel = 'whatsapp') as whatsapp,
            count(*) filter (where c.channel = 'slack') as slack,
            count(*) filter (where c.status = 'failed') as failed
        from public.communication_logs as c
        where c.tenant_id = t.tenant_id and c.created_at >= d.first_instant and c.created_at < d.next_instant
    ) as l
    cross join lateral (
        select count(*) as requested, count(*) filter (where c.status = 'verified') as succeeded
        from public.whatsapp_verifications as c
        where c.tenant_id = t.tenant_id and c.created_at >= d.first_instant and c.created_at < d.next_instant
    ) as v
    cross join lateral (
        select
            count(*) filter (where c.status = 'delivered') as delivered,
            count(*) filter (where c.status = 'exhausted') as exhausted
        from public.webhook_deliveries as c
        where c.tenant_id = t.tenant_id and c.created_at >= d.first_instant and c.created_at < d.next_instant
    ) as w
    where l.whatsapp + l.slack + v.requested + w.delivered + w.exhausted > 0
    on conflict (tenant_id, day) where deleted_at is null do update set
        -- Never less than before: by now a job may have removed what was counted.
        whatsapp_messages = greatest(u.whatsapp_messages, excluded.whatsapp_messages),
        slack_messages = greatest(u.slack_messages, excluded.slack_messages),
        -- But a message that failed may have been delivered since: where none is missing, the new count is right.
        failed_messages = case
            when excluded.whatsapp_messages >= u.whatsapp_messages and excluded.slack_messages >= u.slack_messages
                then excluded.failed_messages
            else greatest(u.failed_messages, excluded.failed_messages)
        end,
        verifications_requested = greatest(u.verifications_requested, excluded.verifications_requested),
        verifications_succeeded = greatest(u.verifications_succeeded, excluded.verifications_succeeded),
        webhooks_delivered = greatest(u.webhooks_delivered, excluded.webhooks_delivered),
        webhooks_exhausted = greatest(u.webhooks_exhausted, excluded.webhooks_exhausted)
    -- Most days of most tenants are as they were.
    where (
        u.whatsapp_messages, u.slack_messages, u.failed_messages, u.verifications_requested, u.verifications_succeeded,
        u.webhooks_delivered, u.webhooks_exhausted
    ) <> (
        excluded.whatsapp_messages, excluded.slack_messages, excluded.failed_messages,
        excluded.verifications_requested, excluded.verifications_succeeded, excluded.webhooks_delivered,
        excluded.webhooks_exhausted
    );
    get diagnostics written = row_count;
    return written;
end
$$;


ALTER FUNCTION private.refresh_usage(from_day date, to_day date) OWNER TO postgres;

--
-- Name: FUNCTION refresh_usage(from_day date, to_day date); Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON FUNCTION private.refresh_usage(from_day date, to_day date) IS 'Counts the usage of every live tenant on each day of a period, in UTC, and returns how many rows that wrote. A count never falls because rows were removed. Raises SP501 for what is no period.';


--
-- Name: refresh_usage_statistics(integer); Type: PROCEDURE; Schema: private; Owner: postgres
--

CREATE PROCEDURE private.refresh_usage_statistics(IN batch_size integer DEFAULT NULL::integer)
    LANGUAGE plpgsql
    AS $$
begin
    call private.run_job('refresh_usage_statistics', batch_size);
end
$$;


ALTER PROCEDURE private.refresh_usage_statistics(IN batch_size integer) OWNER TO postgres;

--
-- Name: PROCEDURE refresh_usage_statistics(IN batch_size integer); Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON PROCEDURE private.refresh_usage_statistics(IN batch_size integer) IS 'Counts the usage of the days since the last success and the seven before, and from the day on of a webhook delivery that has come to its end since; a batch is a day, see private.run_job.';


--
-- Name: refresh_usage_statistics_batch(private.jobs, private.job_runs); Type: FUNCTION; Schema: private; Owner: postgres
--

CREATE FUNCTION private.refresh_usage_statistics_batch(job private.jobs, run private.job_runs, OUT affected bigint, OUT is_last boolean) RETURNS record
    LANGUAGE plpgsql
    AS $$
declare
    today constant date := (now() at time zone 'UTC')::date;
    last_success constant timestamptz := (
        select max(r.started_at) from private.job_runs as r
        where r.job_name = job.job_name and r.status = 'succeeded' and r.job_run_id < run.job_run_id
    );
    -- The day of the last success was not over then, and a message of the week before may have come to its end since. A
    -- delivery's retries may take longer than that. Without a success, from the oldest row on.
    first_day constant date := coalesce(
        least(
            last_success - interval '7 days',
            (
                select min(d.created_at) from public.webhook_deliveries as d
                -- An hour more, for what ended before that run but was committed after it. Not what ends during this
                -- run: its first day would move on from batch to batch.
                where d.finished_at >= last_success - interval '1 hour' and d.finished_at < run.started_at
            )
        ),
        least(
            (select min(l.created_at) from public.communication_logs as l),
            (select min(v.created_at) from public.whatsapp_verifications as v),
            (select min(d.created_at) from public.webhook_deliveries as d)
        ),
        now()
    ) at time zone 'UTC';
    counted_day constant date := first_day + run.batches::integer;
begin
    -- Two runs at once would write the same rows: the second one waits for the first one's batch.
    perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('private.refresh_usage_statistics', 0));
    affected := private.refresh_usage(least(counted_day, today), least(counted_day, today));
    is_last := counted_day >= today;
end
$$;


ALTER FUNCTION private.refresh_usage_statistics_batch(job private.jobs, run private.job_runs, OUT affected bigint, OUT is_last boolean) OWNER TO postgres;

--
-- Name: FUNCTION refresh_usage_statistics_batch(job private.jobs, run private.job_runs, OUT affected bigint, OUT is_last boolean); Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON FUNCTION private.refresh_usage_statistics_batch(job private.jobs, run private.job_runs, OUT affected bigint, OUT is_last boolean) IS 'One batch: counts the next day, from seven before that of the last success, or that of the oldest delivery that has come to its end since, up to today, in UTC.';


--
-- Name: refuse_audit_change(); Type: FUNCTION; Schema: private; Owner: postgres
--

CREATE FUNCTION private.refuse_audit_change() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
    -- In UTC, as the job counts it: two years before a 29th of February must not depend on the session's time zone.
    if tg_op = 'DELETE' and old.occurred_at < (now() at time zone 'UTC' - interval '2 years') at time zone 'UTC' then
        return old;
    end if;
    raise exception 'the audit log is append-only, and keeps each entry for two years'
        using errcode = 'SP301', schema = tg_table_schema, table = tg_table_name;
end
$$;


ALTER FUNCTION private.refuse_audit_change() OWNER TO postgres;

--
-- Name: FUNCTION refuse_audit_change(); Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON FUNCTION private.refuse_audit_change() IS 'Refuses every UPDATE and TRUNCATE, and a DELETE of what has not been kept for two years, with SP301.';


--
-- Name: refuse_deletion(); Type: FUNCTION; Schema: private; Owner: postgres
--

CREATE FUNCTION private.refuse_deletion() RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    -- One answer to all: whether there is such a table, and whose the row is, is not told.
    raise exception 'there is no such row, or not in this state' using
        errcode = 'SP401',
        hint = 'Give a table''s name without its schema, and the id of a row of your tenant: a live one to delete, '
            'a deleted one to restore.';
end
$$;


ALTER FUNCTION private.refuse_deletion() OWNER TO postgres;

--
-- Name: FUNCTION refuse_deletion(); Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON FUNCTION private.refuse_deletion() IS 'Raises SP401.';


--
-- Name: refuse_search(jsonb, integer); Type: FUNCTION; Schema: private; Owner: postgres
--

CREATE FUNCTION private.refuse_search(metadata_contains jsonb, max_rows integer) RETURNS void
    LANGUAGE plpgsql IMMUTABLE
    AS $_$
begin
    -- What holds no value at any depth, {"a": {}} say, has no entry in an index of jsonb_path_ops: finding it would
    -- read the index from end to end, over all tenants.
    if
        metadata_contains is null
        or jsonb_typeof(metadata_contains) <> 'object'
        or not jsonb_path_exists(metadata_contains, 'strict $.** ? (@.type() != "object" && @.type() != "array")')
    then
        raise exception 'metadata_contains is no object with a value in it' using errcode = 'SP001';
    end if;
    if max_rows is null or max_rows not between 1 and 1000 then
        raise exception 'max_rows is %', coalesce(max_rows::text, 'NULL') using
            errcode = 'SP001',
            hint = 'Give 1 to 1000, and created_at and id of the last row as before and before_id for the next page.';
    end if;
end
$_$;


ALTER FUNCTION private.refuse_search(metadata_contains jsonb, max_rows integer) OWNER TO postgres;

--
-- Name: FUNCTION refuse_search(metadata_contains jsonb, max_rows integer); Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON FUNCTION private.refuse_search(metadata_contains jsonb, max_rows integer) IS 'Raises SP001 for a search for no value, and for pages that are no number from 1 to 1000.';


--
-- Name: remove_encryption_key(integer); Type: FUNCTION; Schema: private; Owner: postgres
--

CREATE FUNCTION private.remove_encryption_key(key_version integer) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
    secret_id uuid;
begin
    delete from private.encryption_keys as k
    where k.key_version = remove_encryption_key.key_version and k.state = 'retired'
    returning k.vault_secret_id into secret_id;
    if secret_id is null then
        raise exception 'version % of the encryption key cannot be removed: it is not retired', key_version using
            errcode = 'SP105',
            hint = 'Call private.retire_encryption_key() first.';
    end if;
    delete from vault.secrets as s where s.id = secret_id;
    perform private.audit(null, 'remove', 'private.encryption_keys', key_version::text, null);
exception
    when foreign_key_violation or restrict_violation then
        raise exception 'version % of the encryption key is in use', key_version using
            errcode = 'SP104',
            hint = 'Call private.reencrypt(), then remove it again.';
end
$$;


ALTER FUNCTION private.remove_encryption_key(key_version integer) OWNER TO postgres;

--
-- Name: FUNCTION remove_encryption_key(key_version integer); Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON FUNCTION private.remove_encryption_key(key_version integer) IS 'Removes a retired version and its secret in Vault; raises SP104 while a row uses it, SP105 unless it is retired.';


--
-- Name: request_role(); Type: FUNCTION; Schema: private; Owner: postgres
--

CREATE FUNCTION private.request_role() RETURNS text
    LANGUAGE sql STABLE
    RETURN COALESCE(NULLIF(current_setting('role'::text), 'none'::text), (SESSION_USER)::text);


ALTER FUNCTION private.request_role() OWNER TO postgres;

--
-- Name: FUNCTION request_role(); Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON FUNCTION private.request_role() IS 'The database role that the request came as, within SECURITY DEFINER functions too.';


--
-- Name: request_bypasses(); Type: FUNCTION; Schema: private; Owner: postgres
--

CREATE FUNCTION private.request_bypasses() RETURNS boolean
    LANGUAGE sql STABLE
    RETURN (EXISTS (SELECT FROM pg_roles r WHERE ((r.rolname = private.request_role()) AND (r.rolbypassrls OR r.rolsuper))));


ALTER FUNCTION private.request_bypasses() OWNER TO postgres;

--
-- Name: FUNCTION request_bypasses(); Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON FUNCTION private.request_bypasses() IS 'Whether row-level security does not hold for the role that the request came as: what filters by tenant obeys it.';


--
-- Name: request_subject(); Type: FUNCTION; Schema: private; Owner: postgres
--

CREATE FUNCTION private.request_subject() RETURNS uuid
    LANGUAGE sql STABLE
    RETURN ("substring"((auth.jwt() ->> 'sub'::text), '^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$'::text))::uuid;


ALTER FUNCTION private.request_subject() OWNER TO postgres;

--
-- Name: FUNCTION request_subject(); Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON FUNCTION private.request_subject() IS 'The claim sub of the request''s token; NULL unless it is a UUID.';


--
-- Name: request_tenant_id(uuid); Type: FUNCTION; Schema: private; Owner: postgres
--

CREATE FUNCTION private.request_tenant_id(tenant_id uuid) RETURNS uuid
    LANGUAGE sql STABLE
    RETURN CASE WHEN private.request_bypasses() THEN tenant_id WHEN COALESCE((tenant_id = private.current_tenant_id()), true) THEN private.current_tenant_id() ELSE NULL::uuid END;


ALTER FUNCTION private.request_tenant_id(tenant_id uuid) OWNER TO postgres;

--
-- Name: FUNCTION request_tenant_id(tenant_id uuid); Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON FUNCTION private.request_tenant_id(tenant_id uuid) IS 'The tenant that a request is about: any one that is given where the role bypasses row-level security, else the token''s, and NULL for a foreign one.';


--
-- Name: require_live_parent(); Type: FUNCTION; Schema: private; Owner: postgres
--

CREATE FUNCTION private.require_live_parent() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $_$
declare
    parent constant regclass := tg_argv[0]::regclass;
    key constant name := tg_argv[1];
    referred constant uuid := to_jsonb(new) ->> key;
    locked bigint;
begin
    -- What refers to a row that was deleted since may still be written otherwise.
    if tg_op = 'UPDATE' and (old.tenant_id, to_jsonb(old) ->> key) = (new.tenant_id, to_jsonb(new) ->> key) then
        return null;
    end if;
    -- FOR SHARE waits for a deletion that is under way, and makes one that comes later wait, and take the new row along.
    execute format(
        'select from %s as p where p.tenant_id = $1 and p.%I = $2 and p.deleted_at is null for share', parent, key
    ) using new.tenant_id, referred;
    get diagnostics locked = row_count;
    if locked = 0 then
        raise exception 'tenant % has no live row % of %', new.tenant_id, referred, parent using
            errcode = 'SP002',
            hint = 'Restore it first.';
    end if;
    return null;
end
$_$;


ALTER FUNCTION private.require_live_parent() OWNER TO postgres;

--
-- Name: FUNCTION require_live_parent(); Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON FUNCTION private.require_live_parent() IS 'Raises SP002 unless the row that the new one refers to is live, and keeps it so until the transaction ends.';


--
-- Name: retention_boundary(interval); Type: FUNCTION; Schema: private; Owner: postgres
--

CREATE FUNCTION private.retention_boundary(retention interval) RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE
    AS $$
begin
    if retention is null or retention <= interval '0' then
        raise exception using
            errcode = 'SP903',
            message = pg_catalog.format('a job that removes rows has the retention %s', coalesce(retention::text, 'NULL')),
            hint = 'Set retention in private.jobs to a positive interval.';
    end if;
    -- In UTC, so that a day has 24 hours in whatever time zone the session is.
    return (now() at time zone 'UTC' - retention) at time zone 'UTC';
end
$$;


ALTER FUNCTION private.retention_boundary(retention interval) OWNER TO postgres;

--
-- Name: FUNCTION retention_boundary(retention interval); Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON FUNCTION private.retention_boundary(retention interval) IS 'The instant before which a row is past its retention, counted back from now() in UTC; raises SP903 unless the retention is positive.';


--
-- Name: retire_encryption_key(integer); Type: FUNCTION; Schema: private; Owner: postgres
--

CREATE FUNCTION private.retire_encryption_key(key_version integer) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
    found_state text;
    users text;
begin
    -- Waits for who writes with the version still, and holds off who would begin to. The row is locked as well, for who
    -- took the version without its lock and has inserted; who has not yet is stopped by the foreign key at removal.
    perform pg_advisory_xact_lock('private.encryption_keys'::regclass::oid::integer, key_version);
    select k.state into found_state
    from private.encryption_keys as k where k.key_version = retire_encryption_key.key_version for update;
    if found_state is distinct from 'superseded' then
        raise exception 'version % of the encryption key cannot be retired: it is %',
            key_version, coalesce(found_state, 'not registered')
            using
                errcode = 'SP105',
                hint = 'Retire a version that private.rotate_encryption_key() has superseded.';
    end if;
    select string_agg(u, ', ') into users from private.encryption_key_uses(key_version) as u;
    if users is not null then
        raise exception 'version % of the encryption key is in use by %', key_version, users using
            errcode = 'SP104',
            hint = 'Call private.reencrypt(), and wait until private.purge_verifications() has removed the codes.';
    end if;
    update private.encryption_keys as k set state = 'retired', retired_at = now()
    where k.key_version = retire_encryption_key.key_version;
    perform private.audit(null, 'retire', 'private.encryption_keys', key_version::text, null);
end
$$;


ALTER FUNCTION private.retire_encryption_key(key_version integer) OWNER TO postgres;

--
-- Name: FUNCTION retire_encryption_key(key_version integer); Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON FUNCTION private.retire_encryption_key(key_version integer) IS 'Retires a superseded version; raises SP104 while a row uses it, SP105 unless it is superseded.';


--
-- Name: rotate_encryption_key(); Type: FUNCTION; Schema: private; Owner: postgres
--

CREATE FUNCTION private.rotate_encryption_key() RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
    key_version integer;
begin
    -- Version 0 is none: its lock is that of rotations.
    if not pg_try_advisory_xact_lock('private.encryption_keys'::regclass::oid::integer, 0) then
        raise exception 'another rotation of the encryption key is under way' using
            errcode = 'SP103',
            hint = 'Wait until it has committed; rotate again only if its key is not to be trusted.';
    end if;
    key_version := private.create_encryption_key();
    perform private.audit(null, 'rotate', 'private.encryption_keys', key_version::text, null);
    return key_version;
end
$$;


ALTER FUNCTION private.rotate_encryption_key() OWNER TO postgres;

--
-- Name: FUNCTION rotate_encryption_key(); Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON FUNCTION private.rotate_encryption_key() IS 'Makes a new version of the key current, which it returns, and supersedes the current one; raises SP103 during another.';


--
-- Name: run_job(text, integer); Type: PROCEDURE; Schema: private; Owner: postgres
--

CREATE PROCEDURE private.run_job(IN job_name text, IN batch_size integer DEFAULT NULL::integer)
    LANGUAGE plpgsql
    AS $_$
declare
    job private.jobs;
    run private.job_runs;
    affected bigint;
    is_last boolean;
    failure_sqlstate text;
    failure_message text;
begin
    select j.* into job from private.jobs as j where j.job_name = run_job.job_name and j.deleted_at is null;
    if not found then
        raise exception using
            errcode = 'SP901',
            message = pg_catalog.format('no job %L is in service', run_job.job_name),
            hint = 'Name one of private.jobs.';
    end if;
    job.batch_size := coalesce(run_job.batch_size, job.batch_size);
    if job.batch_size not between 1 and 100000 then
        raise exception using
            errcode = 'SP902',
            message = pg_catalog.format('a batch of %s rows', job.batch_size),
            hint = 'Give 1 to 100000, or NULL for what private.jobs says.';
    end if;
    insert into private.job_runs (job_name) values (job.job_name) returning * into run;
    commit;
    loop
        begin
            execute pg_catalog.format(
                'select b.affected, b.is_last from private.%I($1, $2) as b', job.job_name || '_batch'
            ) into affected, is_last using job, run;
            update private.job_runs as r set
                batches = r.batches + 1,
                rows_affected = r.rows_affected + affected,
                status = case when is_last then 'succeeded' else r.status end,
                finished_at = case when is_last then greatest(clock_timestamp(), r.started_at) end
            where r.job_run_id = run.job_run_id
            returning * into run;
        exception
            -- OTHERS leaves out a cancelled statement, which a timeout is too.
            when query_canceled or others then
                get stacked diagnostics
                    failure_sqlstate = returned_sqlstate,
                    failure_message = message_text;
        end;
        -- The block above can only catch: COMMIT is refused within it. Here the batch is rolled back already.
        if failure_sqlstate is not null then
            update private.job_runs as r set
                status = 'failed',
                finished_at = greatest(clock_timestamp(), r.started_at),
                error_sqlstate = failure_sqlstate,
                error_message = left(failure_message, 1000)
            where r.job_run_id = run.job_run_id;
            commit;
            -- So that the scheduler's own log says the same.
            raise exception using errcode = failure_sqlstate, message = failure_message;
        end if;
        commit;
        exit when is_last;
    end loop;
end
$_$;


ALTER PROCEDURE private.run_job(IN job_name text, IN batch_size integer) OWNER TO postgres;

--
-- Name: PROCEDURE run_job(IN job_name text, IN batch_size integer); Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON PROCEDURE private.run_job(IN job_name text, IN batch_size integer) IS 'Runs a job of private.jobs in committed batches and logs it in private.job_runs; a batch that fails ends the run, is logged and raised again. Raises SP901 for a job that is not in service, SP902 for a batch size off 1 to 100000.';


--
-- Name: set_updated_at(); Type: FUNCTION; Schema: private; Owner: postgres
--

CREATE FUNCTION private.set_updated_at() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
    -- Not now(): it is the transaction's start, and of two concurrent transactions the one that began first may write
    -- last, which would move updated_at back and hide the row from whoever reads what changed since. The trigger runs
    -- after the row's lock is held, so this clock is read in the order of the writes; the microsecond holds that
    -- order where the clock itself was set back. Of an inserted row too: a time in the future would stay for ever.
    new.updated_at := greatest(clock_timestamp(), old.updated_at + interval '1 microsecond');
    return new;
end
$$;


ALTER FUNCTION private.set_updated_at() OWNER TO postgres;

--
-- Name: FUNCTION set_updated_at(); Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON FUNCTION private.set_updated_at() IS 'Sets updated_at of each row written to the time of the write, whatever the caller gave; it only ever grows.';


--
-- Name: check_verification_code(uuid, text, text); Type: FUNCTION; Schema: public; Owner: postgres
--

CREATE FUNCTION public.check_verification_code(tenant_id uuid, phone_number text, code text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
#variable_conflict use_column
declare
    nobody constant uuid := '00000000-0000-0000-0000-000000000000';
    pending public.whatsapp_verifications;
    given_hash bytea;
begin
    -- The lock puts the tries of a code in a row. Who has waited for it sees what the one before has made of the code.
    select v.* into pending
    from public.whatsapp_verifications as v
    where v.tenant_id = check_verification_code.tenant_id and v.phone_number = check_verification_code.phone_number
        and v.status = 'pending' and v.deleted_at is null
        -- Not now(), which stands still in a transaction that began before the code's time was up.
        and v.expires_at > clock_timestamp()
    for no key update;

    -- Where there is no such code, one is hashed all the same: how long it takes must not tell.
    given_hash := private.hash_code(
        coalesce(tenant_id, nobody),
        coalesce(pending.whatsapp_verification_id, nobody),
        coalesce(code, ''),
        coalesce(
            pending.key_version,
            (select k.key_version from private.encryption_keys as k where k.state = 'current')
        )
    );

    -- Comparing hashes under a key that the caller lacks tells nothing by how long it takes.
    if given_hash = pending.code_hash then
        update public.whatsapp_verifications as v
        set status = 'verified', verified_at = clock_timestamp()
        where v.tenant_id = pending.tenant_id and v.whatsapp_verification_id = pending.whatsapp_verification_id;
        insert into public.verified_whatsapp_numbers as n (tenant_id, phone_number, verified_at)
        values (pending.tenant_id, pending.phone_number, clock_timestamp())
        on conflict (tenant_id, phone_number) where deleted_at is null
        do update set verified_at = excluded.verified_at;
        return 'verified';
    end if;
    if pending.whatsapp_verification_id is not null then
        update public.whatsapp_verifications as v
        set failed_attempts = v.failed_attempts + 1,
            status = case when v.failed_attempts = 4 then 'locked' else v.status end
        where v.tenant_id = pending.tenant_id and v.whatsapp_verification_id = pending.whatsapp_verification_id;
    else
        -- A commit waits for the disk only if something was written, so that not to count would tell as well. This
        -- writes about as much log as counting does, and no row: nothing grows, and nobody waits for anybody.
        perform pg_logical_emit_message(true, 'check_verification_code', repeat('-', 176));
    end if;
    return 'rejected';
end
$$;


ALTER FUNCTION public.check_verification_code(tenant_id uuid, phone_number text, code text) OWNER TO postgres;

--
-- Name: FUNCTION check_verification_code(tenant_id uuid, phone_number text, code text); Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON FUNCTION public.check_verification_code(tenant_id uuid, phone_number text, code text) IS 'verified, once, for the pending code of a tenant''s number, which is then among the verified ones; rejected for everything else, and the fifth wrong try locks the code.';


--
-- Name: connect_slack_workspace(uuid, text, text, text, text, text[], text); Type: FUNCTION; Schema: public; Owner: postgres
--

CREATE FUNCTION public.connect_slack_workspace(tenant_id uuid, workspace_id text, workspace_name text, bot_user_id text, bot_token text, scopes text[] DEFAULT '{}'::text[], default_channel_id text DEFAULT NULL::text) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
#variable_conflict use_column
declare
    connection_id uuid;
    ciphertext bytea;
    broken text;
    lacking text;
begin
    if not exists (
        select from public.tenants as t
        where t.tenant_id = connect_slack_workspace.tenant_id and t.deleted_at is null
    ) then
        raise exception 'there is no live tenant %', connect_slack_workspace.tenant_id using errcode = 'SP002';
    end if;
    if coalesce(bot_token, '') = '' then
        raise exception 'a connection needs its bot token' using errcode = 'SP001';
    end if;
    -- A ciphertext is bound to its row's id, so the row that there is must be known before the token is encrypted. It
    -- may come to be, or be deleted, between the two statements: then once more.
    loop
        select c.slack_connection_id into connection_id
        from public.slack_connections as c
        where
            c.tenant_id = connect_slack_workspace.tenant_id
            and c.workspace_id = connect_slack_workspace.workspace_id
            and c.deleted_at is null
        for update;
        if found then
            ciphertext := private.encrypt_text(
                bot_token, connect_slack_workspace.tenant_id, 'public.slack_connections', 'bot_token_ciphertext',
                connection_id
            );
            update public.slack_connections as c
            set workspace_name = connect_slack_workspace.workspace_name,
                bot_user_id = connect_slack_workspace.bot_user_id,
                bot_token_ciphertext = ciphertext,
                key_version = private.ciphertext_key_version(ciphertext),
                scopes = connect_slack_workspace.scopes,
                default_channel_id = coalesce(connect_slack_workspace.default_channel_id, c.default_channel_id),
                status = 'active'
            where c.tenant_id = connect_slack_workspace.tenant_id and c.slack_connection_id = connection_id;
            return connection_id;
        end if;
        connection_id := gen_random_uuid();
        ciphertext := private.encrypt_text(
            bot_token, connect_slack_workspace.tenant_id, 'public.slack_connections', 'bot_token_ciphertext',
            connection_id
        );
        insert into public.slack_connections (
            tenant_id, slack_connection_id, workspace_id, workspace_name, bot_user_id, bot_token_ciphertext,
            key_version, scopes, default_channel_id
        )
        values (
            connect_slack_workspace.tenant_id, connection_id, connect_slack_workspace.workspace_id,
            connect_slack_workspace.workspace_name, connect_slack_workspace.bot_user_id, ciphertext,
            private.ciphertext_key_version(ciphertext), connect_slack_workspace.scopes,
            connect_slack_workspace.default_channel_id
        )
        on conflict (tenant_id, workspace_id) where deleted_at is null do nothing;
        if found then
            return connection_id;
        end if;
    end loop;
exception
    when check_violation or not_null_violation then
        get stacked diagnostics broken = constraint_name, lacking = column_name;
        raise exception 'the connection is refused: %', coalesce(nullif(broken, ''), lacking || ' is NULL') using
            errcode = 'SP001';
    when foreign_key_violation then
        raise exception 'there is no live tenant %', connect_slack_workspace.tenant_id using errcode = 'SP002';
end
$$;


ALTER FUNCTION public.connect_slack_workspace(tenant_id uuid, workspace_id text, workspace_name text, bot_user_id text, bot_token text, scopes text[], default_channel_id text) OWNER TO postgres;

--
-- Name: FUNCTION connect_slack_workspace(tenant_id uuid, workspace_id text, workspace_name text, bot_user_id text, bot_token text, scopes text[], default_channel_id text); Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON FUNCTION public.connect_slack_workspace(tenant_id uuid, workspace_id text, workspace_name text, bot_user_id text, bot_token text, scopes text[], default_channel_id text) IS 'Connects a workspace, or gives the live connection its new token, and returns its id; raises SP001, SP002.';


--
-- Name: erase_data_subject(uuid, text, text, text, text); Type: FUNCTION; Schema: public; Owner: postgres
--

CREATE FUNCTION public.erase_data_subject(tenant_id uuid, phone_number text DEFAULT NULL::text, person_email text DEFAULT NULL::text, workspace_id text DEFAULT NULL::text, slack_user_id text DEFAULT NULL::text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
#variable_conflict use_column
declare
    subject record;
    erased jsonb := '{}';
    blotted jsonb := '{}';
    rows_erased bigint;
begin
    -- Every row of a tenant refers to it, so this waits for who is writing one, and keeps others waiting.
    perform from public.tenants as t where t.tenant_id = erase_data_subject.tenant_id for update;
    subject := private.find_data_subject(
        erase_data_subject.tenant_id, erase_data_subject.phone_number, erase_data_subject.person_email,
        erase_data_subject.workspace_id, erase_data_subject.slack_user_id
    );

    -- Their attempts go with them.
    delete from public.webhook_deliveries as d
    where
        d.tenant_id = erase_data_subject.tenant_id
        and d.webhook_delivery_id = any (subject.delivery_ids || subject.naming_delivery_ids);
    get diagnostics rows_erased = row_count;
    erased := erased || jsonb_build_object('webhook_deliveries', rows_erased);

    update public.communication_logs as l
    set phone_number_ciphertext = null, phone_number_hash = null, key_version = null, slack_user_id = null,
        provider_message_id = null, body = null, metadata = '{}'
    where l.tenant_id = erase_data_subject.tenant_id and l.communication_log_id = any (subject.log_ids);
    get diagnostics rows_erased = row_count;
    -- The other side's number is not the person's.
    update public.communication_logs as l
    set body = null, metadata = '{}'
    where l.tenant_id = erase_data_subject.tenant_id and l.communication_log_id = any (subject.sent_log_ids);
    erased := erased || jsonb_build_object('communication_logs', rows_erased + cardinality(subject.sent_log_ids));
    delete from public.slack_user_mappings as m
    where m.tenant_id = erase_data_subject.tenant_id and m.slack_user_mapping_id = any (subject.mapping_ids);
    get diagnostics rows_erased = row_count;
    erased := erased || jsonb_build_object('slack_user_mappings', rows_erased);

    delete from public.whatsapp_verifications as v
    where v.tenant_id = erase_data_subject.tenant_id and v.phone_number = any (subject.phone_numbers);
    get diagnostics rows_erased = row_count;
    erased := erased || jsonb_build_object('whatsapp_verifications', rows_erased);

    delete from public.verified_whatsapp_numbers as n
    where n.tenant_id = erase_data_subject.tenant_id and n.verified_whatsapp_number_id = any (subject.number_ids);
    get diagnostics rows_erased = row_count;
    erased := erased || jsonb_build_object('verified_whatsapp_numbers', rows_erased);

    update public.communication_logs as l
    set body = private.blot_text(l.body, subject.mention),
        provider_message_id = case when not l.provider_message_id ~* subject.mention then l.provider_message_id end,
        metadata = private.blot_json(l.metadata, subject.mention)
    where
        l.tenant_id = erase_data_subject.tenant_id
        and concat_ws(E'\n', l.body, l.provider_message_id, l.metadata) ~* subject.mention;
    get diagnostics rows_erased = row_count;
    blotted := blotted || jsonb_build_object('communication_logs', rows_erased);

    update public.slack_user_mappings as m
    set person_name = private.blot_text(m.person_name, subject.mention),
        person_email = case when not m.person_email ~* subject.mention then m.person_email end,
        metadata = private.blot_json(m.metadata, subject.mention)
    where
        m.tenant_id = erase_data_subject.tenant_id
        and concat_ws(E'\n', m.person_name, m.person_email, m.metadata) ~* subject.mention;
    get diagnostics rows_erased = row_count;
    blotted := blotted || jsonb_build_object('slack_user_mappings', rows_erased);

    update public.verified_whatsapp_numbers as n
    set label = private.blot_text(n.label, subject.mention),
        metadata = private.blot_json(n.metadata, subject.mention)
    where
        n.tenant_id = erase_data_subject.tenant_id and concat_ws(E'\n', n.label, n.metadata) ~* subject.mention;
    get diagnostics rows_erased = row_count;
    blotted := blotted || jsonb_build_object('verified_whatsapp_numbers', rows_erased);

    update public.webhook_deliveries as d
    set endpoint_url = private.blot_text(d.endpoint_url, subject.mention)
    where d.tenant_id = erase_data_subject.tenant_id and d.endpoint_url ~* subject.mention;
    get diagnostics rows_erased = row_count;
    blotted := blotted || jsonb_build_object('webhook_deliveries', rows_erased);

    update public.webhook_attempts as a
    set error_message = private.blot_text(a.error_message, subject.mention)
    where a.tenant_id = erase_data_subject.tenant_id and a.error_message ~* subject.mention;
    get diagnostics rows_erased = row_count;
    blotted := blotted || jsonb_build_object('webhook_attempts', rows_erased);

    -- One for the call, and one for each table that it touched.
    perform private.audit(
        erase_data_subject.tenant_id, 'erase', 'public.tenants', erase_data_subject.tenant_id::text, null
    );
    perform private.audit(
        erase_data_subject.tenant_id, 'erase', 'public.' || e.key, null,
        case
            when e.key <> 'communication_logs' then null
            when erased -> e.key = '0' then array['body', 'metadata', 'provider_message_id']
            else array[
                'body', 'key_version', 'metadata', 'phone_number_ciphertext', 'phone_number_hash',
                'provider_message_id', 'slack_user_id'
            ]
        end
    )
    from (
        select key from jsonb_each(erased) where value <> '0'
        union
        select key from jsonb_each(blotted) where value <> '0'
    ) as e;
    erased := erased || jsonb_build_object('mentions', (select sum(value::bigint) from jsonb_each(blotted)));
    return erased;
end
$$;


ALTER FUNCTION public.erase_data_subject(tenant_id uuid, phone_number text, person_email text, workspace_id text, slack_user_id text) OWNER TO postgres;

--
-- Name: FUNCTION erase_data_subject(tenant_id uuid, phone_number text, person_email text, workspace_id text, slack_user_id text); Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON FUNCTION public.erase_data_subject(tenant_id uuid, phone_number text, person_email text, workspace_id text, slack_user_id text) IS 'Removes all that a tenant holds on a person and returns how many rows of each table it touched; raises SP001, SP002.';


--
-- Name: export_data_subject(uuid, text, text, text, text); Type: FUNCTION; Schema: public; Owner: postgres
--

CREATE FUNCTION public.export_data_subject(tenant_id uuid, phone_number text DEFAULT NULL::text, person_email text DEFAULT NULL::text, workspace_id text DEFAULT NULL::text, slack_user_id text DEFAULT NULL::text) RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
#variable_conflict use_column
declare
    subject record;
    document jsonb;
begin
    subject := private.find_data_subject(
        export_data_subject.tenant_id, export_data_subject.phone_number, export_data_subject.person_email,
        export_data_subject.workspace_id, export_data_subject.slack_user_id
    );
    document := jsonb_build_object(
        'tenant_id', export_data_subject.tenant_id,
        'exported_at', now(),
        'phone_numbers', coalesce(to_jsonb(subject.phone_numbers), '[]'),
        'person_emails', coalesce(to_jsonb(subject.person_emails), '[]'),
        'verified_whatsapp_numbers', (
            select coalesce(jsonb_agg(to_jsonb(r) order by r.created_at), '[]')
            from (
                select
                    n.tenant_id, n.verified_whatsapp_number_id, n.phone_number, n.label, n.metadata, n.verified_at,
                    n.created_at, n.updated_at, n.deleted_at, n.deletion_id
                from public.verified_whatsapp_numbers as n
                where
                    n.tenant_id = export_data_subject.tenant_id
                    and n.verified_whatsapp_number_id = any (subject.number_ids)
            ) as r
        ),
        'whatsapp_verifications', (
            select coalesce(jsonb_agg(to_jsonb(r) order by r.created_at), '[]')
            from (
                select
                    v.tenant_id, v.whatsapp_verification_id, v.phone_number, v.key_version, v.status,
                    v.failed_attempts, v.expires_at, v.verified_at, v.created_at, v.updated_at, v.deleted_at,
                    v.deletion_id
                from public.whatsapp_verifications as v
                where
                    v.tenant_id = export_data_subject.tenant_id
                    and v.phone_number = any (subject.phone_numbers)
            ) as r
        ),
        'slack_user_mappings', (
            select coalesce(jsonb_agg(to_jsonb(r) order by r.created_at), '[]')
            from (
                select
                    m.tenant_id, m.slack_user_mapping_id, m.slack_connection_id, m.workspace_id, m.slack_user_id,
                    m.person_name, m.person_email, m.verified_whatsapp_number_id, m.metadata, m.created_at,
                    m.updated_at, m.deleted_at, m.deletion_id
                from public.slack_user_mappings as m
                where
                    m.tenant_id = export_data_subject.tenant_id
                    and m.slack_user_mapping_id = any (subject.mapping_ids)
            ) as r
        ),
        'communication_logs', (
            select coalesce(jsonb_agg(to_jsonb(r) order by r.created_at), '[]')
            from (
                select
                    l.tenant_id, l.communication_log_id, l.channel, l.direction, l.status,
                    l.verified_whatsapp_number_id,
                    -- Of a message that went through the person's own number, the other side is another person.
                    case when o.is_subject then private.decrypt_text(
                        l.phone_number_ciphertext, l.tenant_id, 'public.communication_logs', 'phone_number_ciphertext',
                        l.communication_log_id
                    ) end as phone_number,
                    l.key_version, l.slack_connection_id, l.workspace_id, l.slack_user_id,
                    case when o.is_subject then l.provider_message_id end as provider_message_id,
                    l.body, l.error_code, l.metadata, l.created_at, l.updated_at, l.deleted_at, l.deletion_id
                from public.communication_logs as l,
                    lateral (select l.communication_log_id = any (subject.log_ids)) as o (is_subject)
                where
                    l.tenant_id = export_data_subject.tenant_id
                    and l.communication_log_id = any (subject.log_ids || subject.sent_log_ids)
            ) as r
        ),
        'webhook_deliveries', (
            select coalesce(jsonb_agg(to_jsonb(r) order by r.created_at), '[]')
            from (
                select
                    d.tenant_id, d.webhook_delivery_id, d.communication_log_id, d.event_type,
                    -- What only names the person is about somebody else.
                    case when o.is_subject then d.endpoint_url end as endpoint_url,
                    case when o.is_subject then d.payload end as payload, d.key_version, d.status, d.attempts,
                    d.max_attempts, d.next_attempt_at, d.finished_at, d.created_at, d.updated_at, d.deleted_at, d.deletion_id
                from public.webhook_deliveries as d,
                    lateral (select d.webhook_delivery_id = any (subject.delivery_ids)) as o (is_subject)
                where
                    d.tenant_id = export_data_subject.tenant_id
                    and d.webhook_delivery_id = any (subject.delivery_ids || subject.naming_delivery_ids)
            ) as r
        ),
        'webhook_attempts', (
            select coalesce(jsonb_agg(to_jsonb(r) order by r.created_at), '[]')
            from (
                select
                    a.tenant_id, a.webhook_delivery_id, a.attempt_number, a.response_status,
                    case when o.is_subject then a.error_message end as error_message, a.duration_ms, a.created_at,
                    a.updated_at, a.deleted_at, a.deletion_id
                from public.webhook_attempts as a,
                    lateral (select a.webhook_delivery_id = any (subject.delivery_ids)) as o (is_subject)
                where
                    a.tenant_id = export_data_subject.tenant_id
                    and a.webhook_delivery_id = any (subject.delivery_ids || subject.naming_delivery_ids)
            ) as r
        )
    );
    perform private.audit(
        export_data_subject.tenant_id, 'export', 'public.tenants', export_data_subject.tenant_id::text, null
    );
    return document;
end
$$;


ALTER FUNCTION public.export_data_subject(tenant_id uuid, phone_number text, person_email text, workspace_id text, slack_user_id text) OWNER TO postgres;

--
-- Name: FUNCTION export_data_subject(tenant_id uuid, phone_number text, person_email text, workspace_id text, slack_user_id text); Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON FUNCTION public.export_data_subject(tenant_id uuid, phone_number text, person_email text, workspace_id text, slack_user_id text) IS 'All that a tenant holds on a person, decrypted, as one document with an array a table; raises SP001, SP002.';


--
-- Name: communication_logs; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.communication_logs (
    tenant_id uuid NOT NULL,
    communication_log_id uuid DEFAULT gen_random_uuid() NOT NULL,
    channel text NOT NULL,
    direction text NOT NULL,
    status text NOT NULL,
    verified_whatsapp_number_id uuid,
    phone_number_ciphertext private.ciphertext,
    phone_number_hash private.keyed_hash,
    key_version integer,
    slack_connection_id uuid,
    workspace_id text,
    slack_user_id text,
    provider_message_id text,
    body text,
    error_code text,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    deleted_at timestamp with time zone,
    deletion_id uuid,
    CONSTRAINT body_has_at_most_4096_characters CHECK ((char_length(body) <= 4096)),
    CONSTRAINT channel_is_known CHECK ((channel = ANY (ARRAY['whatsapp'::text, 'slack'::text]))),
    CONSTRAINT deletion_is_whole CHECK (((deleted_at IS NULL) = (deletion_id IS NULL))),
    CONSTRAINT direction_is_known CHECK ((direction = ANY (ARRAY['inbound'::text, 'outbound'::text]))),
    CONSTRAINT error_code_has_1_to_100_characters CHECK (((char_length(error_code) >= 1) AND (char_length(error_code) <= 100))),
    CONSTRAINT metadata_has_at_most_16_kilobytes CHECK ((octet_length((metadata)::text) <= 16384)),
    CONSTRAINT metadata_is_an_object CHECK ((jsonb_typeof(metadata) = 'object'::text)),
    CONSTRAINT phone_number_has_at_most_2_blocks CHECK ((octet_length((phone_number_ciphertext)::bytea) <= 85)),
    CONSTRAINT phone_number_is_whole CHECK ((num_nonnulls(phone_number_ciphertext, phone_number_hash, key_version) = ANY (ARRAY[0, 3]))),
    CONSTRAINT phone_number_names_its_key CHECK ((SUBSTRING(phone_number_ciphertext FROM 2 FOR 4) = int4send(key_version))),
    CONSTRAINT provider_message_id_has_1_to_255_characters CHECK (((char_length(provider_message_id) >= 1) AND (char_length(provider_message_id) <= 255))),
    CONSTRAINT slack_messages_have_a_workspace CHECK (((channel = 'slack'::text) = (workspace_id IS NOT NULL))),
    CONSTRAINT slack_messages_have_nothing_of_whatsapp CHECK (((channel <> 'slack'::text) OR (num_nonnulls(verified_whatsapp_number_id, phone_number_ciphertext) = 0))),
    CONSTRAINT slack_user_id_is_of_slacks_form CHECK ((slack_user_id ~ '^[UW][A-Z0-9]{2,20}$'::text)),
    CONSTRAINT status_is_known CHECK ((status = ANY (ARRAY['queued'::text, 'sent'::text, 'delivered'::text, 'read'::text, 'failed'::text, 'received'::text]))),
    CONSTRAINT whatsapp_messages_have_nothing_of_slack CHECK (((channel <> 'whatsapp'::text) OR (num_nonnulls(slack_connection_id, slack_user_id) = 0))),
    CONSTRAINT workspace_id_is_of_slacks_form CHECK ((workspace_id ~ '^[ET][A-Z0-9]{2,20}$'::text))
);

ALTER TABLE ONLY public.communication_logs FORCE ROW LEVEL SECURITY;


ALTER TABLE public.communication_logs OWNER TO postgres;

--
-- Name: TABLE communication_logs; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TABLE public.communication_logs IS 'Messages sent and received. Kept for the tenant''s retention, then removed for good, soft-deleted or not.';


--
-- Name: COLUMN communication_logs.tenant_id; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.communication_logs.tenant_id IS 'The tenant whose message it is.';


--
-- Name: COLUMN communication_logs.communication_log_id; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.communication_logs.communication_log_id IS 'The row, within its tenant.';


--
-- Name: COLUMN communication_logs.channel; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.communication_logs.channel IS 'whatsapp or slack.';


--
-- Name: COLUMN communication_logs.direction; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.communication_logs.direction IS 'inbound or outbound.';


--
-- Name: COLUMN communication_logs.status; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.communication_logs.status IS 'How far the message got.';


--
-- Name: COLUMN communication_logs.verified_whatsapp_number_id; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.communication_logs.verified_whatsapp_number_id IS 'The tenant''s number that it went through; NULL once that number is gone for good.';


--
-- Name: COLUMN communication_logs.phone_number_ciphertext; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.communication_logs.phone_number_ciphertext IS 'Personal: the other side''s phone number, encrypted; NULL for Slack and after erasure.';


--
-- Name: COLUMN communication_logs.phone_number_hash; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.communication_logs.phone_number_hash IS 'Secret: keyed hash of the phone number, for exact look-ups. Keyed, since all numbers are soon hashed.';


--
-- Name: COLUMN communication_logs.key_version; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.communication_logs.key_version IS 'Version of the key of phone_number_ciphertext and phone_number_hash.';


--
-- Name: COLUMN communication_logs.slack_connection_id; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.communication_logs.slack_connection_id IS 'The connection that it went through; NULL once that connection is gone for good.';


--
-- Name: COLUMN communication_logs.workspace_id; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.communication_logs.workspace_id IS 'The Slack workspace, for the policies; stays.';


--
-- Name: COLUMN communication_logs.slack_user_id; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.communication_logs.slack_user_id IS 'Personal: the other side''s Slack user.';


--
-- Name: COLUMN communication_logs.provider_message_id; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.communication_logs.provider_message_id IS 'Personal: WhatsApp''s or Slack''s id of the message; WhatsApp''s contains the phone number in base64.';


--
-- Name: COLUMN communication_logs.body; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.communication_logs.body IS 'Personal: the text of the message.';


--
-- Name: COLUMN communication_logs.error_code; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.communication_logs.error_code IS 'The provider''s code of why it failed.';


--
-- Name: COLUMN communication_logs.metadata; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.communication_logs.metadata IS 'Personal: the tenant''s own attributes of the message.';


--
-- Name: COLUMN communication_logs.created_at; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.communication_logs.created_at IS 'When the message was logged; retention counts from it.';


--
-- Name: COLUMN communication_logs.updated_at; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.communication_logs.updated_at IS 'When the row was last written; kept by a trigger.';


--
-- Name: COLUMN communication_logs.deleted_at; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.communication_logs.deleted_at IS 'When the log was soft-deleted; NULL: live.';


--
-- Name: COLUMN communication_logs.deletion_id; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.communication_logs.deletion_id IS 'What was deleted together shares it, and is restored together.';


--
-- Name: decrypted_communication_logs; Type: VIEW; Schema: public; Owner: postgres
--

CREATE VIEW public.decrypted_communication_logs WITH (security_invoker='true') AS
 SELECT tenant_id,
    communication_log_id,
    channel,
    direction,
    status,
    verified_whatsapp_number_id,
    private.decrypt_text((phone_number_ciphertext)::bytea, tenant_id, 'public.communication_logs'::text, 'phone_number_ciphertext'::text, communication_log_id) AS phone_number,
    slack_connection_id,
    workspace_id,
    slack_user_id,
    provider_message_id,
    body,
    error_code,
    metadata,
    created_at,
    updated_at
   FROM public.communication_logs l
  WHERE (deleted_at IS NULL);


ALTER VIEW public.decrypted_communication_logs OWNER TO postgres;

--
-- Name: VIEW decrypted_communication_logs; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON VIEW public.decrypted_communication_logs IS 'Live messages with the other side''s phone number, for service_role; by number: find_communication_logs_by_phone_number.';


--
-- Name: find_communication_logs_by_phone_number(uuid, text); Type: FUNCTION; Schema: public; Owner: postgres
--

CREATE FUNCTION public.find_communication_logs_by_phone_number(tenant_id uuid, phone_number text) RETURNS SETOF public.decrypted_communication_logs
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
#variable_conflict use_column
declare
    hashes constant bytea[] := array(
        select
            private.hash_text(
                'phone_number', find_communication_logs_by_phone_number.tenant_id,
                find_communication_logs_by_phone_number.phone_number, k.key_version
            )
        from private.encryption_keys as k
        where k.deleted_at is null
    );
begin
    return query
    select v.*
    from public.communication_logs as l
    join public.decrypted_communication_logs as v
        on v.tenant_id = l.tenant_id and v.communication_log_id = l.communication_log_id
    where
        l.tenant_id = find_communication_logs_by_phone_number.tenant_id
        and l.phone_number_hash = any (hashes)
    order by v.created_at desc, v.communication_log_id;
end
$$;


ALTER FUNCTION public.find_communication_logs_by_phone_number(tenant_id uuid, phone_number text) OWNER TO postgres;

--
-- Name: FUNCTION find_communication_logs_by_phone_number(tenant_id uuid, phone_number text); Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON FUNCTION public.find_communication_logs_by_phone_number(tenant_id uuid, phone_number text) IS 'A tenant''s live messages of a phone number, newest first, by the keyed hashes of all versions.';


--
-- Name: job_health; Type: VIEW; Schema: public; Owner: postgres
--

CREATE VIEW public.job_health WITH (security_invoker='true') AS
 SELECT job_name,
    schedule,
    expected_every,
    last_started_at,
    last_status,
    last_succeeded_at,
    last_rows_affected,
    last_error_sqlstate,
    last_error_message,
    failed_since,
    killed_since,
    overdue_since,
    never_run_since
   FROM private.job_states() job_states(job_name, schedule, expected_every, last_started_at, last_status, last_succeeded_at, last_rows_affected, last_error_sqlstate, last_error_message, failed_since, killed_since, overdue_since, never_run_since);


ALTER VIEW public.job_health OWNER TO postgres;

--
-- Name: VIEW job_health; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON VIEW public.job_health IS 'Every job in service with its last run. failed_since and killed_since: the first such end since the last success. overdue_since: no success for twice the interval of its schedule. never_run_since: no run for longer than that interval after it was registered.';


--
-- Name: job_problems(); Type: FUNCTION; Schema: public; Owner: postgres
--

CREATE FUNCTION public.job_problems() RETURNS TABLE(job_name text, problem text, since timestamp with time zone)
    LANGUAGE sql STABLE
    BEGIN ATOMIC
 SELECT health.job_name,
     found.problem,
     found.since
    FROM (public.job_health health
      CROSS JOIN LATERAL ( VALUES ('failed'::text,health.failed_since), ('killed'::text,health.killed_since), ('overdue'::text,health.overdue_since), ('never_run'::text,health.never_run_since)) found(problem, since))
   WHERE (found.since IS NOT NULL)
   ORDER BY found.since, health.job_name, found.problem;
END;


ALTER FUNCTION public.job_problems() OWNER TO postgres;

--
-- Name: FUNCTION job_problems(); Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON FUNCTION public.job_problems() IS 'A row for each failed, killed, overdue and never-run job: which, what and since when. No row: all is well.';


--
-- Name: log_communication(uuid, text, text, text, text, uuid, uuid, text, text, text, text, jsonb); Type: FUNCTION; Schema: public; Owner: postgres
--

CREATE FUNCTION public.log_communication(tenant_id uuid, channel text, direction text, status text, phone_number text DEFAULT NULL::text, verified_whatsapp_number_id uuid DEFAULT NULL::uuid, slack_connection_id uuid DEFAULT NULL::uuid, slack_user_id text DEFAULT NULL::text, provider_message_id text DEFAULT NULL::text, body text DEFAULT NULL::text, error_code text DEFAULT NULL::text, metadata jsonb DEFAULT '{}'::jsonb) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
#variable_conflict use_column
declare
    statuses constant text[] := '{queued,sent,delivered,read,received,failed}';
    log_id uuid := gen_random_uuid();
    number public.e164;
    workspace text;
    ciphertext bytea;
    broken text;
    lacking text;
begin
    if not exists (
        select from public.tenants as t where t.tenant_id = log_communication.tenant_id and t.deleted_at is null
    ) then
        raise exception 'there is no live tenant %', log_communication.tenant_id using errcode = 'SP002';
    end if;
    number := phone_number;
    if channel = 'whatsapp' and number is null then
        raise exception 'a WhatsApp message has a phone number' using errcode = 'SP001';
    end if;
    if log_communication.slack_connection_id is not null then
        select c.workspace_id into workspace
        from public.slack_connections as c
        where
            c.tenant_id = log_communication.tenant_id
            and c.slack_connection_id = log_communication.slack_connection_id
            and c.deleted_at is null;
        if not found then
            raise exception 'tenant % has no live connection %',
                log_communication.tenant_id, log_communication.slack_connection_id
                using errcode = 'SP002';
        end if;
    end if;
    ciphertext := private.encrypt_text(
        number, log_communication.tenant_id, 'public.communication_logs', 'phone_number_ciphertext', log_id
    );
    insert into public.communication_logs as l (
        tenant_id, communication_log_id, channel, direction, status, verified_whatsapp_number_id,
        phone_number_ciphertext, phone_number_hash, key_version, slack_connection_id, workspace_id, slack_user_id,
        provider_message_id, body, error_code, metadata
    )
    values (
        log_communication.tenant_id, log_id, log_communication.channel, log_communication.direction,
        log_communication.status, log_communication.verified_whatsapp_number_id, ciphertext,
        private.hash_text(
            'phone_number', log_communication.tenant_id, number, private.ciphertext_key_version(ciphertext)
        ),
        private.ciphertext_key_version(ciphertext), log_communication.slack_connection_id, workspace,
        log_communication.slack_user_id, log_communication.provider_message_id, log_communication.body,
        log_communication.error_code, coalesce(log_communication.metadata, '{}')
    )
    on conflict (provider_message_id, tenant_id, channel)
        where provider_message_id is not null and deleted_at is null
    do update
    set status = case
            when array_position(statuses, excluded.status) > array_position(statuses, l.status) then excluded.status
            else l.status
        end,
        error_code = coalesce(excluded.error_code, l.error_code)
    returning l.communication_log_id into log_id;
    return log_id;
exception
    when check_violation or not_null_violation then
        get stacked diagnostics broken = constraint_name, lacking = column_name;
        raise exception 'the message is refused: %', coalesce(nullif(broken, ''), lacking || ' is NULL') using
            errcode = 'SP001';
    when foreign_key_violation then
        get stacked diagnostics broken = constraint_name;
        raise exception 'tenant % has not what % refers to', log_communication.tenant_id, broken using errcode = 'SP002';
end
$$;


ALTER FUNCTION public.log_communication(tenant_id uuid, channel text, direction text, status text, phone_number text, verified_whatsapp_number_id uuid, slack_connection_id uuid, slack_user_id text, provider_message_id text, body text, error_code text, metadata jsonb) OWNER TO postgres;

--
-- Name: FUNCTION log_communication(tenant_id uuid, channel text, direction text, status text, phone_number text, verified_whatsapp_number_id uuid, slack_connection_id uuid, slack_user_id text, provider_message_id text, body text, error_code text, metadata jsonb); Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON FUNCTION public.log_communication(tenant_id uuid, channel text, direction text, status text, phone_number text, verified_whatsapp_number_id uuid, slack_connection_id uuid, slack_user_id text, provider_message_id text, body text, error_code text, metadata jsonb) IS 'Logs a message with its phone number encrypted, or moves on the status of the one with the provider''s id, and returns its id; raises SP001, SP002.';


--
-- Name: map_slack_user(uuid, text, text, text, text, uuid, jsonb); Type: FUNCTION; Schema: public; Owner: postgres
--

CREATE FUNCTION public.map_slack_user(tenant_id uuid, workspace_id text, slack_user_id text, person_name text DEFAULT NULL::text, person_email text DEFAULT NULL::text, verified_whatsapp_number_id uuid DEFAULT NULL::uuid, metadata jsonb DEFAULT NULL::jsonb) RETURNS uuid
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
#variable_conflict use_column
declare
    connection_id uuid;
    mapping_id uuid;
    broken text;
    lacking text;
begin
    select c.slack_connection_id into connection_id
    from public.slack_connections as c
    where
        c.tenant_id = map_slack_user.tenant_id
        and c.workspace_id = map_slack_user.workspace_id
        and c.deleted_at is null;
    if not found then
        raise exception 'tenant % has no live connection to workspace %',
            map_slack_user.tenant_id, map_slack_user.workspace_id
            using errcode = 'SP002';
    end if;
    if map_slack_user.verified_whatsapp_number_id is not null and not exists (
        select from public.verified_whatsapp_numbers as n
        where
            n.tenant_id = map_slack_user.tenant_id
            and n.verified_whatsapp_number_id = map_slack_user.verified_whatsapp_number_id
            and n.deleted_at is null
    ) then
        raise exception 'tenant % has no live number %',
            map_slack_user.tenant_id, map_slack_user.verified_whatsapp_number_id
            using errcode = 'SP002';
    end if;
    insert into public.slack_user_mappings as m (
        tenant_id, slack_connection_id, workspace_id, slack_user_id, person_name, person_email,
        verified_whatsapp_number_id, metadata
    )
    values (
        map_slack_user.tenant_id, connection_id, map_slack_user.workspace_id, map_slack_user.slack_user_id,
        map_slack_user.person_name, map_slack_user.person_email, map_slack_user.verified_whatsapp_number_id,
        coalesce(map_slack_user.metadata, '{}')
    )
    on conflict (tenant_id, workspace_id, slack_user_id) where deleted_at is null do update
    -- What is not given stays as it is.
    set person_name = coalesce(map_slack_user.person_name, m.person_name),
        person_email = coalesce(map_slack_user.person_email, m.person_email),
        verified_whatsapp_number_id =
            coalesce(map_slack_user.verified_whatsapp_number_id, m.verified_whatsapp_number_id),
        metadata = coalesce(map_slack_user.metadata, m.metadata)
    returning m.slack_user_mapping_id into mapping_id;
    return mapping_id;
exception
    when check_violation or not_null_violation then
        get stacked diagnostics broken = constraint_name, lacking = column_name;
        raise exception 'the mapping is refused: %', coalesce(nullif(broken, ''), lacking || ' is NULL') using
            errcode = 'SP001';
end
$$;


ALTER FUNCTION public.map_slack_user(tenant_id uuid, workspace_id text, slack_user_id text, person_name text, person_email text, verified_whatsapp_number_id uuid, metadata jsonb) OWNER TO postgres;

--
-- Name: FUNCTION map_slack_user(tenant_id uuid, workspace_id text, slack_user_id text, person_name text, person_email text, verified_whatsapp_number_id uuid, metadata jsonb); Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON FUNCTION public.map_slack_user(tenant_id uuid, workspace_id text, slack_user_id text, person_name text, person_email text, verified_whatsapp_number_id uuid, metadata jsonb) IS 'Maps a Slack user of a connected workspace to a person, or completes the live mapping, and returns its id; raises SP001, SP002.';


--
-- Name: queue_webhook_delivery(uuid, text, text, jsonb, text, uuid, integer); Type: FUNCTION; Schema: public; Owner: postgres
--

CREATE FUNCTION public.queue_webhook_delivery(tenant_id uuid, event_type text, endpoint_url text, payload jsonb, signature text, communication_log_id uuid DEFAULT NULL::uuid, max_attempts integer DEFAULT 8) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
#variable_conflict use_column
declare
    delivery_id constant uuid := gen_random_uuid();
    phone_number text;
    ciphertext bytea;
    broken text;
    lacking text;
begin
    if not exists (
        select from public.tenants as t
        where t.tenant_id = queue_webhook_delivery.tenant_id and t.deleted_at is null
    ) then
        raise exception 'there is no live tenant %', queue_webhook_delivery.tenant_id using errcode = 'SP002';
    end if;
    if coalesce(signature, '') = '' then
        raise exception 'a delivery needs its signature' using errcode = 'SP001';
    end if;
    if queue_webhook_delivery.communication_log_id is not null then
        select l.phone_number into phone_number
        from public.decrypted_communication_logs as l
        where
            l.tenant_id = queue_webhook_delivery.tenant_id
            and l.communication_log_id = queue_webhook_delivery.communication_log_id;
        if not found then
            raise exception 'tenant % has no live message %',
                queue_webhook_delivery.tenant_id, queue_webhook_delivery.communication_log_id
                using errcode = 'SP002';
        end if;
        -- Both are kept in the clear, where the number would be there for all to read.
        if concat_ws(E'\n', queue_webhook_delivery.endpoint_url, queue_webhook_delivery.payload)
            ~* private.mention_pattern(array[phone_number])
        then
            raise exception 'the payload or the URL repeats the phone number of the message' using
                errcode = 'SP001',
                hint = 'Name the message by its id; the endpoint can ask for the number.';
        end if;
    end if;
    ciphertext := private.encrypt_text(
        signature, queue_webhook_delivery.tenant_id, 'public.webhook_deliveries', 'signature_ciphertext', delivery_id
    );
    insert into public.webhook_deliveries (
        tenant_id, webhook_delivery_id, communication_log_id, event_type, endpoint_url, payload, signature_ciphertext,
        key_version, max_attempts
    )
    values (
        queue_webhook_delivery.tenant_id, delivery_id, queue_webhook_delivery.communication_log_id,
        queue_webhook_delivery.event_type, queue_webhook_delivery.endpoint_url, queue_webhook_delivery.payload,
        ciphertext, private.ciphertext_key_version(ciphertext), queue_webhook_delivery.max_attempts
    );
    return delivery_id;
exception
    when check_violation or not_null_violation then
        get stacked diagnostics broken = constraint_name, lacking = column_name;
        raise exception 'the delivery is refused: %', coalesce(nullif(broken, ''), lacking || ' is NULL') using
            errcode = 'SP001';
    when numeric_value_out_of_range then
        raise exception 'the delivery is refused: max_attempts_are_1_to_20' using errcode = 'SP001';
    when foreign_key_violation then
        raise exception 'tenant % or its message is gone', queue_webhook_delivery.tenant_id using errcode = 'SP002';
end
$$;


ALTER FUNCTION public.queue_webhook_delivery(tenant_id uuid, event_type text, endpoint_url text, payload jsonb, signature text, communication_log_id uuid, max_attempts integer) OWNER TO postgres;

--
-- Name: FUNCTION queue_webhook_delivery(tenant_id uuid, event_type text, endpoint_url text, payload jsonb, signature text, communication_log_id uuid, max_attempts integer); Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON FUNCTION public.queue_webhook_delivery(tenant_id uuid, event_type text, endpoint_url text, payload jsonb, signature text, communication_log_id uuid, max_attempts integer) IS 'Queues an event with its signature encrypted and returns its id; raises SP001, SP002.';


--
-- Name: request_verification_code(uuid, text, integer); Type: FUNCTION; Schema: public; Owner: postgres
--

CREATE FUNCTION public.request_verification_code(tenant_id uuid, phone_number text, code_length integer DEFAULT 6, OUT status text, OUT whatsapp_verification_id uuid, OUT code text, OUT expires_at timestamp with time zone) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
#variable_conflict use_column
declare
    key_version integer;
    e164 public.e164;
begin
    if current_setting('transaction_isolation') in ('repeatable read', 'serializable') then
        raise exception 'codes cannot be requested under isolation level %', current_setting('transaction_isolation')
        using
            errcode = 'SP202',
            detail = 'Its snapshot would hide what others have requested since from the rate limits.',
            hint = 'Use READ COMMITTED.';
    end if;
    begin
        e164 := phone_number;
    exception
        when check_violation then
            e164 := null;
    end;
    code := private.random_code(code_length);
    if e164 is null then
        status := 'invalid_phone_number';
    else
        -- What is counted must not change until this request is counted too: a tenant's requests go one by one.
        perform pg_advisory_xact_lock(hashtextextended('public.request_verification_code/' || tenant_id, 0));
        -- The lock keeps the tenant from being deleted, which would overlook the code that is made here. It does not
        -- keep others from doing the same, so it is no substitute for the one above.
        perform from public.tenants as t
        where t.tenant_id = request_verification_code.tenant_id and t.deleted_at is null for share;
        if not found then
            status := 'unknown_tenant';
        -- OFFSET looks for the row that fills the limit, and no further.
        elsif exists (
            select from public.whatsapp_verifications as v
            where v.tenant_id = request_verification_code.tenant_id and v.phone_number = e164
                and v.created_at > now() - interval '1 hour'
            offset 4
        ) or exists (
            select from public.whatsapp_verifications as v
            where v.tenant_id = request_verification_code.tenant_id and v.created_at > now() - interval '1 hour'
            offset 999
        ) then
            status := 'rate_limited';
        else
            status := 'requested';
        end if;
    end if;
    if status <> 'requested' then
        code := null;
        return;
    end if;

    -- A code past its time is expired already, for every reader; it does not become superseded.
    update public.whatsapp_verifications as v
    set status = case when v.expires_at <= clock_timestamp() then 'expired' else 'superseded' end
    where v.tenant_id = request_verification_code.tenant_id and v.phone_number = e164
        and v.status = 'pending' and v.deleted_at is null;

    whatsapp_verification_id := gen_random_uuid();
    key_version := private.current_key_version();
    insert into public.whatsapp_verifications as v (
        tenant_id, whatsapp_verification_id, phone_number, code_hash, key_version
    )
    values (
        request_verification_code.tenant_id,
        request_verification_code.whatsapp_verification_id,
        e164,
        private.hash_code(
            request_verification_code.tenant_id,
            request_verification_code.whatsapp_verification_id,
            request_verification_code.code,
            key_version
        ),
        key_version
    )
    returning v.expires_at into expires_at;
end
$$;


ALTER FUNCTION public.request_verification_code(tenant_id uuid, phone_number text, code_length integer, OUT status text, OUT whatsapp_verification_id uuid, OUT code text, OUT expires_at timestamp with time zone) OWNER TO postgres;

--
-- Name: FUNCTION request_verification_code(tenant_id uuid, phone_number text, code_length integer, OUT status text, OUT whatsapp_verification_id uuid, OUT code text, OUT expires_at timestamp with time zone); Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON FUNCTION public.request_verification_code(tenant_id uuid, phone_number text, code_length integer, OUT status text, OUT whatsapp_verification_id uuid, OUT code text, OUT expires_at timestamp with time zone) IS 'Makes a code for a tenant''s number, which the caller sends, and supersedes the one before. Status: requested, rate_limited (5 an hour for a tenant''s number, 1,000 an hour for a tenant), invalid_phone_number, unknown_tenant.';


--
-- Name: restore(text, uuid, uuid); Type: FUNCTION; Schema: public; Owner: postgres
--

CREATE FUNCTION public.restore(table_name text, row_id uuid, tenant_id uuid DEFAULT NULL::uuid) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $_$
declare
    bypasses constant boolean := private.request_bypasses();
    workspace_id constant text := case when not bypasses then private.current_workspace_id() end;
    target record;
    reference record;
    deletion record;
    orphan record;
    affected bigint;
    restored bigint := 0;
    taken_key text;
begin
    select t.* into target
    from private.deletable_tables() as t
    where t.table_name = restore.table_name and t.id_column is not null and (t.is_members or bypasses);
    if not found then
        perform private.refuse_deletion();
    end if;
    tenant_id := case
        when bypasses and target.id_column = 'tenant_id' then coalesce(tenant_id, row_id)
        else private.request_tenant_id(tenant_id)
    end;
    execute format(
        'select t.deleted_at, t.deletion_id from %s as t
        where t.tenant_id = $1 and t.%I = $2 and t.deleted_at is not null for no key update',
        target.relation, target.id_column
    ) into deletion using tenant_id, row_id;
    -- A member whose tenant is deleted is a member of nothing; and one that is narrowed to a workspace restores no
    -- deletion that has rows of another.
    if deletion.deletion_id is null or not bypasses and not exists (
        select from public.tenants as t where t.tenant_id = restore.tenant_id and t.deleted_at is null
    ) then
        perform private.refuse_deletion();
    end if;
    for target in
        select t.* from private.deletable_tables() as t where t.has_workspace and workspace_id is not null
    loop
        execute format(
            'select from %s as t where t.tenant_id = $1 and t.deleted_at = $2 and t.deletion_id = $3
            and t.workspace_id is distinct from $4',
            target.relation
        ) using tenant_id, deletion.deleted_at, deletion.deletion_id, workspace_id;
        get diagnostics affected = row_count;
        if affected > 0 then
            perform private.refuse_deletion();
        end if;
    end loop;

    -- A row under a deleted parent would be live and yet not there. The parents stay as they are until this commits.
    for reference in select c.* from private.deletion_cascades('public.tenants') as c loop
        for orphan in execute format(
            'select parent.deleted_at from %s as child join %s as parent on %s
            where child.tenant_id = $1 and child.deleted_at = $2 and child.deletion_id = $3
            and parent.tenant_id = $1 and parent.deletion_id is distinct from $3 for share of parent',
            reference.child, reference.parent, reference.condition
        ) using tenant_id, deletion.deleted_at, deletion.deletion_id loop
            if orphan.deleted_at is not null then
                raise exception 'what the row belongs to is deleted' using
                    errcode = 'SP403',
                    detail = format('It is a row of %s.', reference.parent),
                    hint = 'Restore that first.';
            end if;
        end loop;
    end loop;

    for target in select t.* from private.deletable_tables() as t loop
        begin
            execute format(
                'update %s as t set deleted_at = null, deletion_id = null
                where t.tenant_id = $1 and t.deleted_at = $2 and t.deletion_id = $3',
                target.relation
            ) using tenant_id, deletion.deleted_at, deletion.deletion_id;
        exception
            when unique_violation then
                get stacked diagnostics taken_key = constraint_name;
                raise exception 'a live row has taken the place of the one to restore' using
                    errcode = 'SP402',
                    detail = private.live_rival(
                        format('public.%I', taken_key)::regclass, tenant_id, deletion.deleted_at, deletion.deletion_id
                    ),
                    hint = 'Delete the row that DETAIL names, or leave this one deleted.',
                    schema = 'public',
                    table = target.table_name,
                    constraint = taken_key;
        end;
        get diagnostics affected = row_count;
        restored := restored + affected;
    end loop;
    return restored;
end
$_$;


ALTER FUNCTION public.restore(table_name text, row_id uuid, tenant_id uuid) OWNER TO postgres;

--
-- Name: FUNCTION restore(table_name text, row_id uuid, tenant_id uuid); Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON FUNCTION public.restore(table_name text, row_id uuid, tenant_id uuid) IS 'Restores the deletion that a row is of, and returns how many rows that brought back. Raises SP401; SP402 when a live row, which DETAIL names, has taken the place of one; SP403 when what a row belongs to is deleted.';


--
-- Name: search_communication_logs(jsonb, timestamp with time zone, integer, uuid); Type: FUNCTION; Schema: public; Owner: postgres
--

CREATE FUNCTION public.search_communication_logs(metadata_contains jsonb, before timestamp with time zone DEFAULT 'infinity'::timestamp with time zone, max_rows integer DEFAULT 100, before_id uuid DEFAULT NULL::uuid) RETURNS TABLE(tenant_id uuid, communication_log_id uuid, channel text, direction text, status text, verified_whatsapp_number_id uuid, slack_connection_id uuid, workspace_id text, slack_user_id text, body text, error_code text, metadata jsonb, created_at timestamp with time zone, updated_at timestamp with time zone)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
    caller_tenant_id constant uuid := private.current_tenant_id();
    caller_workspace_id constant text := private.current_workspace_id();
begin
    perform private.refuse_search(metadata_contains, max_rows);
    return query
    select
        l.tenant_id, l.communication_log_id, l.channel, l.direction, l.status, l.verified_whatsapp_number_id,
        l.slack_connection_id, l.workspace_id, l.slack_user_id, l.body, l.error_code, l.metadata, l.created_at,
        l.updated_at
    from public.communication_logs as l
    where
        l.deleted_at is null
        and l.tenant_id = caller_tenant_id
        and (caller_workspace_id is null or l.workspace_id = caller_workspace_id)
        and l.metadata @> metadata_contains
        and (l.created_at, l.communication_log_id) < (coalesce(before, 'infinity'), before_id)
    order by l.created_at desc, l.communication_log_id desc
    limit max_rows;
end
$$;


ALTER FUNCTION public.search_communication_logs(metadata_contains jsonb, before timestamp with time zone, max_rows integer, before_id uuid) OWNER TO postgres;

--
-- Name: FUNCTION search_communication_logs(metadata_contains jsonb, before timestamp with time zone, max_rows integer, before_id uuid); Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON FUNCTION public.search_communication_logs(metadata_contains jsonb, before timestamp with time zone, max_rows integer, before_id uuid) IS 'The own tenant''s live messages whose metadata contain an object, newest first, only the claimed workspace''s if the token names one; raises SP001.';


--
-- Name: slack_user_mappings; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.slack_user_mappings (
    tenant_id uuid NOT NULL,
    slack_user_mapping_id uuid DEFAULT gen_random_uuid() NOT NULL,
    slack_connection_id uuid NOT NULL,
    workspace_id text NOT NULL,
    slack_user_id text NOT NULL,
    person_name text,
    person_email text,
    verified_whatsapp_number_id uuid,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    deleted_at timestamp with time zone,
    deletion_id uuid,
    CONSTRAINT deletion_is_whole CHECK (((deleted_at IS NULL) = (deletion_id IS NULL))),
    CONSTRAINT metadata_has_at_most_16_kilobytes CHECK ((octet_length((metadata)::text) <= 16384)),
    CONSTRAINT metadata_is_an_object CHECK ((jsonb_typeof(metadata) = 'object'::text)),
    CONSTRAINT person_email_is_one_address_of_at_most_320_characters CHECK (((char_length(person_email) <= 320) AND (person_email ~ '^[^@[:space:]]+@[^@[:space:]]+$'::text))),
    CONSTRAINT person_name_has_1_to_200_characters CHECK (((char_length(person_name) >= 1) AND (char_length(person_name) <= 200))),
    CONSTRAINT slack_user_id_is_of_slacks_form CHECK ((slack_user_id ~ '^[UW][A-Z0-9]{2,20}$'::text))
);

ALTER TABLE ONLY public.slack_user_mappings FORCE ROW LEVEL SECURITY;


ALTER TABLE public.slack_user_mappings OWNER TO postgres;

--
-- Name: TABLE slack_user_mappings; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TABLE public.slack_user_mappings IS 'Which person a Slack user is, within a connected workspace.';


--
-- Name: COLUMN slack_user_mappings.tenant_id; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.slack_user_mappings.tenant_id IS 'The tenant that knows the person.';


--
-- Name: COLUMN slack_user_mappings.slack_user_mapping_id; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.slack_user_mappings.slack_user_mapping_id IS 'The row, within its tenant.';


--
-- Name: COLUMN slack_user_mappings.slack_connection_id; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.slack_user_mappings.slack_connection_id IS 'The connection that the Slack user was met in.';


--
-- Name: COLUMN slack_user_mappings.workspace_id; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.slack_user_mappings.workspace_id IS 'The connection''s workspace, for the policies.';


--
-- Name: COLUMN slack_user_mappings.slack_user_id; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.slack_user_mappings.slack_user_id IS 'Personal: Slack''s id of the user, within the workspace.';


--
-- Name: COLUMN slack_user_mappings.person_name; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.slack_user_mappings.person_name IS 'Personal: the name of the person.';


--
-- Name: COLUMN slack_user_mappings.person_email; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.slack_user_mappings.person_email IS 'Personal: the person''s e-mail address.';


--
-- Name: COLUMN slack_user_mappings.verified_whatsapp_number_id; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.slack_user_mappings.verified_whatsapp_number_id IS 'The person''s WhatsApp number, if verified.';


--
-- Name: COLUMN slack_user_mappings.metadata; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.slack_user_mappings.metadata IS 'Personal: the tenant''s own attributes.';


--
-- Name: COLUMN slack_user_mappings.created_at; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.slack_user_mappings.created_at IS 'When the user was mapped.';


--
-- Name: COLUMN slack_user_mappings.updated_at; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.slack_user_mappings.updated_at IS 'When the row was last written; kept by a trigger.';


--
-- Name: COLUMN slack_user_mappings.deleted_at; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.slack_user_mappings.deleted_at IS 'When the mapping was soft-deleted; NULL: live.';


--
-- Name: COLUMN slack_user_mappings.deletion_id; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.slack_user_mappings.deletion_id IS 'What was deleted together shares it, and is restored together.';


--
-- Name: search_slack_user_mappings(jsonb, timestamp with time zone, integer, uuid); Type: FUNCTION; Schema: public; Owner: postgres
--

CREATE FUNCTION public.search_slack_user_mappings(metadata_contains jsonb, before timestamp with time zone DEFAULT 'infinity'::timestamp with time zone, max_rows integer DEFAULT 100, before_id uuid DEFAULT NULL::uuid) RETURNS SETOF public.slack_user_mappings
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
    caller_tenant_id constant uuid := private.current_tenant_id();
    caller_workspace_id constant text := private.current_workspace_id();
begin
    perform private.refuse_search(metadata_contains, max_rows);
    return query
    select m.*
    from public.slack_user_mappings as m
    where
        m.deleted_at is null
        and m.tenant_id = caller_tenant_id
        and (caller_workspace_id is null or m.workspace_id = caller_workspace_id)
        and m.metadata @> metadata_contains
        and (m.created_at, m.slack_user_mapping_id) < (coalesce(before, 'infinity'), before_id)
    order by m.created_at desc, m.slack_user_mapping_id desc
    limit max_rows;
end
$$;


ALTER FUNCTION public.search_slack_user_mappings(metadata_contains jsonb, before timestamp with time zone, max_rows integer, before_id uuid) OWNER TO postgres;

--
-- Name: FUNCTION search_slack_user_mappings(metadata_contains jsonb, before timestamp with time zone, max_rows integer, before_id uuid); Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON FUNCTION public.search_slack_user_mappings(metadata_contains jsonb, before timestamp with time zone, max_rows integer, before_id uuid) IS 'The own tenant''s live mappings whose metadata contain an object, newest first, only the claimed workspace''s if the token names one; raises SP001.';


--
-- Name: verified_whatsapp_numbers; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.verified_whatsapp_numbers (
    tenant_id uuid NOT NULL,
    verified_whatsapp_number_id uuid DEFAULT gen_random_uuid() NOT NULL,
    phone_number public.e164 NOT NULL,
    label text,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    verified_at timestamp with time zone DEFAULT now() NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    deleted_at timestamp with time zone,
    deletion_id uuid,
    CONSTRAINT deletion_is_whole CHECK (((deleted_at IS NULL) = (deletion_id IS NULL))),
    CONSTRAINT label_has_1_to_100_characters CHECK (((char_length(label) >= 1) AND (char_length(label) <= 100))),
    CONSTRAINT metadata_has_at_most_16_kilobytes CHECK ((octet_length((metadata)::text) <= 16384)),
    CONSTRAINT metadata_is_an_object CHECK ((jsonb_typeof(metadata) = 'object'::text))
);

ALTER TABLE ONLY public.verified_whatsapp_numbers FORCE ROW LEVEL SECURITY;


ALTER TABLE public.verified_whatsapp_numbers OWNER TO postgres;

--
-- Name: TABLE verified_whatsapp_numbers; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TABLE public.verified_whatsapp_numbers IS 'WhatsApp numbers that a tenant has verified with a code.';


--
-- Name: COLUMN verified_whatsapp_numbers.tenant_id; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.verified_whatsapp_numbers.tenant_id IS 'The tenant that verified the number.';


--
-- Name: COLUMN verified_whatsapp_numbers.verified_whatsapp_number_id; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.verified_whatsapp_numbers.verified_whatsapp_number_id IS 'The row, within its tenant.';


--
-- Name: COLUMN verified_whatsapp_numbers.phone_number; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.verified_whatsapp_numbers.phone_number IS 'Personal: the number. Live once a tenant; several tenants may have verified the same one.';


--
-- Name: COLUMN verified_whatsapp_numbers.label; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.verified_whatsapp_numbers.label IS 'Personal: what the tenant calls it, often a name.';


--
-- Name: COLUMN verified_whatsapp_numbers.metadata; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.verified_whatsapp_numbers.metadata IS 'Personal: the tenant''s own attributes.';


--
-- Name: COLUMN verified_whatsapp_numbers.verified_at; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.verified_whatsapp_numbers.verified_at IS 'When the right code was given.';


--
-- Name: COLUMN verified_whatsapp_numbers.created_at; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.verified_whatsapp_numbers.created_at IS 'When the row was made.';


--
-- Name: COLUMN verified_whatsapp_numbers.updated_at; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.verified_whatsapp_numbers.updated_at IS 'When the row was last written; kept by a trigger.';


--
-- Name: COLUMN verified_whatsapp_numbers.deleted_at; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.verified_whatsapp_numbers.deleted_at IS 'When the number was soft-deleted; NULL: live.';


--
-- Name: COLUMN verified_whatsapp_numbers.deletion_id; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.verified_whatsapp_numbers.deletion_id IS 'What was deleted together shares it, and is restored together.';


--
-- Name: search_verified_whatsapp_numbers(jsonb, timestamp with time zone, integer, uuid); Type: FUNCTION; Schema: public; Owner: postgres
--

CREATE FUNCTION public.search_verified_whatsapp_numbers(metadata_contains jsonb, before timestamp with time zone DEFAULT 'infinity'::timestamp with time zone, max_rows integer DEFAULT 100, before_id uuid DEFAULT NULL::uuid) RETURNS SETOF public.verified_whatsapp_numbers
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
    caller_tenant_id constant uuid := private.current_tenant_id();
begin
    perform private.refuse_search(metadata_contains, max_rows);
    return query
    select n.*
    from public.verified_whatsapp_numbers as n
    where
        n.deleted_at is null
        and n.tenant_id = caller_tenant_id
        and n.metadata @> metadata_contains
        and (n.created_at, n.verified_whatsapp_number_id) < (coalesce(before, 'infinity'), before_id)
    order by n.created_at desc, n.verified_whatsapp_number_id desc
    limit max_rows;
end
$$;


ALTER FUNCTION public.search_verified_whatsapp_numbers(metadata_contains jsonb, before timestamp with time zone, max_rows integer, before_id uuid) OWNER TO postgres;

--
-- Name: FUNCTION search_verified_whatsapp_numbers(metadata_contains jsonb, before timestamp with time zone, max_rows integer, before_id uuid); Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON FUNCTION public.search_verified_whatsapp_numbers(metadata_contains jsonb, before timestamp with time zone, max_rows integer, before_id uuid) IS 'The own tenant''s live numbers whose metadata contain an object, newest first; raises SP001.';


--
-- Name: soft_delete(text, uuid, uuid); Type: FUNCTION; Schema: public; Owner: postgres
--

CREATE FUNCTION public.soft_delete(table_name text, row_id uuid, tenant_id uuid DEFAULT NULL::uuid) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $_$
declare
    bypasses constant boolean := private.request_bypasses();
    workspace_id constant text := case when not bypasses then private.current_workspace_id() end;
    deletion_id constant uuid := gen_random_uuid();
    target record;
    cascade record;
    deleted bigint;
begin
    select t.* into target
    from private.deletable_tables() as t
    where t.table_name = soft_delete.table_name and t.id_column is not null and (t.is_members or bypasses);
    if not found then
        perform private.refuse_deletion();
    end if;
    tenant_id := case
        when bypasses and target.id_column = 'tenant_id' then coalesce(tenant_id, row_id)
        else private.request_tenant_id(tenant_id)
    end;
    execute format(
        'update %s as t set deleted_at = now(), deletion_id = $1
        where t.tenant_id = $2 and t.%I = $3 and t.deleted_at is null and %s',
        target.relation,
        target.id_column,
        case when target.has_workspace then '($4 is null or t.workspace_id = $4)' else 'true' end
    ) using deletion_id, tenant_id, row_id, workspace_id;
    get diagnostics deleted = row_count;
    if deleted = 0 then
        perform private.refuse_deletion();
    end if;
    for cascade in select c.* from private.deletion_cascades(target.relation) as c loop
        execute format(
            'update %s as child set deleted_at = parent.deleted_at, deletion_id = parent.deletion_id
            from %s as parent
            where parent.tenant_id = $2 and parent.deleted_at = now() and parent.deletion_id = $1
            and child.tenant_id = $2 and child.deleted_at is null and %s',
            cascade.child, cascade.parent, cascade.condition
        ) using deletion_id, tenant_id;
    end loop;
    return deletion_id;
end
$_$;


ALTER FUNCTION public.soft_delete(table_name text, row_id uuid, tenant_id uuid) OWNER TO postgres;

--
-- Name: FUNCTION soft_delete(table_name text, row_id uuid, tenant_id uuid); Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON FUNCTION public.soft_delete(table_name text, row_id uuid, tenant_id uuid) IS 'Deletes a row softly, with what would go with it for good, and returns the id of the deletion. Members delete rows of their own tenant; service_role names the tenant. Raises SP401.';


--
-- Name: usage_between(date, date, uuid); Type: FUNCTION; Schema: public; Owner: postgres
--

CREATE FUNCTION public.usage_between(from_day date, to_day date, tenant_id uuid DEFAULT NULL::uuid, OUT whatsapp_messages bigint, OUT slack_messages bigint, OUT failed_messages bigint, OUT verifications_requested bigint, OUT verifications_succeeded bigint, OUT webhooks_delivered bigint, OUT webhooks_exhausted bigint) RETURNS record
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
    if from_day is null or to_day is null or from_day > to_day then
        raise exception 'no period from % to %', coalesce(from_day::text, 'NULL'), coalesce(to_day::text, 'NULL') using
            errcode = 'SP501',
            hint = 'Give two days, the first one first.';
    end if;
    select
        coalesce(sum(u.whatsapp_messages), 0),
        coalesce(sum(u.slack_messages), 0),
        coalesce(sum(u.failed_messages), 0),
        coalesce(sum(u.verifications_requested), 0),
        coalesce(sum(u.verifications_succeeded), 0),
        coalesce(sum(u.webhooks_delivered), 0),
        coalesce(sum(u.webhooks_exhausted), 0)
    into
        whatsapp_messages, slack_messages, failed_messages, verifications_requested, verifications_succeeded,
        webhooks_delivered, webhooks_exhausted
    from public.usage_statistics as u
    where u.tenant_id = private.request_tenant_id(usage_between.tenant_id) and u.deleted_at is null
        and u.day between from_day and to_day;
end
$$;


ALTER FUNCTION public.usage_between(from_day date, to_day date, tenant_id uuid, OUT whatsapp_messages bigint, OUT slack_messages bigint, OUT failed_messages bigint, OUT verifications_requested bigint, OUT verifications_succeeded bigint, OUT webhooks_delivered bigint, OUT webhooks_exhausted bigint) OWNER TO postgres;

--
-- Name: FUNCTION usage_between(from_day date, to_day date, tenant_id uuid, OUT whatsapp_messages bigint, OUT slack_messages bigint, OUT failed_messages bigint, OUT verifications_requested bigint, OUT verifications_succeeded bigint, OUT webhooks_delivered bigint, OUT webhooks_exhausted bigint); Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON FUNCTION public.usage_between(from_day date, to_day date, tenant_id uuid, OUT whatsapp_messages bigint, OUT slack_messages bigint, OUT failed_messages bigint, OUT verifications_requested bigint, OUT verifications_succeeded bigint, OUT webhooks_delivered bigint, OUT webhooks_exhausted bigint) IS 'Sums what was counted for a tenant from one day to another, both included: zeros where nothing was. Members ask for their own tenant; service_role names the tenant. Raises SP501 for what is no period.';


--
-- Name: audit_logs; Type: TABLE; Schema: private; Owner: postgres
--

CREATE TABLE private.audit_logs (
    tenant_id uuid NOT NULL,
    audit_log_id bigint NOT NULL,
    occurred_at timestamp with time zone DEFAULT now() NOT NULL,
    actor_role text NOT NULL,
    actor_id uuid,
    action text NOT NULL,
    table_name text NOT NULL,
    row_id text,
    changed_columns text[] DEFAULT '{}'::text[] NOT NULL,
    CONSTRAINT action_is_known CHECK ((action = ANY ('{insert,update,delete,soft_delete,restore,purge,request,lock,export,erase,rotate,reencrypt,retire,remove}'::text[]))),
    CONSTRAINT actor_role_has_1_to_63_characters CHECK (((char_length(actor_role) >= 1) AND (char_length(actor_role) <= 63))),
    CONSTRAINT changed_columns_are_names CHECK (((cardinality(changed_columns) <= 100) AND (array_position(changed_columns, NULL::text) IS NULL) AND (array_to_string(changed_columns, ','::text) ~ '^([a-z_][a-z0-9_]*(,[a-z_][a-z0-9_]*)*)?$'::text))),
    CONSTRAINT row_id_is_a_uuid_or_a_version CHECK ((row_id ~ '^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[1-9][0-9]{0,9})$'::text)),
    CONSTRAINT table_name_is_a_table_of_ours CHECK ((table_name ~ '^(public|private)\.[a-z_]{1,63}$'::text))
);

ALTER TABLE ONLY private.audit_logs FORCE ROW LEVEL SECURITY;


ALTER TABLE private.audit_logs OWNER TO postgres;

--
-- Name: TABLE audit_logs; Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON TABLE private.audit_logs IS 'Sensitive operations: who, what, which row, which columns, when. Append-only; removed only past its retention.';


--
-- Name: COLUMN audit_logs.tenant_id; Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON COLUMN private.audit_logs.tenant_id IS 'The tenant of the row; the nil UUID where the system itself acted. No foreign key: it outlives tenants.';


--
-- Name: COLUMN audit_logs.audit_log_id; Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON COLUMN private.audit_logs.audit_log_id IS 'The entry, in the order of writing.';


--
-- Name: COLUMN audit_logs.occurred_at; Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON COLUMN private.audit_logs.occurred_at IS 'When the transaction that did it began.';


--
-- Name: COLUMN audit_logs.actor_role; Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON COLUMN private.audit_logs.actor_role IS 'The database role that the request came as.';


--
-- Name: COLUMN audit_logs.actor_id; Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON COLUMN private.audit_logs.actor_id IS 'The claim sub of the request''s token, if it is a UUID: an id, no name.';


--
-- Name: COLUMN audit_logs.action; Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON COLUMN private.audit_logs.action IS 'What was done.';


--
-- Name: COLUMN audit_logs.table_name; Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON COLUMN private.audit_logs.table_name IS 'The table, with its schema.';


--
-- Name: COLUMN audit_logs.row_id; Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON COLUMN private.audit_logs.row_id IS 'The row''s own id, or a key version; NULL: the operation is not about one.';


--
-- Name: COLUMN audit_logs.changed_columns; Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON COLUMN private.audit_logs.changed_columns IS 'Names of the columns that changed; never a value.';


--
-- Name: audit_logs_audit_log_id_seq; Type: SEQUENCE; Schema: private; Owner: postgres
--

ALTER TABLE private.audit_logs ALTER COLUMN audit_log_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME private.audit_logs_audit_log_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: job_runs_job_run_id_seq; Type: SEQUENCE; Schema: private; Owner: postgres
--

ALTER TABLE private.job_runs ALTER COLUMN job_run_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME private.job_runs_job_run_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: whatsapp_verifications; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.whatsapp_verifications (
    tenant_id uuid NOT NULL,
    whatsapp_verification_id uuid DEFAULT gen_random_uuid() NOT NULL,
    phone_number public.e164 NOT NULL,
    code_hash private.keyed_hash NOT NULL,
    key_version integer NOT NULL,
    status text DEFAULT 'pending'::text NOT NULL,
    failed_attempts smallint DEFAULT 0 NOT NULL,
    expires_at timestamp with time zone DEFAULT (now() + '00:10:00'::interval) NOT NULL,
    verified_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    deleted_at timestamp with time zone,
    deletion_id uuid,
    CONSTRAINT code_lives_at_most_10_minutes CHECK (((expires_at > created_at) AND (expires_at <= (created_at + '00:10:00'::interval)))),
    CONSTRAINT deletion_is_whole CHECK (((deleted_at IS NULL) = (deletion_id IS NULL))),
    CONSTRAINT failed_attempts_are_0_to_5 CHECK (((failed_attempts >= 0) AND (failed_attempts <= 5))),
    CONSTRAINT fifth_failure_locks CHECK (((failed_attempts = 5) = (status = 'locked'::text))),
    CONSTRAINT status_is_known CHECK ((status = ANY (ARRAY['pending'::text, 'verified'::text, 'superseded'::text, 'locked'::text, 'expired'::text]))),
    CONSTRAINT verified_codes_have_their_time CHECK (((status = 'verified'::text) = (verified_at IS NOT NULL)))
);

ALTER TABLE ONLY public.whatsapp_verifications FORCE ROW LEVEL SECURITY;


ALTER TABLE public.whatsapp_verifications OWNER TO postgres;

--
-- Name: TABLE whatsapp_verifications; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TABLE public.whatsapp_verifications IS 'One-time codes sent to WhatsApp numbers.';


--
-- Name: COLUMN whatsapp_verifications.tenant_id; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.whatsapp_verifications.tenant_id IS 'The tenant that wants to verify the number.';


--
-- Name: COLUMN whatsapp_verifications.whatsapp_verification_id; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.whatsapp_verifications.whatsapp_verification_id IS 'The row, within its tenant.';


--
-- Name: COLUMN whatsapp_verifications.phone_number; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.whatsapp_verifications.phone_number IS 'Personal: where the code was sent.';


--
-- Name: COLUMN whatsapp_verifications.code_hash; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.whatsapp_verifications.code_hash IS 'Secret: keyed hash of tenant, row id and code. Keyed, since an unkeyed hash of six digits is searched in no time.';


--
-- Name: COLUMN whatsapp_verifications.key_version; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.whatsapp_verifications.key_version IS 'Version of the key of code_hash.';


--
-- Name: COLUMN whatsapp_verifications.status; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.whatsapp_verifications.status IS 'As stored. A pending code past expires_at is expired for every reader, whether or not a job has stored it.';


--
-- Name: COLUMN whatsapp_verifications.failed_attempts; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.whatsapp_verifications.failed_attempts IS 'Wrong codes given; the fifth locks.';


--
-- Name: COLUMN whatsapp_verifications.expires_at; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.whatsapp_verifications.expires_at IS 'From when on the code is refused.';


--
-- Name: COLUMN whatsapp_verifications.verified_at; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.whatsapp_verifications.verified_at IS 'When the right code was given.';


--
-- Name: COLUMN whatsapp_verifications.created_at; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.whatsapp_verifications.created_at IS 'When the code was requested; rate limits count by it.';


--
-- Name: COLUMN whatsapp_verifications.updated_at; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.whatsapp_verifications.updated_at IS 'When the row was last written; kept by a trigger.';


--
-- Name: COLUMN whatsapp_verifications.deleted_at; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.whatsapp_verifications.deleted_at IS 'When the row was soft-deleted; NULL: live.';


--
-- Name: COLUMN whatsapp_verifications.deletion_id; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.whatsapp_verifications.deletion_id IS 'What was deleted together shares it, and is restored together.';


--
-- Name: current_verifications; Type: VIEW; Schema: public; Owner: postgres
--

CREATE VIEW public.current_verifications WITH (security_invoker='true') AS
 SELECT tenant_id,
    whatsapp_verification_id,
    phone_number,
        CASE
            WHEN ((status = 'pending'::text) AND (expires_at <= now())) THEN 'expired'::text
            ELSE status
        END AS status,
    failed_attempts,
    expires_at,
    verified_at,
    created_at,
    updated_at
   FROM public.whatsapp_verifications v
  WHERE (deleted_at IS NULL);


ALTER VIEW public.current_verifications OWNER TO postgres;

--
-- Name: VIEW current_verifications; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON VIEW public.current_verifications IS 'Live verifications as they are now: a code past its time is expired, stored or not.';


--
-- Name: COLUMN current_verifications.phone_number; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.current_verifications.phone_number IS 'Personal: where the code was sent.';


--
-- Name: slack_connections; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.slack_connections (
    tenant_id uuid NOT NULL,
    slack_connection_id uuid DEFAULT gen_random_uuid() NOT NULL,
    workspace_id text NOT NULL,
    workspace_name text NOT NULL,
    bot_user_id text NOT NULL,
    bot_token_ciphertext private.ciphertext NOT NULL,
    key_version integer NOT NULL,
    scopes text[] DEFAULT '{}'::text[] NOT NULL,
    default_channel_id text,
    status text DEFAULT 'active'::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    deleted_at timestamp with time zone,
    deletion_id uuid,
    CONSTRAINT bot_token_has_at_most_1_kilobyte CHECK ((octet_length((bot_token_ciphertext)::bytea) <= 1077)),
    CONSTRAINT bot_token_names_its_key CHECK ((SUBSTRING(bot_token_ciphertext FROM 2 FOR 4) = int4send(key_version))),
    CONSTRAINT bot_user_id_is_of_slacks_form CHECK ((bot_user_id ~ '^[UW][A-Z0-9]{2,20}$'::text)),
    CONSTRAINT default_channel_id_is_of_slacks_form CHECK ((default_channel_id ~ '^[CDG][A-Z0-9]{2,20}$'::text)),
    CONSTRAINT deletion_is_whole CHECK (((deleted_at IS NULL) = (deletion_id IS NULL))),
    CONSTRAINT scopes_are_at_most_100_names CHECK (((cardinality(scopes) <= 100) AND (array_position(scopes, NULL::text) IS NULL) AND (char_length(array_to_string(scopes, ','::text)) <= 4000) AND (array_to_string(scopes, ','::text) ~ '^[a-z0-9_:.,-]*$'::text))),
    CONSTRAINT status_is_known CHECK ((status = ANY (ARRAY['active'::text, 'revoked'::text, 'failing'::text]))),
    CONSTRAINT workspace_id_is_of_slacks_form CHECK ((workspace_id ~ '^[ET][A-Z0-9]{2,20}$'::text)),
    CONSTRAINT workspace_name_has_1_to_200_characters CHECK (((char_length(workspace_name) >= 1) AND (char_length(workspace_name) <= 200)))
);

ALTER TABLE ONLY public.slack_connections FORCE ROW LEVEL SECURITY;


ALTER TABLE public.slack_connections OWNER TO postgres;

--
-- Name: TABLE slack_connections; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TABLE public.slack_connections IS 'Slack workspaces that tenants have connected; one may be of several tenants.';


--
-- Name: COLUMN slack_connections.tenant_id; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.slack_connections.tenant_id IS 'The tenant that connected the workspace.';


--
-- Name: COLUMN slack_connections.slack_connection_id; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.slack_connections.slack_connection_id IS 'The row, within its tenant.';


--
-- Name: COLUMN slack_connections.workspace_id; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.slack_connections.workspace_id IS 'Slack''s id of the workspace (T…) or enterprise (E…).';


--
-- Name: COLUMN slack_connections.workspace_name; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.slack_connections.workspace_name IS 'Slack''s name of the workspace.';


--
-- Name: COLUMN slack_connections.bot_user_id; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.slack_connections.bot_user_id IS 'Slack''s id of the bot that the token belongs to.';


--
-- Name: COLUMN slack_connections.bot_token_ciphertext; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.slack_connections.bot_token_ciphertext IS 'Secret: the bot token, encrypted.';


--
-- Name: COLUMN slack_connections.key_version; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.slack_connections.key_version IS 'Version of the key of bot_token_ciphertext.';


--
-- Name: COLUMN slack_connections.scopes; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.slack_connections.scopes IS 'What Slack lets the token do.';


--
-- Name: COLUMN slack_connections.default_channel_id; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.slack_connections.default_channel_id IS 'Channel that messages without one go to.';


--
-- Name: COLUMN slack_connections.status; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.slack_connections.status IS 'active; revoked: Slack refused the token for good; failing: the last calls failed.';


--
-- Name: COLUMN slack_connections.created_at; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.slack_connections.created_at IS 'When the workspace was connected.';


--
-- Name: COLUMN slack_connections.updated_at; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.slack_connections.updated_at IS 'When the row was last written; kept by a trigger.';


--
-- Name: COLUMN slack_connections.deleted_at; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.slack_connections.deleted_at IS 'When the connection was soft-deleted; NULL: live.';


--
-- Name: COLUMN slack_connections.deletion_id; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.slack_connections.deletion_id IS 'What was deleted together shares it, and is restored together.';


--
-- Name: decrypted_slack_connections; Type: VIEW; Schema: public; Owner: postgres
--

CREATE VIEW public.decrypted_slack_connections WITH (security_invoker='true') AS
 SELECT tenant_id,
    slack_connection_id,
    workspace_id,
    workspace_name,
    bot_user_id,
    private.decrypt_text((bot_token_ciphertext)::bytea, tenant_id, 'public.slack_connections'::text, 'bot_token_ciphertext'::text, slack_connection_id) AS bot_token,
    scopes,
    default_channel_id,
    status,
    created_at,
    updated_at
   FROM public.slack_connections c
  WHERE (deleted_at IS NULL);


ALTER VIEW public.decrypted_slack_connections OWNER TO postgres;

--
-- Name: VIEW decrypted_slack_connections; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON VIEW public.decrypted_slack_connections IS 'Live connections with their bot token, for service_role.';


--
-- Name: webhook_deliveries; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.webhook_deliveries (
    tenant_id uuid NOT NULL,
    webhook_delivery_id uuid DEFAULT gen_random_uuid() NOT NULL,
    communication_log_id uuid,
    event_type text NOT NULL,
    endpoint_url text NOT NULL,
    payload jsonb NOT NULL,
    signature_ciphertext private.ciphertext NOT NULL,
    key_version integer NOT NULL,
    status text DEFAULT 'pending'::text NOT NULL,
    attempts smallint DEFAULT 0 NOT NULL,
    max_attempts smallint DEFAULT 8 NOT NULL,
    next_attempt_at timestamp with time zone DEFAULT now(),
    finished_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    deleted_at timestamp with time zone,
    deletion_id uuid,
    CONSTRAINT attempts_are_within_their_maximum CHECK (((attempts >= 0) AND (attempts <= max_attempts))),
    CONSTRAINT deletion_is_whole CHECK (((deleted_at IS NULL) = (deletion_id IS NULL))),
    CONSTRAINT endpoint_url_is_https_without_credentials CHECK (((char_length(endpoint_url) <= 2048) AND (endpoint_url ~ '^https://[^[:space:]/?#@]+([/?#][^[:space:]]*)?$'::text))),
    CONSTRAINT event_type_is_known CHECK ((event_type = ANY (ARRAY['message.sent'::text, 'message.delivered'::text, 'message.read'::text, 'message.failed'::text, 'message.received'::text, 'number.verified'::text, 'workspace.connected'::text, 'workspace.disconnected'::text]))),
    CONSTRAINT exhausted_deliveries_have_spent_their_attempts CHECK (((status <> 'exhausted'::text) OR (attempts = max_attempts))),
    CONSTRAINT finished_deliveries_have_their_time CHECK (((status = 'pending'::text) = (finished_at IS NULL))),
    CONSTRAINT max_attempts_are_1_to_20 CHECK (((max_attempts >= 1) AND (max_attempts <= 20))),
    CONSTRAINT payload_has_at_most_64_kilobytes CHECK ((octet_length((payload)::text) <= 65536)),
    CONSTRAINT payload_is_an_object CHECK ((jsonb_typeof(payload) = 'object'::text)),
    CONSTRAINT pending_deliveries_have_a_next_attempt CHECK (((status = 'pending'::text) = (next_attempt_at IS NOT NULL))),
    CONSTRAINT signature_has_at_most_1_kilobyte CHECK ((octet_length((signature_ciphertext)::bytea) <= 1077)),
    CONSTRAINT signature_names_its_key CHECK ((SUBSTRING(signature_ciphertext FROM 2 FOR 4) = int4send(key_version))),
    CONSTRAINT status_is_known CHECK ((status = ANY (ARRAY['pending'::text, 'delivered'::text, 'exhausted'::text])))
);

ALTER TABLE ONLY public.webhook_deliveries FORCE ROW LEVEL SECURITY;


ALTER TABLE public.webhook_deliveries OWNER TO postgres;

--
-- Name: TABLE webhook_deliveries; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TABLE public.webhook_deliveries IS 'Events for a tenant''s endpoint, with the state of their retries.';


--
-- Name: COLUMN webhook_deliveries.tenant_id; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.webhook_deliveries.tenant_id IS 'The tenant whose endpoint it is.';


--
-- Name: COLUMN webhook_deliveries.webhook_delivery_id; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.webhook_deliveries.webhook_delivery_id IS 'The row, within its tenant.';


--
-- Name: COLUMN webhook_deliveries.communication_log_id; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.webhook_deliveries.communication_log_id IS 'The message that the event is about, if it is.';


--
-- Name: COLUMN webhook_deliveries.event_type; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.webhook_deliveries.event_type IS 'What happened.';


--
-- Name: COLUMN webhook_deliveries.endpoint_url; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.webhook_deliveries.endpoint_url IS 'Where it goes, without credentials.';


--
-- Name: COLUMN webhook_deliveries.payload; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.webhook_deliveries.payload IS 'Personal: what is sent; it repeats the message, but not its phone number, which the log has encrypted.';


--
-- Name: COLUMN webhook_deliveries.signature_ciphertext; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.webhook_deliveries.signature_ciphertext IS 'Secret: the signature of the payload, encrypted.';


--
-- Name: COLUMN webhook_deliveries.key_version; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.webhook_deliveries.key_version IS 'Version of the key of signature_ciphertext.';


--
-- Name: COLUMN webhook_deliveries.status; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.webhook_deliveries.status IS 'pending: to be tried; delivered: the endpoint took it; exhausted: the retries are spent.';


--
-- Name: COLUMN webhook_deliveries.attempts; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.webhook_deliveries.attempts IS 'Tries so far; each is a row of webhook_attempts.';


--
-- Name: COLUMN webhook_deliveries.max_attempts; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.webhook_deliveries.max_attempts IS 'Tries after which it is given up.';


--
-- Name: COLUMN webhook_deliveries.next_attempt_at; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.webhook_deliveries.next_attempt_at IS 'When it is to be tried next; a worker moves it ahead while it tries. NULL once finished.';


--
-- Name: COLUMN webhook_deliveries.finished_at; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.webhook_deliveries.finished_at IS 'When it was delivered or given up.';


--
-- Name: COLUMN webhook_deliveries.created_at; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.webhook_deliveries.created_at IS 'When the event was queued.';


--
-- Name: COLUMN webhook_deliveries.updated_at; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.webhook_deliveries.updated_at IS 'When the row was last written; kept by a trigger.';


--
-- Name: COLUMN webhook_deliveries.deleted_at; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.webhook_deliveries.deleted_at IS 'When the delivery was soft-deleted; NULL: live.';


--
-- Name: COLUMN webhook_deliveries.deletion_id; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.webhook_deliveries.deletion_id IS 'What was deleted together shares it, and is restored together.';


--
-- Name: decrypted_webhook_deliveries; Type: VIEW; Schema: public; Owner: postgres
--

CREATE VIEW public.decrypted_webhook_deliveries WITH (security_invoker='true') AS
 SELECT tenant_id,
    webhook_delivery_id,
    communication_log_id,
    event_type,
    endpoint_url,
    payload,
    private.decrypt_text((signature_ciphertext)::bytea, tenant_id, 'public.webhook_deliveries'::text, 'signature_ciphertext'::text, webhook_delivery_id) AS signature,
    status,
    attempts,
    max_attempts,
    next_attempt_at,
    finished_at,
    created_at,
    updated_at
   FROM public.webhook_deliveries d
  WHERE (deleted_at IS NULL);


ALTER VIEW public.decrypted_webhook_deliveries OWNER TO postgres;

--
-- Name: VIEW decrypted_webhook_deliveries; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON VIEW public.decrypted_webhook_deliveries IS 'Live deliveries with their signature, for service_role.';


--
-- Name: tenants; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.tenants (
    tenant_id uuid DEFAULT gen_random_uuid() NOT NULL,
    name text NOT NULL,
    communication_log_retention_days integer DEFAULT 180 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    deleted_at timestamp with time zone,
    deletion_id uuid,
    CONSTRAINT deletion_is_whole CHECK (((deleted_at IS NULL) = (deletion_id IS NULL))),
    CONSTRAINT name_has_1_to_200_characters CHECK (((char_length(name) >= 1) AND (char_length(name) <= 200))),
    CONSTRAINT retention_is_1_day_to_10_years CHECK (((communication_log_retention_days >= 1) AND (communication_log_retention_days <= 3650))),
    CONSTRAINT tenant_id_is_not_nil CHECK ((tenant_id <> '00000000-0000-0000-0000-000000000000'::uuid))
);

ALTER TABLE ONLY public.tenants FORCE ROW LEVEL SECURITY;


ALTER TABLE public.tenants OWNER TO postgres;

--
-- Name: TABLE tenants; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TABLE public.tenants IS 'Customers of the product; deleting one for good deletes all that it owns.';


--
-- Name: COLUMN tenants.tenant_id; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.tenants.tenant_id IS 'The tenant, as the claim tenant_id names it. Never the nil UUID, which stands for the system in the audit log.';


--
-- Name: COLUMN tenants.name; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.tenants.name IS 'Name of the customer.';


--
-- Name: COLUMN tenants.communication_log_retention_days; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.tenants.communication_log_retention_days IS 'Days after which a communication log is removed for good. Set by service_role: shortening it destroys data.';


--
-- Name: COLUMN tenants.created_at; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.tenants.created_at IS 'When the tenant was made.';


--
-- Name: COLUMN tenants.updated_at; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.tenants.updated_at IS 'When the row was last written; kept by a trigger.';


--
-- Name: COLUMN tenants.deleted_at; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.tenants.deleted_at IS 'When the tenant was soft-deleted; NULL: live.';


--
-- Name: COLUMN tenants.deletion_id; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.tenants.deletion_id IS 'What was deleted together shares it, and is restored together.';


--
-- Name: usage_statistics; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.usage_statistics (
    tenant_id uuid NOT NULL,
    usage_statistic_id uuid DEFAULT gen_random_uuid() NOT NULL,
    day date NOT NULL,
    whatsapp_messages bigint DEFAULT 0 NOT NULL,
    slack_messages bigint DEFAULT 0 NOT NULL,
    failed_messages bigint DEFAULT 0 NOT NULL,
    verifications_requested bigint DEFAULT 0 NOT NULL,
    verifications_succeeded bigint DEFAULT 0 NOT NULL,
    webhooks_delivered bigint DEFAULT 0 NOT NULL,
    webhooks_exhausted bigint DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    deleted_at timestamp with time zone,
    deletion_id uuid,
    CONSTRAINT counts_are_not_negative CHECK ((LEAST(whatsapp_messages, slack_messages, failed_messages, verifications_requested, verifications_succeeded, webhooks_delivered, webhooks_exhausted) >= 0)),
    CONSTRAINT deletion_is_whole CHECK (((deleted_at IS NULL) = (deletion_id IS NULL))),
    CONSTRAINT failed_messages_are_among_the_messages CHECK ((failed_messages <= (whatsapp_messages + slack_messages))),
    CONSTRAINT successes_are_among_the_requests CHECK ((verifications_succeeded <= verifications_requested))
);

ALTER TABLE ONLY public.usage_statistics FORCE ROW LEVEL SECURITY;


ALTER TABLE public.usage_statistics OWNER TO postgres;

--
-- Name: TABLE usage_statistics; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TABLE public.usage_statistics IS 'Usage of a tenant, by day.';


--
-- Name: COLUMN usage_statistics.tenant_id; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.usage_statistics.tenant_id IS 'The tenant whose usage it is.';


--
-- Name: COLUMN usage_statistics.usage_statistic_id; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.usage_statistics.usage_statistic_id IS 'The row, within its tenant.';


--
-- Name: COLUMN usage_statistics.day; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.usage_statistics.day IS 'The day, in UTC, of created_at of what is counted.';


--
-- Name: COLUMN usage_statistics.whatsapp_messages; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.usage_statistics.whatsapp_messages IS 'WhatsApp messages logged, of either direction.';


--
-- Name: COLUMN usage_statistics.slack_messages; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.usage_statistics.slack_messages IS 'Slack messages logged, of either direction.';


--
-- Name: COLUMN usage_statistics.failed_messages; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.usage_statistics.failed_messages IS 'Messages of either channel that failed.';


--
-- Name: COLUMN usage_statistics.verifications_requested; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.usage_statistics.verifications_requested IS 'Verification codes requested.';


--
-- Name: COLUMN usage_statistics.verifications_succeeded; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.usage_statistics.verifications_succeeded IS 'Of those, codes that were given right.';


--
-- Name: COLUMN usage_statistics.webhooks_delivered; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.usage_statistics.webhooks_delivered IS 'Webhook deliveries that the endpoint took.';


--
-- Name: COLUMN usage_statistics.webhooks_exhausted; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.usage_statistics.webhooks_exhausted IS 'Webhook deliveries given up.';


--
-- Name: COLUMN usage_statistics.created_at; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.usage_statistics.created_at IS 'When the day was first counted.';


--
-- Name: COLUMN usage_statistics.updated_at; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.usage_statistics.updated_at IS 'When the day was last counted; kept by a trigger.';


--
-- Name: COLUMN usage_statistics.deleted_at; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.usage_statistics.deleted_at IS 'When its tenant was soft-deleted; NULL: live.';


--
-- Name: COLUMN usage_statistics.deletion_id; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.usage_statistics.deletion_id IS 'The deletion of its tenant.';


--
-- Name: webhook_attempts; Type: TABLE; Schema: public; Owner: postgres
--

CREATE TABLE public.webhook_attempts (
    tenant_id uuid NOT NULL,
    webhook_delivery_id uuid NOT NULL,
    attempt_number smallint NOT NULL,
    response_status smallint,
    error_message text,
    duration_ms integer NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    deleted_at timestamp with time zone,
    deletion_id uuid,
    CONSTRAINT attempt_number_is_1_to_20 CHECK (((attempt_number >= 1) AND (attempt_number <= 20))),
    CONSTRAINT attempts_have_an_outcome CHECK ((num_nonnulls(response_status, error_message) > 0)),
    CONSTRAINT deletion_is_whole CHECK (((deleted_at IS NULL) = (deletion_id IS NULL))),
    CONSTRAINT duration_ms_is_not_negative CHECK ((duration_ms >= 0)),
    CONSTRAINT error_message_has_at_most_1000_characters CHECK ((char_length(error_message) <= 1000)),
    CONSTRAINT response_status_is_of_http CHECK (((response_status >= 100) AND (response_status <= 599)))
);

ALTER TABLE ONLY public.webhook_attempts FORCE ROW LEVEL SECURITY;


ALTER TABLE public.webhook_attempts OWNER TO postgres;

--
-- Name: TABLE webhook_attempts; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TABLE public.webhook_attempts IS 'Tries of webhook deliveries.';


--
-- Name: COLUMN webhook_attempts.tenant_id; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.webhook_attempts.tenant_id IS 'The tenant whose endpoint was tried.';


--
-- Name: COLUMN webhook_attempts.webhook_delivery_id; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.webhook_attempts.webhook_delivery_id IS 'The delivery that was tried.';


--
-- Name: COLUMN webhook_attempts.attempt_number; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.webhook_attempts.attempt_number IS 'The how-manieth try of the delivery, from 1.';


--
-- Name: COLUMN webhook_attempts.response_status; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.webhook_attempts.response_status IS 'HTTP status of the answer; NULL: there was none.';


--
-- Name: COLUMN webhook_attempts.error_message; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.webhook_attempts.error_message IS 'Personal: what went wrong, as the HTTP client or the endpoint told; it may quote the payload.';


--
-- Name: COLUMN webhook_attempts.duration_ms; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.webhook_attempts.duration_ms IS 'Milliseconds until the answer or the failure.';


--
-- Name: COLUMN webhook_attempts.created_at; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.webhook_attempts.created_at IS 'When the try ended.';


--
-- Name: COLUMN webhook_attempts.updated_at; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.webhook_attempts.updated_at IS 'When the row was last written; kept by a trigger.';


--
-- Name: COLUMN webhook_attempts.deleted_at; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.webhook_attempts.deleted_at IS 'When its delivery was soft-deleted; NULL: live.';


--
-- Name: COLUMN webhook_attempts.deletion_id; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON COLUMN public.webhook_attempts.deletion_id IS 'The deletion of its delivery.';


--
-- Name: audit_logs audit_logs_pkey; Type: CONSTRAINT; Schema: private; Owner: postgres
--

ALTER TABLE ONLY private.audit_logs
    ADD CONSTRAINT audit_logs_pkey PRIMARY KEY (tenant_id, audit_log_id);


--
-- Name: encryption_keys encryption_keys_pkey; Type: CONSTRAINT; Schema: private; Owner: postgres
--

ALTER TABLE ONLY private.encryption_keys
    ADD CONSTRAINT encryption_keys_pkey PRIMARY KEY (key_version);


--
-- Name: encryption_keys encryption_keys_vault_secret_id_key; Type: CONSTRAINT; Schema: private; Owner: postgres
--

ALTER TABLE ONLY private.encryption_keys
    ADD CONSTRAINT encryption_keys_vault_secret_id_key UNIQUE (vault_secret_id);


--
-- Name: job_runs job_runs_pkey; Type: CONSTRAINT; Schema: private; Owner: postgres
--

ALTER TABLE ONLY private.job_runs
    ADD CONSTRAINT job_runs_pkey PRIMARY KEY (job_run_id);


--
-- Name: jobs jobs_pkey; Type: CONSTRAINT; Schema: private; Owner: postgres
--

ALTER TABLE ONLY private.jobs
    ADD CONSTRAINT jobs_pkey PRIMARY KEY (job_name);


--
-- Name: communication_logs communication_logs_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.communication_logs
    ADD CONSTRAINT communication_logs_pkey PRIMARY KEY (tenant_id, communication_log_id);


--
-- Name: slack_connections slack_connections_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.slack_connections
    ADD CONSTRAINT slack_connections_pkey PRIMARY KEY (tenant_id, slack_connection_id);


--
-- Name: slack_connections slack_connections_workspace_id_key; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.slack_connections
    ADD CONSTRAINT slack_connections_workspace_id_key UNIQUE (tenant_id, workspace_id, slack_connection_id);


--
-- Name: slack_user_mappings slack_user_mappings_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.slack_user_mappings
    ADD CONSTRAINT slack_user_mappings_pkey PRIMARY KEY (tenant_id, slack_user_mapping_id);


--
-- Name: tenants tenants_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.tenants
    ADD CONSTRAINT tenants_pkey PRIMARY KEY (tenant_id);


--
-- Name: usage_statistics usage_statistics_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.usage_statistics
    ADD CONSTRAINT usage_statistics_pkey PRIMARY KEY (tenant_id, usage_statistic_id);


--
-- Name: verified_whatsapp_numbers verified_whatsapp_numbers_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.verified_whatsapp_numbers
    ADD CONSTRAINT verified_whatsapp_numbers_pkey PRIMARY KEY (tenant_id, verified_whatsapp_number_id);


--
-- Name: webhook_attempts webhook_attempts_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.webhook_attempts
    ADD CONSTRAINT webhook_attempts_pkey PRIMARY KEY (tenant_id, webhook_delivery_id, attempt_number);


--
-- Name: webhook_deliveries webhook_deliveries_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.webhook_deliveries
    ADD CONSTRAINT webhook_deliveries_pkey PRIMARY KEY (tenant_id, webhook_delivery_id);


--
-- Name: whatsapp_verifications whatsapp_verifications_pkey; Type: CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.whatsapp_verifications
    ADD CONSTRAINT whatsapp_verifications_pkey PRIMARY KEY (tenant_id, whatsapp_verification_id);


--
-- Name: audit_logs_occurred_at_idx; Type: INDEX; Schema: private; Owner: postgres
--

CREATE INDEX audit_logs_occurred_at_idx ON private.audit_logs USING btree (occurred_at);


--
-- Name: INDEX audit_logs_occurred_at_idx; Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON INDEX private.audit_logs_occurred_at_idx IS 'Finds what is past its retention.';


--
-- Name: audit_logs_row_id_idx; Type: INDEX; Schema: private; Owner: postgres
--

CREATE INDEX audit_logs_row_id_idx ON private.audit_logs USING btree (tenant_id, row_id) WHERE (row_id IS NOT NULL);


--
-- Name: INDEX audit_logs_row_id_idx; Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON INDEX private.audit_logs_row_id_idx IS 'Tells what happened to a row.';


--
-- Name: encryption_keys_current_key; Type: INDEX; Schema: private; Owner: postgres
--

CREATE UNIQUE INDEX encryption_keys_current_key ON private.encryption_keys USING btree (state) WHERE (state = 'current'::text);


--
-- Name: INDEX encryption_keys_current_key; Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON INDEX private.encryption_keys_current_key IS 'At most one version is current.';


--
-- Name: job_runs_started_at_idx; Type: INDEX; Schema: private; Owner: postgres
--

CREATE INDEX job_runs_started_at_idx ON private.job_runs USING btree (job_name, started_at);


--
-- Name: INDEX job_runs_started_at_idx; Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON INDEX private.job_runs_started_at_idx IS 'Finds the last runs of a job.';


--
-- Name: communication_logs_created_at_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX communication_logs_created_at_idx ON public.communication_logs USING btree (tenant_id, created_at);


--
-- Name: INDEX communication_logs_created_at_idx; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON INDEX public.communication_logs_created_at_idx IS 'Lists a tenant''s messages of a time; finds those past its retention, soft-deleted ones included, so not partial.';


--
-- Name: communication_logs_deleted_at_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX communication_logs_deleted_at_idx ON public.communication_logs USING btree (deleted_at, deletion_id) WHERE (deleted_at IS NOT NULL);


--
-- Name: INDEX communication_logs_deleted_at_idx; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON INDEX public.communication_logs_deleted_at_idx IS 'Finds what a deletion took, and what is past its grace period.';


--
-- Name: communication_logs_key_version_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX communication_logs_key_version_idx ON public.communication_logs USING btree (key_version) WHERE (key_version IS NOT NULL);


--
-- Name: INDEX communication_logs_key_version_idx; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON INDEX public.communication_logs_key_version_idx IS 'Finds what a rotation has to encrypt anew, and tells whether a key version is still in use.';


--
-- Name: communication_logs_metadata_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX communication_logs_metadata_idx ON public.communication_logs USING gin (metadata jsonb_path_ops) WHERE (deleted_at IS NULL);


--
-- Name: INDEX communication_logs_metadata_idx; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON INDEX public.communication_logs_metadata_idx IS 'Finds messages by metadata; for service_role and definer functions, since @> is not leakproof.';


--
-- Name: communication_logs_phone_number_hash_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX communication_logs_phone_number_hash_idx ON public.communication_logs USING btree (tenant_id, phone_number_hash) WHERE (phone_number_hash IS NOT NULL);


--
-- Name: INDEX communication_logs_phone_number_hash_idx; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON INDEX public.communication_logs_phone_number_hash_idx IS 'Finds the messages of a phone number.';


--
-- Name: communication_logs_provider_message_id_key; Type: INDEX; Schema: public; Owner: postgres
--

CREATE UNIQUE INDEX communication_logs_provider_message_id_key ON public.communication_logs USING btree (provider_message_id, tenant_id, channel) WHERE ((provider_message_id IS NOT NULL) AND (deleted_at IS NULL));


--
-- Name: INDEX communication_logs_provider_message_id_key; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON INDEX public.communication_logs_provider_message_id_key IS 'A message is logged once; finds the log that a provider''s callback is about, before its tenant is known.';


--
-- Name: communication_logs_slack_connection_id_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX communication_logs_slack_connection_id_idx ON public.communication_logs USING btree (tenant_id, workspace_id, slack_connection_id, created_at) WHERE (slack_connection_id IS NOT NULL);


--
-- Name: INDEX communication_logs_slack_connection_id_idx; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON INDEX public.communication_logs_slack_connection_id_idx IS 'Lists a connection''s messages, newest first, and lets go of it.';


--
-- Name: communication_logs_slack_user_id_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX communication_logs_slack_user_id_idx ON public.communication_logs USING btree (tenant_id, slack_user_id, created_at) WHERE (slack_user_id IS NOT NULL);


--
-- Name: INDEX communication_logs_slack_user_id_idx; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON INDEX public.communication_logs_slack_user_id_idx IS 'Finds the messages of a Slack user, newest first.';


--
-- Name: communication_logs_verified_whatsapp_number_id_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX communication_logs_verified_whatsapp_number_id_idx ON public.communication_logs USING btree (tenant_id, verified_whatsapp_number_id, created_at) WHERE (verified_whatsapp_number_id IS NOT NULL);


--
-- Name: INDEX communication_logs_verified_whatsapp_number_id_idx; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON INDEX public.communication_logs_verified_whatsapp_number_id_idx IS 'Lists a number''s messages, newest first, and lets go of it.';


--
-- Name: slack_connections_key_version_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX slack_connections_key_version_idx ON public.slack_connections USING btree (key_version);


--
-- Name: INDEX slack_connections_key_version_idx; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON INDEX public.slack_connections_key_version_idx IS 'Finds what a rotation has to encrypt anew, and tells whether a key version is still in use.';


--
-- Name: slack_connections_live_workspace_id_key; Type: INDEX; Schema: public; Owner: postgres
--

CREATE UNIQUE INDEX slack_connections_live_workspace_id_key ON public.slack_connections USING btree (tenant_id, workspace_id) WHERE (deleted_at IS NULL);


--
-- Name: INDEX slack_connections_live_workspace_id_key; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON INDEX public.slack_connections_live_workspace_id_key IS 'A workspace is connected once a tenant, and can be again after it was disconnected; finds a tenant''s connection.';


--
-- Name: slack_connections_workspace_id_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX slack_connections_workspace_id_idx ON public.slack_connections USING btree (workspace_id) WHERE (deleted_at IS NULL);


--
-- Name: INDEX slack_connections_workspace_id_idx; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON INDEX public.slack_connections_workspace_id_idx IS 'Finds the tenants of a workspace that an event from Slack comes from.';


--
-- Name: slack_user_mappings_created_at_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX slack_user_mappings_created_at_idx ON public.slack_user_mappings USING btree (tenant_id, created_at) WHERE (deleted_at IS NULL);


--
-- Name: INDEX slack_user_mappings_created_at_idx; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON INDEX public.slack_user_mappings_created_at_idx IS 'Lists a tenant''s mappings, newest first.';


--
-- Name: slack_user_mappings_deleted_at_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX slack_user_mappings_deleted_at_idx ON public.slack_user_mappings USING btree (deleted_at, deletion_id) WHERE (deleted_at IS NOT NULL);


--
-- Name: INDEX slack_user_mappings_deleted_at_idx; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON INDEX public.slack_user_mappings_deleted_at_idx IS 'Finds what a deletion took, and what is past its grace period.';


--
-- Name: slack_user_mappings_live_slack_user_id_key; Type: INDEX; Schema: public; Owner: postgres
--

CREATE UNIQUE INDEX slack_user_mappings_live_slack_user_id_key ON public.slack_user_mappings USING btree (tenant_id, workspace_id, slack_user_id) WHERE (deleted_at IS NULL);


--
-- Name: INDEX slack_user_mappings_live_slack_user_id_key; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON INDEX public.slack_user_mappings_live_slack_user_id_key IS 'A Slack user is mapped once a tenant and workspace; finds the person of a Slack user.';


--
-- Name: slack_user_mappings_metadata_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX slack_user_mappings_metadata_idx ON public.slack_user_mappings USING gin (metadata jsonb_path_ops) WHERE (deleted_at IS NULL);


--
-- Name: INDEX slack_user_mappings_metadata_idx; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON INDEX public.slack_user_mappings_metadata_idx IS 'Finds mappings by metadata; for service_role and definer functions, since @> is not leakproof.';


--
-- Name: slack_user_mappings_slack_connection_id_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX slack_user_mappings_slack_connection_id_idx ON public.slack_user_mappings USING btree (tenant_id, workspace_id, slack_connection_id);


--
-- Name: INDEX slack_user_mappings_slack_connection_id_idx; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON INDEX public.slack_user_mappings_slack_connection_id_idx IS 'Lists a connection''s users, and deletes with it.';


--
-- Name: slack_user_mappings_verified_whatsapp_number_id_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX slack_user_mappings_verified_whatsapp_number_id_idx ON public.slack_user_mappings USING btree (tenant_id, verified_whatsapp_number_id) WHERE (verified_whatsapp_number_id IS NOT NULL);


--
-- Name: INDEX slack_user_mappings_verified_whatsapp_number_id_idx; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON INDEX public.slack_user_mappings_verified_whatsapp_number_id_idx IS 'Finds the people of a number, and lets go of it.';


--
-- Name: slack_user_mappings_workspace_id_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX slack_user_mappings_workspace_id_idx ON public.slack_user_mappings USING btree (workspace_id, slack_user_id) WHERE (deleted_at IS NULL);


--
-- Name: INDEX slack_user_mappings_workspace_id_idx; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON INDEX public.slack_user_mappings_workspace_id_idx IS 'Finds the mappings of a Slack user that an event comes from, in whichever tenants.';


--
-- Name: usage_statistics_deleted_at_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX usage_statistics_deleted_at_idx ON public.usage_statistics USING btree (deleted_at, deletion_id) WHERE (deleted_at IS NOT NULL);


--
-- Name: INDEX usage_statistics_deleted_at_idx; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON INDEX public.usage_statistics_deleted_at_idx IS 'Finds what a deletion took, and what is past its grace period.';


--
-- Name: usage_statistics_live_day_key; Type: INDEX; Schema: public; Owner: postgres
--

CREATE UNIQUE INDEX usage_statistics_live_day_key ON public.usage_statistics USING btree (tenant_id, day) WHERE (deleted_at IS NULL);


--
-- Name: INDEX usage_statistics_live_day_key; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON INDEX public.usage_statistics_live_day_key IS 'A day is counted once a tenant; sums a tenant''s period.';


--
-- Name: verified_whatsapp_numbers_created_at_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX verified_whatsapp_numbers_created_at_idx ON public.verified_whatsapp_numbers USING btree (tenant_id, created_at) WHERE (deleted_at IS NULL);


--
-- Name: INDEX verified_whatsapp_numbers_created_at_idx; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON INDEX public.verified_whatsapp_numbers_created_at_idx IS 'Lists a tenant''s numbers, newest first.';


--
-- Name: verified_whatsapp_numbers_deleted_at_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX verified_whatsapp_numbers_deleted_at_idx ON public.verified_whatsapp_numbers USING btree (deleted_at, deletion_id) WHERE (deleted_at IS NOT NULL);


--
-- Name: INDEX verified_whatsapp_numbers_deleted_at_idx; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON INDEX public.verified_whatsapp_numbers_deleted_at_idx IS 'Finds what a deletion took, and what is past its grace period.';


--
-- Name: verified_whatsapp_numbers_live_phone_number_key; Type: INDEX; Schema: public; Owner: postgres
--

CREATE UNIQUE INDEX verified_whatsapp_numbers_live_phone_number_key ON public.verified_whatsapp_numbers USING btree (tenant_id, phone_number) WHERE (deleted_at IS NULL);


--
-- Name: INDEX verified_whatsapp_numbers_live_phone_number_key; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON INDEX public.verified_whatsapp_numbers_live_phone_number_key IS 'A number is live once a tenant, and can be verified again after it was deleted; finds a tenant''s number.';


--
-- Name: verified_whatsapp_numbers_metadata_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX verified_whatsapp_numbers_metadata_idx ON public.verified_whatsapp_numbers USING gin (metadata jsonb_path_ops) WHERE (deleted_at IS NULL);


--
-- Name: INDEX verified_whatsapp_numbers_metadata_idx; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON INDEX public.verified_whatsapp_numbers_metadata_idx IS 'Finds numbers by metadata; for service_role and definer functions, since @> is not leakproof.';


--
-- Name: webhook_attempts_deleted_at_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX webhook_attempts_deleted_at_idx ON public.webhook_attempts USING btree (deleted_at, deletion_id) WHERE (deleted_at IS NOT NULL);


--
-- Name: INDEX webhook_attempts_deleted_at_idx; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON INDEX public.webhook_attempts_deleted_at_idx IS 'Finds what a deletion took, and what is past its grace period.';


--
-- Name: webhook_deliveries_communication_log_id_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX webhook_deliveries_communication_log_id_idx ON public.webhook_deliveries USING btree (tenant_id, communication_log_id) WHERE (communication_log_id IS NOT NULL);


--
-- Name: INDEX webhook_deliveries_communication_log_id_idx; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON INDEX public.webhook_deliveries_communication_log_id_idx IS 'Lists a message''s deliveries, and deletes with it.';


--
-- Name: webhook_deliveries_created_at_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX webhook_deliveries_created_at_idx ON public.webhook_deliveries USING btree (tenant_id, created_at);


--
-- Name: INDEX webhook_deliveries_created_at_idx; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON INDEX public.webhook_deliveries_created_at_idx IS 'Lists a tenant''s deliveries, newest first, and counts a day''s, soft-deleted ones included, so not partial.';


--
-- Name: webhook_deliveries_deleted_at_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX webhook_deliveries_deleted_at_idx ON public.webhook_deliveries USING btree (deleted_at, deletion_id) WHERE (deleted_at IS NOT NULL);


--
-- Name: INDEX webhook_deliveries_deleted_at_idx; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON INDEX public.webhook_deliveries_deleted_at_idx IS 'Finds what a deletion took, and what is past its grace period.';


--
-- Name: webhook_deliveries_finished_at_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX webhook_deliveries_finished_at_idx ON public.webhook_deliveries USING btree (finished_at) WHERE (finished_at IS NOT NULL);


--
-- Name: INDEX webhook_deliveries_finished_at_idx; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON INDEX public.webhook_deliveries_finished_at_idx IS 'Finds what is spent, for the cleanup.';


--
-- Name: webhook_deliveries_key_version_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX webhook_deliveries_key_version_idx ON public.webhook_deliveries USING btree (key_version);


--
-- Name: INDEX webhook_deliveries_key_version_idx; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON INDEX public.webhook_deliveries_key_version_idx IS 'Finds what a rotation has to encrypt anew, and tells whether a key version is still in use.';


--
-- Name: webhook_deliveries_next_attempt_at_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX webhook_deliveries_next_attempt_at_idx ON public.webhook_deliveries USING btree (next_attempt_at) WHERE ((status = 'pending'::text) AND (deleted_at IS NULL));


--
-- Name: INDEX webhook_deliveries_next_attempt_at_idx; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON INDEX public.webhook_deliveries_next_attempt_at_idx IS 'Finds what is due, for the workers.';


--
-- Name: whatsapp_verifications_created_at_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX whatsapp_verifications_created_at_idx ON public.whatsapp_verifications USING btree (tenant_id, created_at);


--
-- Name: INDEX whatsapp_verifications_created_at_idx; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON INDEX public.whatsapp_verifications_created_at_idx IS 'Counts a tenant''s requests for its rate limit.';


--
-- Name: whatsapp_verifications_deleted_at_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX whatsapp_verifications_deleted_at_idx ON public.whatsapp_verifications USING btree (deleted_at, deletion_id) WHERE (deleted_at IS NOT NULL);


--
-- Name: INDEX whatsapp_verifications_deleted_at_idx; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON INDEX public.whatsapp_verifications_deleted_at_idx IS 'Finds what a deletion took, and what is past its grace period.';


--
-- Name: whatsapp_verifications_expires_at_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX whatsapp_verifications_expires_at_idx ON public.whatsapp_verifications USING btree (expires_at);


--
-- Name: INDEX whatsapp_verifications_expires_at_idx; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON INDEX public.whatsapp_verifications_expires_at_idx IS 'Finds the codes that are long expired.';


--
-- Name: whatsapp_verifications_key_version_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX whatsapp_verifications_key_version_idx ON public.whatsapp_verifications USING btree (key_version);


--
-- Name: INDEX whatsapp_verifications_key_version_idx; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON INDEX public.whatsapp_verifications_key_version_idx IS 'Tells whether a key version is still in use.';


--
-- Name: whatsapp_verifications_pending_phone_number_key; Type: INDEX; Schema: public; Owner: postgres
--

CREATE UNIQUE INDEX whatsapp_verifications_pending_phone_number_key ON public.whatsapp_verifications USING btree (tenant_id, phone_number) WHERE ((status = 'pending'::text) AND (deleted_at IS NULL));


--
-- Name: INDEX whatsapp_verifications_pending_phone_number_key; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON INDEX public.whatsapp_verifications_pending_phone_number_key IS 'One code of a tenant''s number is pending: a new request supersedes the old one; finds the code to check.';


--
-- Name: whatsapp_verifications_phone_number_idx; Type: INDEX; Schema: public; Owner: postgres
--

CREATE INDEX whatsapp_verifications_phone_number_idx ON public.whatsapp_verifications USING btree (tenant_id, phone_number, created_at);


--
-- Name: INDEX whatsapp_verifications_phone_number_idx; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON INDEX public.whatsapp_verifications_phone_number_idx IS 'Counts a number''s requests for its rate limit.';


--
-- Name: encryption_keys audit_writes; Type: TRIGGER; Schema: private; Owner: postgres
--

CREATE TRIGGER audit_writes AFTER INSERT OR DELETE OR UPDATE ON private.encryption_keys FOR EACH ROW EXECUTE FUNCTION private.audit_row('key_version');

ALTER TABLE private.encryption_keys ENABLE ALWAYS TRIGGER audit_writes;


--
-- Name: TRIGGER audit_writes ON encryption_keys; Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON TRIGGER audit_writes ON private.encryption_keys IS 'Each change of the registry of keys is audited.';


--
-- Name: jobs audit_writes; Type: TRIGGER; Schema: private; Owner: postgres
--

CREATE TRIGGER audit_writes AFTER DELETE OR UPDATE ON private.jobs FOR EACH ROW EXECUTE FUNCTION private.audit_row();

ALTER TABLE private.jobs ENABLE ALWAYS TRIGGER audit_writes;


--
-- Name: TRIGGER audit_writes ON jobs; Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON TRIGGER audit_writes ON private.jobs IS 'A retention or schedule that somebody changes is audited; migrations make jobs.';


--
-- Name: audit_logs refuse_delete; Type: TRIGGER; Schema: private; Owner: postgres
--

CREATE TRIGGER refuse_delete BEFORE DELETE ON private.audit_logs FOR EACH ROW EXECUTE FUNCTION private.refuse_audit_change();

ALTER TABLE private.audit_logs ENABLE ALWAYS TRIGGER refuse_delete;


--
-- Name: TRIGGER refuse_delete ON audit_logs; Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON TRIGGER refuse_delete ON private.audit_logs IS 'Entries stay for two years, whoever asks.';


--
-- Name: audit_logs refuse_update; Type: TRIGGER; Schema: private; Owner: postgres
--

CREATE TRIGGER refuse_update BEFORE UPDATE OR TRUNCATE ON private.audit_logs FOR EACH STATEMENT EXECUTE FUNCTION private.refuse_audit_change();

ALTER TABLE private.audit_logs ENABLE ALWAYS TRIGGER refuse_update;


--
-- Name: TRIGGER refuse_update ON audit_logs; Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON TRIGGER refuse_update ON private.audit_logs IS 'Entries never change, whoever asks.';


--
-- Name: encryption_keys set_updated_at; Type: TRIGGER; Schema: private; Owner: postgres
--

CREATE TRIGGER set_updated_at BEFORE INSERT OR UPDATE ON private.encryption_keys FOR EACH ROW EXECUTE FUNCTION private.set_updated_at();


--
-- Name: TRIGGER set_updated_at ON encryption_keys; Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON TRIGGER set_updated_at ON private.encryption_keys IS 'Keeps updated_at.';


--
-- Name: job_runs set_updated_at; Type: TRIGGER; Schema: private; Owner: postgres
--

CREATE TRIGGER set_updated_at BEFORE INSERT OR UPDATE ON private.job_runs FOR EACH ROW EXECUTE FUNCTION private.set_updated_at();


--
-- Name: TRIGGER set_updated_at ON job_runs; Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON TRIGGER set_updated_at ON private.job_runs IS 'Keeps updated_at.';


--
-- Name: jobs set_updated_at; Type: TRIGGER; Schema: private; Owner: postgres
--

CREATE TRIGGER set_updated_at BEFORE INSERT OR UPDATE ON private.jobs FOR EACH ROW EXECUTE FUNCTION private.set_updated_at();


--
-- Name: TRIGGER set_updated_at ON jobs; Type: COMMENT; Schema: private; Owner: postgres
--

COMMENT ON TRIGGER set_updated_at ON private.jobs IS 'Keeps updated_at.';


--
-- Name: communication_logs audit_deletes; Type: TRIGGER; Schema: public; Owner: postgres
--

CREATE TRIGGER audit_deletes AFTER DELETE ON public.communication_logs REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION private.audit_deleted_rows('communication_log_id');

ALTER TABLE public.communication_logs ENABLE ALWAYS TRIGGER audit_deletes;


--
-- Name: TRIGGER audit_deletes ON communication_logs; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TRIGGER audit_deletes ON public.communication_logs IS 'What is deleted for good is audited.';


--
-- Name: slack_connections audit_deletes; Type: TRIGGER; Schema: public; Owner: postgres
--

CREATE TRIGGER audit_deletes AFTER DELETE ON public.slack_connections REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION private.audit_deleted_rows('slack_connection_id');

ALTER TABLE public.slack_connections ENABLE ALWAYS TRIGGER audit_deletes;


--
-- Name: TRIGGER audit_deletes ON slack_connections; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TRIGGER audit_deletes ON public.slack_connections IS 'What is deleted for good is audited.';


--
-- Name: slack_user_mappings audit_deletes; Type: TRIGGER; Schema: public; Owner: postgres
--

CREATE TRIGGER audit_deletes AFTER DELETE ON public.slack_user_mappings REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION private.audit_deleted_rows('slack_user_mapping_id');

ALTER TABLE public.slack_user_mappings ENABLE ALWAYS TRIGGER audit_deletes;


--
-- Name: TRIGGER audit_deletes ON slack_user_mappings; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TRIGGER audit_deletes ON public.slack_user_mappings IS 'What is deleted for good is audited.';


--
-- Name: tenants audit_deletes; Type: TRIGGER; Schema: public; Owner: postgres
--

CREATE TRIGGER audit_deletes AFTER DELETE ON public.tenants REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION private.audit_deleted_rows('tenant_id');

ALTER TABLE public.tenants ENABLE ALWAYS TRIGGER audit_deletes;


--
-- Name: TRIGGER audit_deletes ON tenants; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TRIGGER audit_deletes ON public.tenants IS 'What is deleted for good is audited.';


--
-- Name: usage_statistics audit_deletes; Type: TRIGGER; Schema: public; Owner: postgres
--

CREATE TRIGGER audit_deletes AFTER DELETE ON public.usage_statistics REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION private.audit_deleted_rows('usage_statistic_id');

ALTER TABLE public.usage_statistics ENABLE ALWAYS TRIGGER audit_deletes;


--
-- Name: TRIGGER audit_deletes ON usage_statistics; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TRIGGER audit_deletes ON public.usage_statistics IS 'What is deleted for good is audited.';


--
-- Name: verified_whatsapp_numbers audit_deletes; Type: TRIGGER; Schema: public; Owner: postgres
--

CREATE TRIGGER audit_deletes AFTER DELETE ON public.verified_whatsapp_numbers REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION private.audit_deleted_rows('verified_whatsapp_number_id');

ALTER TABLE public.verified_whatsapp_numbers ENABLE ALWAYS TRIGGER audit_deletes;


--
-- Name: TRIGGER audit_deletes ON verified_whatsapp_numbers; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TRIGGER audit_deletes ON public.verified_whatsapp_numbers IS 'What is deleted for good is audited.';


--
-- Name: webhook_attempts audit_deletes; Type: TRIGGER; Schema: public; Owner: postgres
--

CREATE TRIGGER audit_deletes AFTER DELETE ON public.webhook_attempts REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION private.audit_deleted_rows('webhook_delivery_id');

ALTER TABLE public.webhook_attempts ENABLE ALWAYS TRIGGER audit_deletes;


--
-- Name: TRIGGER audit_deletes ON webhook_attempts; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TRIGGER audit_deletes ON public.webhook_attempts IS 'What is deleted for good is audited.';


--
-- Name: webhook_deliveries audit_deletes; Type: TRIGGER; Schema: public; Owner: postgres
--

CREATE TRIGGER audit_deletes AFTER DELETE ON public.webhook_deliveries REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION private.audit_deleted_rows('webhook_delivery_id');

ALTER TABLE public.webhook_deliveries ENABLE ALWAYS TRIGGER audit_deletes;


--
-- Name: TRIGGER audit_deletes ON webhook_deliveries; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TRIGGER audit_deletes ON public.webhook_deliveries IS 'What is deleted for good is audited.';


--
-- Name: whatsapp_verifications audit_deletes; Type: TRIGGER; Schema: public; Owner: postgres
--

CREATE TRIGGER audit_deletes AFTER DELETE ON public.whatsapp_verifications REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION private.audit_deleted_rows('whatsapp_verification_id');

ALTER TABLE public.whatsapp_verifications ENABLE ALWAYS TRIGGER audit_deletes;


--
-- Name: TRIGGER audit_deletes ON whatsapp_verifications; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TRIGGER audit_deletes ON public.whatsapp_verifications IS 'What is deleted for good is audited.';


--
-- Name: whatsapp_verifications audit_locks; Type: TRIGGER; Schema: public; Owner: postgres
--

CREATE TRIGGER audit_locks AFTER UPDATE ON public.whatsapp_verifications FOR EACH ROW WHEN (((old.status <> new.status) AND (new.status = 'locked'::text))) EXECUTE FUNCTION private.audit_row('whatsapp_verification_id', 'lock');

ALTER TABLE public.whatsapp_verifications ENABLE ALWAYS TRIGGER audit_locks;


--
-- Name: TRIGGER audit_locks ON whatsapp_verifications; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TRIGGER audit_locks ON public.whatsapp_verifications IS 'Each code that wrong tries locked is audited.';


--
-- Name: whatsapp_verifications audit_overrides; Type: TRIGGER; Schema: public; Owner: postgres
--

CREATE TRIGGER audit_overrides AFTER UPDATE ON public.whatsapp_verifications FOR EACH ROW WHEN (((NOT (old.deleted_at IS DISTINCT FROM new.deleted_at)) AND ((old.status <> 'pending'::text) OR (new.failed_attempts < old.failed_attempts) OR (((((old.tenant_id IS DISTINCT FROM new.tenant_id) OR (old.whatsapp_verification_id IS DISTINCT FROM new.whatsapp_verification_id)) OR ((old.phone_number)::text IS DISTINCT FROM (new.phone_number)::text)) OR ((old.code_hash)::bytea IS DISTINCT FROM (new.code_hash)::bytea)) OR (old.key_version IS DISTINCT FROM new.key_version)) OR ((old.expires_at IS DISTINCT FROM new.expires_at) OR (old.created_at IS DISTINCT FROM new.created_at))))) EXECUTE FUNCTION private.audit_row('whatsapp_verification_id');

ALTER TABLE public.whatsapp_verifications ENABLE ALWAYS TRIGGER audit_overrides;


--
-- Name: TRIGGER audit_overrides ON whatsapp_verifications; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TRIGGER audit_overrides ON public.whatsapp_verifications IS 'Each change of a code that no request, check or job makes is audited.';


--
-- Name: whatsapp_verifications audit_requests; Type: TRIGGER; Schema: public; Owner: postgres
--

CREATE TRIGGER audit_requests AFTER INSERT ON public.whatsapp_verifications FOR EACH ROW EXECUTE FUNCTION private.audit_row('whatsapp_verification_id', 'request');

ALTER TABLE public.whatsapp_verifications ENABLE ALWAYS TRIGGER audit_requests;


--
-- Name: TRIGGER audit_requests ON whatsapp_verifications; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TRIGGER audit_requests ON public.whatsapp_verifications IS 'Each code requested is audited.';


--
-- Name: communication_logs audit_soft_deletes; Type: TRIGGER; Schema: public; Owner: postgres
--

CREATE TRIGGER audit_soft_deletes AFTER UPDATE ON public.communication_logs FOR EACH ROW WHEN ((old.deleted_at IS DISTINCT FROM new.deleted_at)) EXECUTE FUNCTION private.audit_row('communication_log_id');

ALTER TABLE public.communication_logs ENABLE ALWAYS TRIGGER audit_soft_deletes;


--
-- Name: TRIGGER audit_soft_deletes ON communication_logs; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TRIGGER audit_soft_deletes ON public.communication_logs IS 'Each row deleted softly or restored is audited.';


--
-- Name: usage_statistics audit_soft_deletes; Type: TRIGGER; Schema: public; Owner: postgres
--

CREATE TRIGGER audit_soft_deletes AFTER UPDATE ON public.usage_statistics FOR EACH ROW WHEN ((old.deleted_at IS DISTINCT FROM new.deleted_at)) EXECUTE FUNCTION private.audit_row('usage_statistic_id');

ALTER TABLE public.usage_statistics ENABLE ALWAYS TRIGGER audit_soft_deletes;


--
-- Name: TRIGGER audit_soft_deletes ON usage_statistics; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TRIGGER audit_soft_deletes ON public.usage_statistics IS 'Each row deleted softly or restored is audited.';


--
-- Name: webhook_attempts audit_soft_deletes; Type: TRIGGER; Schema: public; Owner: postgres
--

CREATE TRIGGER audit_soft_deletes AFTER UPDATE ON public.webhook_attempts FOR EACH ROW WHEN ((old.deleted_at IS DISTINCT FROM new.deleted_at)) EXECUTE FUNCTION private.audit_row('webhook_delivery_id');

ALTER TABLE public.webhook_attempts ENABLE ALWAYS TRIGGER audit_soft_deletes;


--
-- Name: TRIGGER audit_soft_deletes ON webhook_attempts; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TRIGGER audit_soft_deletes ON public.webhook_attempts IS 'Each row deleted softly or restored is audited.';


--
-- Name: webhook_deliveries audit_soft_deletes; Type: TRIGGER; Schema: public; Owner: postgres
--

CREATE TRIGGER audit_soft_deletes AFTER UPDATE ON public.webhook_deliveries FOR EACH ROW WHEN ((old.deleted_at IS DISTINCT FROM new.deleted_at)) EXECUTE FUNCTION private.audit_row('webhook_delivery_id');

ALTER TABLE public.webhook_deliveries ENABLE ALWAYS TRIGGER audit_soft_deletes;


--
-- Name: TRIGGER audit_soft_deletes ON webhook_deliveries; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TRIGGER audit_soft_deletes ON public.webhook_deliveries IS 'Each row deleted softly or restored is audited.';


--
-- Name: whatsapp_verifications audit_soft_deletes; Type: TRIGGER; Schema: public; Owner: postgres
--

CREATE TRIGGER audit_soft_deletes AFTER UPDATE ON public.whatsapp_verifications FOR EACH ROW WHEN ((old.deleted_at IS DISTINCT FROM new.deleted_at)) EXECUTE FUNCTION private.audit_row('whatsapp_verification_id');

ALTER TABLE public.whatsapp_verifications ENABLE ALWAYS TRIGGER audit_soft_deletes;


--
-- Name: TRIGGER audit_soft_deletes ON whatsapp_verifications; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TRIGGER audit_soft_deletes ON public.whatsapp_verifications IS 'Each row deleted softly or restored is audited.';


--
-- Name: slack_connections audit_writes; Type: TRIGGER; Schema: public; Owner: postgres
--

CREATE TRIGGER audit_writes AFTER INSERT OR UPDATE ON public.slack_connections FOR EACH ROW EXECUTE FUNCTION private.audit_row('slack_connection_id');

ALTER TABLE public.slack_connections ENABLE ALWAYS TRIGGER audit_writes;


--
-- Name: TRIGGER audit_writes ON slack_connections; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TRIGGER audit_writes ON public.slack_connections IS 'Each row made or changed is audited.';


--
-- Name: slack_user_mappings audit_writes; Type: TRIGGER; Schema: public; Owner: postgres
--

CREATE TRIGGER audit_writes AFTER INSERT OR UPDATE ON public.slack_user_mappings FOR EACH ROW EXECUTE FUNCTION private.audit_row('slack_user_mapping_id');

ALTER TABLE public.slack_user_mappings ENABLE ALWAYS TRIGGER audit_writes;


--
-- Name: TRIGGER audit_writes ON slack_user_mappings; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TRIGGER audit_writes ON public.slack_user_mappings IS 'Each row made or changed is audited.';


--
-- Name: tenants audit_writes; Type: TRIGGER; Schema: public; Owner: postgres
--

CREATE TRIGGER audit_writes AFTER INSERT OR UPDATE ON public.tenants FOR EACH ROW EXECUTE FUNCTION private.audit_row('tenant_id');

ALTER TABLE public.tenants ENABLE ALWAYS TRIGGER audit_writes;


--
-- Name: TRIGGER audit_writes ON tenants; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TRIGGER audit_writes ON public.tenants IS 'Each row made or changed is audited.';


--
-- Name: verified_whatsapp_numbers audit_writes; Type: TRIGGER; Schema: public; Owner: postgres
--

CREATE TRIGGER audit_writes AFTER INSERT OR UPDATE ON public.verified_whatsapp_numbers FOR EACH ROW EXECUTE FUNCTION private.audit_row('verified_whatsapp_number_id');

ALTER TABLE public.verified_whatsapp_numbers ENABLE ALWAYS TRIGGER audit_writes;


--
-- Name: TRIGGER audit_writes ON verified_whatsapp_numbers; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TRIGGER audit_writes ON public.verified_whatsapp_numbers IS 'Each row made or changed is audited.';


--
-- Name: webhook_deliveries require_live_communication_log; Type: TRIGGER; Schema: public; Owner: postgres
--

CREATE TRIGGER require_live_communication_log AFTER INSERT OR UPDATE OF tenant_id, communication_log_id ON public.webhook_deliveries FOR EACH ROW WHEN (((new.deleted_at IS NULL) AND (new.communication_log_id IS NOT NULL))) EXECUTE FUNCTION private.require_live_parent('public.communication_logs', 'communication_log_id');


--
-- Name: TRIGGER require_live_communication_log ON webhook_deliveries; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TRIGGER require_live_communication_log ON public.webhook_deliveries IS 'Its message is live.';


--
-- Name: communication_logs require_live_slack_connection; Type: TRIGGER; Schema: public; Owner: postgres
--

CREATE TRIGGER require_live_slack_connection AFTER INSERT OR UPDATE OF tenant_id, slack_connection_id ON public.communication_logs FOR EACH ROW WHEN (((new.deleted_at IS NULL) AND (new.slack_connection_id IS NOT NULL))) EXECUTE FUNCTION private.require_live_parent('public.slack_connections', 'slack_connection_id');


--
-- Name: TRIGGER require_live_slack_connection ON communication_logs; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TRIGGER require_live_slack_connection ON public.communication_logs IS 'Its connection is live.';


--
-- Name: slack_user_mappings require_live_slack_connection; Type: TRIGGER; Schema: public; Owner: postgres
--

CREATE TRIGGER require_live_slack_connection AFTER INSERT OR UPDATE OF tenant_id, slack_connection_id ON public.slack_user_mappings FOR EACH ROW WHEN (((new.deleted_at IS NULL) AND (new.slack_connection_id IS NOT NULL))) EXECUTE FUNCTION private.require_live_parent('public.slack_connections', 'slack_connection_id');


--
-- Name: TRIGGER require_live_slack_connection ON slack_user_mappings; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TRIGGER require_live_slack_connection ON public.slack_user_mappings IS 'Its connection is live.';


--
-- Name: communication_logs require_live_tenant; Type: TRIGGER; Schema: public; Owner: postgres
--

CREATE TRIGGER require_live_tenant AFTER INSERT OR UPDATE OF tenant_id ON public.communication_logs FOR EACH ROW WHEN ((new.deleted_at IS NULL)) EXECUTE FUNCTION private.require_live_parent('public.tenants', 'tenant_id');


--
-- Name: TRIGGER require_live_tenant ON communication_logs; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TRIGGER require_live_tenant ON public.communication_logs IS 'Its tenant is live.';


--
-- Name: slack_connections require_live_tenant; Type: TRIGGER; Schema: public; Owner: postgres
--

CREATE TRIGGER require_live_tenant AFTER INSERT OR UPDATE OF tenant_id ON public.slack_connections FOR EACH ROW WHEN ((new.deleted_at IS NULL)) EXECUTE FUNCTION private.require_live_parent('public.tenants', 'tenant_id');


--
-- Name: TRIGGER require_live_tenant ON slack_connections; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TRIGGER require_live_tenant ON public.slack_connections IS 'Its tenant is live.';


--
-- Name: slack_user_mappings require_live_tenant; Type: TRIGGER; Schema: public; Owner: postgres
--

CREATE TRIGGER require_live_tenant AFTER INSERT OR UPDATE OF tenant_id ON public.slack_user_mappings FOR EACH ROW WHEN ((new.deleted_at IS NULL)) EXECUTE FUNCTION private.require_live_parent('public.tenants', 'tenant_id');


--
-- Name: TRIGGER require_live_tenant ON slack_user_mappings; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TRIGGER require_live_tenant ON public.slack_user_mappings IS 'Its tenant is live.';


--
-- Name: usage_statistics require_live_tenant; Type: TRIGGER; Schema: public; Owner: postgres
--

CREATE TRIGGER require_live_tenant AFTER INSERT OR UPDATE OF tenant_id ON public.usage_statistics FOR EACH ROW WHEN ((new.deleted_at IS NULL)) EXECUTE FUNCTION private.require_live_parent('public.tenants', 'tenant_id');


--
-- Name: TRIGGER require_live_tenant ON usage_statistics; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TRIGGER require_live_tenant ON public.usage_statistics IS 'Its tenant is live.';


--
-- Name: verified_whatsapp_numbers require_live_tenant; Type: TRIGGER; Schema: public; Owner: postgres
--

CREATE TRIGGER require_live_tenant AFTER INSERT OR UPDATE OF tenant_id ON public.verified_whatsapp_numbers FOR EACH ROW WHEN ((new.deleted_at IS NULL)) EXECUTE FUNCTION private.require_live_parent('public.tenants', 'tenant_id');


--
-- Name: TRIGGER require_live_tenant ON verified_whatsapp_numbers; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TRIGGER require_live_tenant ON public.verified_whatsapp_numbers IS 'Its tenant is live.';


--
-- Name: webhook_attempts require_live_tenant; Type: TRIGGER; Schema: public; Owner: postgres
--

CREATE TRIGGER require_live_tenant AFTER INSERT OR UPDATE OF tenant_id ON public.webhook_attempts FOR EACH ROW WHEN ((new.deleted_at IS NULL)) EXECUTE FUNCTION private.require_live_parent('public.tenants', 'tenant_id');


--
-- Name: TRIGGER require_live_tenant ON webhook_attempts; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TRIGGER require_live_tenant ON public.webhook_attempts IS 'Its tenant is live.';


--
-- Name: webhook_deliveries require_live_tenant; Type: TRIGGER; Schema: public; Owner: postgres
--

CREATE TRIGGER require_live_tenant AFTER INSERT OR UPDATE OF tenant_id ON public.webhook_deliveries FOR EACH ROW WHEN ((new.deleted_at IS NULL)) EXECUTE FUNCTION private.require_live_parent('public.tenants', 'tenant_id');


--
-- Name: TRIGGER require_live_tenant ON webhook_deliveries; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TRIGGER require_live_tenant ON public.webhook_deliveries IS 'Its tenant is live.';


--
-- Name: whatsapp_verifications require_live_tenant; Type: TRIGGER; Schema: public; Owner: postgres
--

CREATE TRIGGER require_live_tenant AFTER INSERT OR UPDATE OF tenant_id ON public.whatsapp_verifications FOR EACH ROW WHEN ((new.deleted_at IS NULL)) EXECUTE FUNCTION private.require_live_parent('public.tenants', 'tenant_id');


--
-- Name: TRIGGER require_live_tenant ON whatsapp_verifications; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TRIGGER require_live_tenant ON public.whatsapp_verifications IS 'Its tenant is live.';


--
-- Name: communication_logs require_live_verified_whatsapp_number; Type: TRIGGER; Schema: public; Owner: postgres
--

CREATE TRIGGER require_live_verified_whatsapp_number AFTER INSERT OR UPDATE OF tenant_id, verified_whatsapp_number_id ON public.communication_logs FOR EACH ROW WHEN (((new.deleted_at IS NULL) AND (new.verified_whatsapp_number_id IS NOT NULL))) EXECUTE FUNCTION private.require_live_parent('public.verified_whatsapp_numbers', 'verified_whatsapp_number_id');


--
-- Name: TRIGGER require_live_verified_whatsapp_number ON communication_logs; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TRIGGER require_live_verified_whatsapp_number ON public.communication_logs IS 'Its number is live.';


--
-- Name: slack_user_mappings require_live_verified_whatsapp_number; Type: TRIGGER; Schema: public; Owner: postgres
--

CREATE TRIGGER require_live_verified_whatsapp_number AFTER INSERT OR UPDATE OF tenant_id, verified_whatsapp_number_id ON public.slack_user_mappings FOR EACH ROW WHEN (((new.deleted_at IS NULL) AND (new.verified_whatsapp_number_id IS NOT NULL))) EXECUTE FUNCTION private.require_live_parent('public.verified_whatsapp_numbers', 'verified_whatsapp_number_id');


--
-- Name: TRIGGER require_live_verified_whatsapp_number ON slack_user_mappings; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TRIGGER require_live_verified_whatsapp_number ON public.slack_user_mappings IS 'Its number is live.';


--
-- Name: webhook_attempts require_live_webhook_delivery; Type: TRIGGER; Schema: public; Owner: postgres
--

CREATE TRIGGER require_live_webhook_delivery AFTER INSERT OR UPDATE OF tenant_id, webhook_delivery_id ON public.webhook_attempts FOR EACH ROW WHEN (((new.deleted_at IS NULL) AND (new.webhook_delivery_id IS NOT NULL))) EXECUTE FUNCTION private.require_live_parent('public.webhook_deliveries', 'webhook_delivery_id');


--
-- Name: TRIGGER require_live_webhook_delivery ON webhook_attempts; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TRIGGER require_live_webhook_delivery ON public.webhook_attempts IS 'Its delivery is live.';


--
-- Name: communication_logs set_updated_at; Type: TRIGGER; Schema: public; Owner: postgres
--

CREATE TRIGGER set_updated_at BEFORE INSERT OR UPDATE ON public.communication_logs FOR EACH ROW EXECUTE FUNCTION private.set_updated_at();


--
-- Name: TRIGGER set_updated_at ON communication_logs; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TRIGGER set_updated_at ON public.communication_logs IS 'Keeps updated_at.';


--
-- Name: slack_connections set_updated_at; Type: TRIGGER; Schema: public; Owner: postgres
--

CREATE TRIGGER set_updated_at BEFORE INSERT OR UPDATE ON public.slack_connections FOR EACH ROW EXECUTE FUNCTION private.set_updated_at();


--
-- Name: TRIGGER set_updated_at ON slack_connections; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TRIGGER set_updated_at ON public.slack_connections IS 'Keeps updated_at.';


--
-- Name: slack_user_mappings set_updated_at; Type: TRIGGER; Schema: public; Owner: postgres
--

CREATE TRIGGER set_updated_at BEFORE INSERT OR UPDATE ON public.slack_user_mappings FOR EACH ROW EXECUTE FUNCTION private.set_updated_at();


--
-- Name: TRIGGER set_updated_at ON slack_user_mappings; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TRIGGER set_updated_at ON public.slack_user_mappings IS 'Keeps updated_at.';


--
-- Name: tenants set_updated_at; Type: TRIGGER; Schema: public; Owner: postgres
--

CREATE TRIGGER set_updated_at BEFORE INSERT OR UPDATE ON public.tenants FOR EACH ROW EXECUTE FUNCTION private.set_updated_at();


--
-- Name: TRIGGER set_updated_at ON tenants; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TRIGGER set_updated_at ON public.tenants IS 'Keeps updated_at.';


--
-- Name: usage_statistics set_updated_at; Type: TRIGGER; Schema: public; Owner: postgres
--

CREATE TRIGGER set_updated_at BEFORE INSERT OR UPDATE ON public.usage_statistics FOR EACH ROW EXECUTE FUNCTION private.set_updated_at();


--
-- Name: TRIGGER set_updated_at ON usage_statistics; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TRIGGER set_updated_at ON public.usage_statistics IS 'Keeps updated_at.';


--
-- Name: verified_whatsapp_numbers set_updated_at; Type: TRIGGER; Schema: public; Owner: postgres
--

CREATE TRIGGER set_updated_at BEFORE INSERT OR UPDATE ON public.verified_whatsapp_numbers FOR EACH ROW EXECUTE FUNCTION private.set_updated_at();


--
-- Name: TRIGGER set_updated_at ON verified_whatsapp_numbers; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TRIGGER set_updated_at ON public.verified_whatsapp_numbers IS 'Keeps updated_at.';


--
-- Name: webhook_attempts set_updated_at; Type: TRIGGER; Schema: public; Owner: postgres
--

CREATE TRIGGER set_updated_at BEFORE INSERT OR UPDATE ON public.webhook_attempts FOR EACH ROW EXECUTE FUNCTION private.set_updated_at();


--
-- Name: TRIGGER set_updated_at ON webhook_attempts; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TRIGGER set_updated_at ON public.webhook_attempts IS 'Keeps updated_at.';


--
-- Name: webhook_deliveries set_updated_at; Type: TRIGGER; Schema: public; Owner: postgres
--

CREATE TRIGGER set_updated_at BEFORE INSERT OR UPDATE ON public.webhook_deliveries FOR EACH ROW EXECUTE FUNCTION private.set_updated_at();


--
-- Name: TRIGGER set_updated_at ON webhook_deliveries; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TRIGGER set_updated_at ON public.webhook_deliveries IS 'Keeps updated_at.';


--
-- Name: whatsapp_verifications set_updated_at; Type: TRIGGER; Schema: public; Owner: postgres
--

CREATE TRIGGER set_updated_at BEFORE INSERT OR UPDATE ON public.whatsapp_verifications FOR EACH ROW EXECUTE FUNCTION private.set_updated_at();


--
-- Name: TRIGGER set_updated_at ON whatsapp_verifications; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON TRIGGER set_updated_at ON public.whatsapp_verifications IS 'Keeps updated_at.';


--
-- Name: job_runs job_runs_jobs_fkey; Type: FK CONSTRAINT; Schema: private; Owner: postgres
--

ALTER TABLE ONLY private.job_runs
    ADD CONSTRAINT job_runs_jobs_fkey FOREIGN KEY (job_name) REFERENCES private.jobs(job_name) ON UPDATE CASCADE ON DELETE CASCADE;


--
-- Name: communication_logs communication_logs_encryption_keys_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.communication_logs
    ADD CONSTRAINT communication_logs_encryption_keys_fkey FOREIGN KEY (key_version) REFERENCES private.encryption_keys(key_version) ON UPDATE RESTRICT ON DELETE RESTRICT;


--
-- Name: communication_logs communication_logs_slack_connections_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.communication_logs
    ADD CONSTRAINT communication_logs_slack_connections_fkey FOREIGN KEY (tenant_id, workspace_id, slack_connection_id) REFERENCES public.slack_connections(tenant_id, workspace_id, slack_connection_id) ON UPDATE RESTRICT ON DELETE SET NULL (slack_connection_id);


--
-- Name: communication_logs communication_logs_tenants_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.communication_logs
    ADD CONSTRAINT communication_logs_tenants_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(tenant_id) ON UPDATE RESTRICT ON DELETE CASCADE;


--
-- Name: communication_logs communication_logs_verified_whatsapp_numbers_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.communication_logs
    ADD CONSTRAINT communication_logs_verified_whatsapp_numbers_fkey FOREIGN KEY (tenant_id, verified_whatsapp_number_id) REFERENCES public.verified_whatsapp_numbers(tenant_id, verified_whatsapp_number_id) ON UPDATE RESTRICT ON DELETE SET NULL (verified_whatsapp_number_id);


--
-- Name: slack_connections slack_connections_encryption_keys_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.slack_connections
    ADD CONSTRAINT slack_connections_encryption_keys_fkey FOREIGN KEY (key_version) REFERENCES private.encryption_keys(key_version) ON UPDATE RESTRICT ON DELETE RESTRICT;


--
-- Name: slack_connections slack_connections_tenants_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.slack_connections
    ADD CONSTRAINT slack_connections_tenants_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(tenant_id) ON UPDATE RESTRICT ON DELETE CASCADE;


--
-- Name: slack_user_mappings slack_user_mappings_slack_connections_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.slack_user_mappings
    ADD CONSTRAINT slack_user_mappings_slack_connections_fkey FOREIGN KEY (tenant_id, workspace_id, slack_connection_id) REFERENCES public.slack_connections(tenant_id, workspace_id, slack_connection_id) ON UPDATE RESTRICT ON DELETE CASCADE;


--
-- Name: slack_user_mappings slack_user_mappings_tenants_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.slack_user_mappings
    ADD CONSTRAINT slack_user_mappings_tenants_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(tenant_id) ON UPDATE RESTRICT ON DELETE CASCADE;


--
-- Name: slack_user_mappings slack_user_mappings_verified_whatsapp_numbers_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.slack_user_mappings
    ADD CONSTRAINT slack_user_mappings_verified_whatsapp_numbers_fkey FOREIGN KEY (tenant_id, verified_whatsapp_number_id) REFERENCES public.verified_whatsapp_numbers(tenant_id, verified_whatsapp_number_id) ON UPDATE RESTRICT ON DELETE SET NULL (verified_whatsapp_number_id);


--
-- Name: usage_statistics usage_statistics_tenants_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.usage_statistics
    ADD CONSTRAINT usage_statistics_tenants_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(tenant_id) ON UPDATE RESTRICT ON DELETE CASCADE;


--
-- Name: verified_whatsapp_numbers verified_whatsapp_numbers_tenants_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.verified_whatsapp_numbers
    ADD CONSTRAINT verified_whatsapp_numbers_tenants_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(tenant_id) ON UPDATE RESTRICT ON DELETE CASCADE;


--
-- Name: webhook_attempts webhook_attempts_tenants_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.webhook_attempts
    ADD CONSTRAINT webhook_attempts_tenants_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(tenant_id) ON UPDATE RESTRICT ON DELETE CASCADE;


--
-- Name: webhook_attempts webhook_attempts_webhook_deliveries_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.webhook_attempts
    ADD CONSTRAINT webhook_attempts_webhook_deliveries_fkey FOREIGN KEY (tenant_id, webhook_delivery_id) REFERENCES public.webhook_deliveries(tenant_id, webhook_delivery_id) ON UPDATE RESTRICT ON DELETE CASCADE;


--
-- Name: webhook_deliveries webhook_deliveries_communication_logs_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.webhook_deliveries
    ADD CONSTRAINT webhook_deliveries_communication_logs_fkey FOREIGN KEY (tenant_id, communication_log_id) REFERENCES public.communication_logs(tenant_id, communication_log_id) ON UPDATE RESTRICT ON DELETE CASCADE;


--
-- Name: webhook_deliveries webhook_deliveries_encryption_keys_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.webhook_deliveries
    ADD CONSTRAINT webhook_deliveries_encryption_keys_fkey FOREIGN KEY (key_version) REFERENCES private.encryption_keys(key_version) ON UPDATE RESTRICT ON DELETE RESTRICT;


--
-- Name: webhook_deliveries webhook_deliveries_tenants_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.webhook_deliveries
    ADD CONSTRAINT webhook_deliveries_tenants_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(tenant_id) ON UPDATE RESTRICT ON DELETE CASCADE;


--
-- Name: whatsapp_verifications whatsapp_verifications_encryption_keys_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.whatsapp_verifications
    ADD CONSTRAINT whatsapp_verifications_encryption_keys_fkey FOREIGN KEY (key_version) REFERENCES private.encryption_keys(key_version) ON UPDATE RESTRICT ON DELETE RESTRICT;


--
-- Name: whatsapp_verifications whatsapp_verifications_tenants_fkey; Type: FK CONSTRAINT; Schema: public; Owner: postgres
--

ALTER TABLE ONLY public.whatsapp_verifications
    ADD CONSTRAINT whatsapp_verifications_tenants_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(tenant_id) ON UPDATE RESTRICT ON DELETE CASCADE;


--
-- Name: audit_logs; Type: ROW SECURITY; Schema: private; Owner: postgres
--

ALTER TABLE private.audit_logs ENABLE ROW LEVEL SECURITY;

--
-- Name: encryption_keys; Type: ROW SECURITY; Schema: private; Owner: postgres
--

ALTER TABLE private.encryption_keys ENABLE ROW LEVEL SECURITY;

--
-- Name: job_runs; Type: ROW SECURITY; Schema: private; Owner: postgres
--

ALTER TABLE private.job_runs ENABLE ROW LEVEL SECURITY;

--
-- Name: jobs; Type: ROW SECURITY; Schema: private; Owner: postgres
--

ALTER TABLE private.jobs ENABLE ROW LEVEL SECURITY;

--
-- Name: communication_logs; Type: ROW SECURITY; Schema: public; Owner: postgres
--

ALTER TABLE public.communication_logs ENABLE ROW LEVEL SECURITY;

--
-- Name: communication_logs delete_member; Type: POLICY; Schema: public; Owner: postgres
--

CREATE POLICY delete_member ON public.communication_logs FOR DELETE TO authenticated USING (false);


--
-- Name: POLICY delete_member ON communication_logs; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON POLICY delete_member ON public.communication_logs IS 'Nobody deletes as a member; deleting is soft, by function.';


--
-- Name: slack_connections delete_member; Type: POLICY; Schema: public; Owner: postgres
--

CREATE POLICY delete_member ON public.slack_connections FOR DELETE TO authenticated USING (false);


--
-- Name: POLICY delete_member ON slack_connections; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON POLICY delete_member ON public.slack_connections IS 'Nobody deletes as a member; deleting is soft, by function.';


--
-- Name: slack_user_mappings delete_member; Type: POLICY; Schema: public; Owner: postgres
--

CREATE POLICY delete_member ON public.slack_user_mappings FOR DELETE TO authenticated USING (false);


--
-- Name: POLICY delete_member ON slack_user_mappings; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON POLICY delete_member ON public.slack_user_mappings IS 'Nobody deletes as a member; deleting is soft, by function.';


--
-- Name: tenants delete_member; Type: POLICY; Schema: public; Owner: postgres
--

CREATE POLICY delete_member ON public.tenants FOR DELETE TO authenticated USING (false);


--
-- Name: POLICY delete_member ON tenants; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON POLICY delete_member ON public.tenants IS 'Nobody deletes as a member; deleting is soft, by function.';


--
-- Name: usage_statistics delete_member; Type: POLICY; Schema: public; Owner: postgres
--

CREATE POLICY delete_member ON public.usage_statistics FOR DELETE TO authenticated USING (false);


--
-- Name: POLICY delete_member ON usage_statistics; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON POLICY delete_member ON public.usage_statistics IS 'Nobody deletes as a member; statistics are deleted softly, with the tenant.';


--
-- Name: verified_whatsapp_numbers delete_member; Type: POLICY; Schema: public; Owner: postgres
--

CREATE POLICY delete_member ON public.verified_whatsapp_numbers FOR DELETE TO authenticated USING (false);


--
-- Name: POLICY delete_member ON verified_whatsapp_numbers; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON POLICY delete_member ON public.verified_whatsapp_numbers IS 'Nobody deletes as a member; deleting is soft, by function.';


--
-- Name: webhook_attempts delete_member; Type: POLICY; Schema: public; Owner: postgres
--

CREATE POLICY delete_member ON public.webhook_attempts FOR DELETE TO authenticated USING (false);


--
-- Name: POLICY delete_member ON webhook_attempts; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON POLICY delete_member ON public.webhook_attempts IS 'Nobody deletes as a member; deleting is soft, with the delivery.';


--
-- Name: webhook_deliveries delete_member; Type: POLICY; Schema: public; Owner: postgres
--

CREATE POLICY delete_member ON public.webhook_deliveries FOR DELETE TO authenticated USING (false);


--
-- Name: POLICY delete_member ON webhook_deliveries; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON POLICY delete_member ON public.webhook_deliveries IS 'Nobody deletes as a member; deleting is soft, by function.';


--
-- Name: whatsapp_verifications delete_member; Type: POLICY; Schema: public; Owner: postgres
--

CREATE POLICY delete_member ON public.whatsapp_verifications FOR DELETE TO authenticated USING (false);


--
-- Name: POLICY delete_member ON whatsapp_verifications; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON POLICY delete_member ON public.whatsapp_verifications IS 'Nobody deletes as a member; deleting is soft, by function.';


--
-- Name: communication_logs insert_member; Type: POLICY; Schema: public; Owner: postgres
--

CREATE POLICY insert_member ON public.communication_logs FOR INSERT TO authenticated WITH CHECK (false);


--
-- Name: POLICY insert_member ON communication_logs; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON POLICY insert_member ON public.communication_logs IS 'No member inserts; service_role logs what it sends.';


--
-- Name: slack_connections insert_member; Type: POLICY; Schema: public; Owner: postgres
--

CREATE POLICY insert_member ON public.slack_connections FOR INSERT TO authenticated WITH CHECK (false);


--
-- Name: POLICY insert_member ON slack_connections; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON POLICY insert_member ON public.slack_connections IS 'No member inserts: a connection comes of Slack''s OAuth, which service_role ends with a token.';


--
-- Name: slack_user_mappings insert_member; Type: POLICY; Schema: public; Owner: postgres
--

CREATE POLICY insert_member ON public.slack_user_mappings FOR INSERT TO authenticated WITH CHECK (((tenant_id = ( SELECT private.current_tenant_id() AS current_tenant_id)) AND (( SELECT (private.current_workspace_id() IS NULL)) OR (workspace_id = ( SELECT private.current_workspace_id() AS current_workspace_id)))));


--
-- Name: POLICY insert_member ON slack_user_mappings; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON POLICY insert_member ON public.slack_user_mappings IS 'A member maps users of the tenant''s connections, only in the claimed workspace if the token names one.';


--
-- Name: tenants insert_member; Type: POLICY; Schema: public; Owner: postgres
--

CREATE POLICY insert_member ON public.tenants FOR INSERT TO authenticated WITH CHECK (false);


--
-- Name: POLICY insert_member ON tenants; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON POLICY insert_member ON public.tenants IS 'No member makes a tenant; signing up is the work of service_role.';


--
-- Name: usage_statistics insert_member; Type: POLICY; Schema: public; Owner: postgres
--

CREATE POLICY insert_member ON public.usage_statistics FOR INSERT TO authenticated WITH CHECK (false);


--
-- Name: POLICY insert_member ON usage_statistics; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON POLICY insert_member ON public.usage_statistics IS 'No member inserts; a job counts.';


--
-- Name: verified_whatsapp_numbers insert_member; Type: POLICY; Schema: public; Owner: postgres
--

CREATE POLICY insert_member ON public.verified_whatsapp_numbers FOR INSERT TO authenticated WITH CHECK (false);


--
-- Name: POLICY insert_member ON verified_whatsapp_numbers; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON POLICY insert_member ON public.verified_whatsapp_numbers IS 'No member inserts: a row says that a code was checked, so only the check makes one.';


--
-- Name: webhook_attempts insert_member; Type: POLICY; Schema: public; Owner: postgres
--

CREATE POLICY insert_member ON public.webhook_attempts FOR INSERT TO authenticated WITH CHECK (false);


--
-- Name: POLICY insert_member ON webhook_attempts; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON POLICY insert_member ON public.webhook_attempts IS 'No member inserts; the workers are service_role.';


--
-- Name: webhook_deliveries insert_member; Type: POLICY; Schema: public; Owner: postgres
--

CREATE POLICY insert_member ON public.webhook_deliveries FOR INSERT TO authenticated WITH CHECK (false);


--
-- Name: POLICY insert_member ON webhook_deliveries; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON POLICY insert_member ON public.webhook_deliveries IS 'No member inserts; service_role queues events.';


--
-- Name: whatsapp_verifications insert_member; Type: POLICY; Schema: public; Owner: postgres
--

CREATE POLICY insert_member ON public.whatsapp_verifications FOR INSERT TO authenticated WITH CHECK (false);


--
-- Name: POLICY insert_member ON whatsapp_verifications; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON POLICY insert_member ON public.whatsapp_verifications IS 'No member inserts; requesting is for service_role.';


--
-- Name: communication_logs select_member; Type: POLICY; Schema: public; Owner: postgres
--

CREATE POLICY select_member ON public.communication_logs FOR SELECT TO authenticated USING (((deleted_at IS NULL) AND (tenant_id = ( SELECT private.current_tenant_id() AS current_tenant_id)) AND (( SELECT (private.current_workspace_id() IS NULL)) OR (workspace_id = ( SELECT private.current_workspace_id() AS current_workspace_id)))));


--
-- Name: POLICY select_member ON communication_logs; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON POLICY select_member ON public.communication_logs IS 'A member reads the tenant''s live logs, only the claimed workspace''s if the token names one; by column grants neither phone number nor provider''s id.';


--
-- Name: slack_connections select_member; Type: POLICY; Schema: public; Owner: postgres
--

CREATE POLICY select_member ON public.slack_connections FOR SELECT TO authenticated USING (((deleted_at IS NULL) AND (tenant_id = ( SELECT private.current_tenant_id() AS current_tenant_id)) AND (( SELECT (private.current_workspace_id() IS NULL)) OR (workspace_id = ( SELECT private.current_workspace_id() AS current_workspace_id)))));


--
-- Name: POLICY select_member ON slack_connections; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON POLICY select_member ON public.slack_connections IS 'A member reads the tenant''s live connections, only the claimed workspace''s if the token names one.';


--
-- Name: slack_user_mappings select_member; Type: POLICY; Schema: public; Owner: postgres
--

CREATE POLICY select_member ON public.slack_user_mappings FOR SELECT TO authenticated USING (((deleted_at IS NULL) AND (tenant_id = ( SELECT private.current_tenant_id() AS current_tenant_id)) AND (( SELECT (private.current_workspace_id() IS NULL)) OR (workspace_id = ( SELECT private.current_workspace_id() AS current_workspace_id)))));


--
-- Name: POLICY select_member ON slack_user_mappings; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON POLICY select_member ON public.slack_user_mappings IS 'A member reads the tenant''s live mappings, only the claimed workspace''s if the token names one.';


--
-- Name: tenants select_member; Type: POLICY; Schema: public; Owner: postgres
--

CREATE POLICY select_member ON public.tenants FOR SELECT TO authenticated USING (((deleted_at IS NULL) AND (tenant_id = ( SELECT private.current_tenant_id() AS current_tenant_id))));


--
-- Name: POLICY select_member ON tenants; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON POLICY select_member ON public.tenants IS 'A member reads the own tenant while it is live.';


--
-- Name: usage_statistics select_member; Type: POLICY; Schema: public; Owner: postgres
--

CREATE POLICY select_member ON public.usage_statistics FOR SELECT TO authenticated USING (((deleted_at IS NULL) AND (tenant_id = ( SELECT private.current_tenant_id() AS current_tenant_id))));


--
-- Name: POLICY select_member ON usage_statistics; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON POLICY select_member ON public.usage_statistics IS 'A member reads the tenant''s usage.';


--
-- Name: verified_whatsapp_numbers select_member; Type: POLICY; Schema: public; Owner: postgres
--

CREATE POLICY select_member ON public.verified_whatsapp_numbers FOR SELECT TO authenticated USING (((deleted_at IS NULL) AND (tenant_id = ( SELECT private.current_tenant_id() AS current_tenant_id))));


--
-- Name: POLICY select_member ON verified_whatsapp_numbers; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON POLICY select_member ON public.verified_whatsapp_numbers IS 'A member reads the tenant''s live numbers.';


--
-- Name: webhook_attempts select_member; Type: POLICY; Schema: public; Owner: postgres
--

CREATE POLICY select_member ON public.webhook_attempts FOR SELECT TO authenticated USING (((deleted_at IS NULL) AND (tenant_id = ( SELECT private.current_tenant_id() AS current_tenant_id))));


--
-- Name: POLICY select_member ON webhook_attempts; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON POLICY select_member ON public.webhook_attempts IS 'A member sees what the tenant''s endpoint answered.';


--
-- Name: webhook_deliveries select_member; Type: POLICY; Schema: public; Owner: postgres
--

CREATE POLICY select_member ON public.webhook_deliveries FOR SELECT TO authenticated USING (((deleted_at IS NULL) AND (tenant_id = ( SELECT private.current_tenant_id() AS current_tenant_id))));


--
-- Name: POLICY select_member ON webhook_deliveries; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON POLICY select_member ON public.webhook_deliveries IS 'A member sees how the tenant''s deliveries fare, but by column grants neither payload nor signature.';


--
-- Name: whatsapp_verifications select_member; Type: POLICY; Schema: public; Owner: postgres
--

CREATE POLICY select_member ON public.whatsapp_verifications FOR SELECT TO authenticated USING (((deleted_at IS NULL) AND (tenant_id = ( SELECT private.current_tenant_id() AS current_tenant_id))));


--
-- Name: POLICY select_member ON whatsapp_verifications; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON POLICY select_member ON public.whatsapp_verifications IS 'A member sees the state of the tenant''s verifications, but by column grants never the hash of a code.';


--
-- Name: slack_connections; Type: ROW SECURITY; Schema: public; Owner: postgres
--

ALTER TABLE public.slack_connections ENABLE ROW LEVEL SECURITY;

--
-- Name: slack_user_mappings; Type: ROW SECURITY; Schema: public; Owner: postgres
--

ALTER TABLE public.slack_user_mappings ENABLE ROW LEVEL SECURITY;

--
-- Name: tenants; Type: ROW SECURITY; Schema: public; Owner: postgres
--

ALTER TABLE public.tenants ENABLE ROW LEVEL SECURITY;

--
-- Name: communication_logs update_member; Type: POLICY; Schema: public; Owner: postgres
--

CREATE POLICY update_member ON public.communication_logs FOR UPDATE TO authenticated USING (false) WITH CHECK (false);


--
-- Name: POLICY update_member ON communication_logs; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON POLICY update_member ON public.communication_logs IS 'No member updates: a log says what was.';


--
-- Name: slack_connections update_member; Type: POLICY; Schema: public; Owner: postgres
--

CREATE POLICY update_member ON public.slack_connections FOR UPDATE TO authenticated USING (((deleted_at IS NULL) AND (tenant_id = ( SELECT private.current_tenant_id() AS current_tenant_id)) AND (( SELECT (private.current_workspace_id() IS NULL)) OR (workspace_id = ( SELECT private.current_workspace_id() AS current_workspace_id))))) WITH CHECK (((tenant_id = ( SELECT private.current_tenant_id() AS current_tenant_id)) AND (( SELECT (private.current_workspace_id() IS NULL)) OR (workspace_id = ( SELECT private.current_workspace_id() AS current_workspace_id)))));


--
-- Name: POLICY update_member ON slack_connections; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON POLICY update_member ON public.slack_connections IS 'A member may set the default channel of what the member reads.';


--
-- Name: slack_user_mappings update_member; Type: POLICY; Schema: public; Owner: postgres
--

CREATE POLICY update_member ON public.slack_user_mappings FOR UPDATE TO authenticated USING (((deleted_at IS NULL) AND (tenant_id = ( SELECT private.current_tenant_id() AS current_tenant_id)) AND (( SELECT (private.current_workspace_id() IS NULL)) OR (workspace_id = ( SELECT private.current_workspace_id() AS current_workspace_id))))) WITH CHECK (((tenant_id = ( SELECT private.current_tenant_id() AS current_tenant_id)) AND (( SELECT (private.current_workspace_id() IS NULL)) OR (workspace_id = ( SELECT private.current_workspace_id() AS current_workspace_id)))));


--
-- Name: POLICY update_member ON slack_user_mappings; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON POLICY update_member ON public.slack_user_mappings IS 'A member may change the person of what the member reads.';


--
-- Name: tenants update_member; Type: POLICY; Schema: public; Owner: postgres
--

CREATE POLICY update_member ON public.tenants FOR UPDATE TO authenticated USING (((deleted_at IS NULL) AND (tenant_id = ( SELECT private.current_tenant_id() AS current_tenant_id)))) WITH CHECK ((tenant_id = ( SELECT private.current_tenant_id() AS current_tenant_id)));


--
-- Name: POLICY update_member ON tenants; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON POLICY update_member ON public.tenants IS 'A member may rename the own tenant.';


--
-- Name: usage_statistics update_member; Type: POLICY; Schema: public; Owner: postgres
--

CREATE POLICY update_member ON public.usage_statistics FOR UPDATE TO authenticated USING (false) WITH CHECK (false);


--
-- Name: POLICY update_member ON usage_statistics; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON POLICY update_member ON public.usage_statistics IS 'No member updates; a job counts.';


--
-- Name: verified_whatsapp_numbers update_member; Type: POLICY; Schema: public; Owner: postgres
--

CREATE POLICY update_member ON public.verified_whatsapp_numbers FOR UPDATE TO authenticated USING (((deleted_at IS NULL) AND (tenant_id = ( SELECT private.current_tenant_id() AS current_tenant_id)))) WITH CHECK ((tenant_id = ( SELECT private.current_tenant_id() AS current_tenant_id)));


--
-- Name: POLICY update_member ON verified_whatsapp_numbers; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON POLICY update_member ON public.verified_whatsapp_numbers IS 'A member may label the tenant''s live numbers.';


--
-- Name: webhook_attempts update_member; Type: POLICY; Schema: public; Owner: postgres
--

CREATE POLICY update_member ON public.webhook_attempts FOR UPDATE TO authenticated USING (false) WITH CHECK (false);


--
-- Name: POLICY update_member ON webhook_attempts; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON POLICY update_member ON public.webhook_attempts IS 'No member updates: an attempt says what was.';


--
-- Name: webhook_deliveries update_member; Type: POLICY; Schema: public; Owner: postgres
--

CREATE POLICY update_member ON public.webhook_deliveries FOR UPDATE TO authenticated USING (false) WITH CHECK (false);


--
-- Name: POLICY update_member ON webhook_deliveries; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON POLICY update_member ON public.webhook_deliveries IS 'No member updates; the workers are service_role.';


--
-- Name: whatsapp_verifications update_member; Type: POLICY; Schema: public; Owner: postgres
--

CREATE POLICY update_member ON public.whatsapp_verifications FOR UPDATE TO authenticated USING (false) WITH CHECK (false);


--
-- Name: POLICY update_member ON whatsapp_verifications; Type: COMMENT; Schema: public; Owner: postgres
--

COMMENT ON POLICY update_member ON public.whatsapp_verifications IS 'No member updates; checking is for service_role.';


--
-- Name: usage_statistics; Type: ROW SECURITY; Schema: public; Owner: postgres
--

ALTER TABLE public.usage_statistics ENABLE ROW LEVEL SECURITY;

--
-- Name: verified_whatsapp_numbers; Type: ROW SECURITY; Schema: public; Owner: postgres
--

ALTER TABLE public.verified_whatsapp_numbers ENABLE ROW LEVEL SECURITY;

--
-- Name: webhook_attempts; Type: ROW SECURITY; Schema: public; Owner: postgres
--

ALTER TABLE public.webhook_attempts ENABLE ROW LEVEL SECURITY;

--
-- Name: webhook_deliveries; Type: ROW SECURITY; Schema: public; Owner: postgres
--

ALTER TABLE public.webhook_deliveries ENABLE ROW LEVEL SECURITY;

--
-- Name: whatsapp_verifications; Type: ROW SECURITY; Schema: public; Owner: postgres
--

ALTER TABLE public.whatsapp_verifications ENABLE ROW LEVEL SECURITY;

--
-- Name: SCHEMA public; Type: ACL; Schema: -; Owner: pg_database_owner
--

GRANT USAGE ON SCHEMA public TO postgres;
GRANT USAGE ON SCHEMA public TO anon;
GRANT USAGE ON SCHEMA public TO authenticated;
GRANT USAGE ON SCHEMA public TO service_role;


--
-- Name: FUNCTION audit(tenant_id uuid, action text, table_name text, row_id text, changed_columns text[]); Type: ACL; Schema: private; Owner: postgres
--

REVOKE ALL ON FUNCTION private.audit(tenant_id uuid, action text, table_name text, row_id text, changed_columns text[]) FROM PUBLIC;


--
-- Name: FUNCTION audit_deleted_rows(); Type: ACL; Schema: private; Owner: postgres
--

REVOKE ALL ON FUNCTION private.audit_deleted_rows() FROM PUBLIC;


--
-- Name: FUNCTION audit_row(); Type: ACL; Schema: private; Owner: postgres
--

REVOKE ALL ON FUNCTION private.audit_row() FROM PUBLIC;


--
-- Name: FUNCTION blot_json(document jsonb, mention text); Type: ACL; Schema: private; Owner: postgres
--

REVOKE ALL ON FUNCTION private.blot_json(document jsonb, mention text) FROM PUBLIC;


--
-- Name: FUNCTION blot_text(content text, mention text); Type: ACL; Schema: private; Owner: postgres
--

REVOKE ALL ON FUNCTION private.blot_text(content text, mention text) FROM PUBLIC;


--
-- Name: FUNCTION ciphertext_context(tenant_id uuid, table_name text, column_name text, row_id uuid); Type: ACL; Schema: private; Owner: postgres
--

REVOKE ALL ON FUNCTION private.ciphertext_context(tenant_id uuid, table_name text, column_name text, row_id uuid) FROM PUBLIC;


--
-- Name: FUNCTION ciphertext_key_version(ciphertext bytea); Type: ACL; Schema: private; Owner: postgres
--

REVOKE ALL ON FUNCTION private.ciphertext_key_version(ciphertext bytea) FROM PUBLIC;


--
-- Name: FUNCTION create_encryption_key(); Type: ACL; Schema: private; Owner: postgres
--

REVOKE ALL ON FUNCTION private.create_encryption_key() FROM PUBLIC;


--
-- Name: FUNCTION current_key_version(); Type: ACL; Schema: private; Owner: postgres
--

REVOKE ALL ON FUNCTION private.current_key_version() FROM PUBLIC;


--
-- Name: FUNCTION current_tenant_id(); Type: ACL; Schema: private; Owner: postgres
--

REVOKE ALL ON FUNCTION private.current_tenant_id() FROM PUBLIC;
GRANT ALL ON FUNCTION private.current_tenant_id() TO authenticated;


--
-- Name: FUNCTION current_workspace_id(); Type: ACL; Schema: private; Owner: postgres
--

REVOKE ALL ON FUNCTION private.current_workspace_id() FROM PUBLIC;
GRANT ALL ON FUNCTION private.current_workspace_id() TO authenticated;


--
-- Name: FUNCTION decrypt_text(ciphertext bytea, tenant_id uuid, table_name text, column_name text, row_id uuid); Type: ACL; Schema: private; Owner: postgres
--

REVOKE ALL ON FUNCTION private.decrypt_text(ciphertext bytea, tenant_id uuid, table_name text, column_name text, row_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION private.decrypt_text(ciphertext bytea, tenant_id uuid, table_name text, column_name text, row_id uuid) TO service_role;


--
-- Name: FUNCTION deletable_tables(); Type: ACL; Schema: private; Owner: postgres
--

REVOKE ALL ON FUNCTION private.deletable_tables() FROM PUBLIC;


--
-- Name: FUNCTION deletion_cascades(root regclass); Type: ACL; Schema: private; Owner: postgres
--

REVOKE ALL ON FUNCTION private.deletion_cascades(root regclass) FROM PUBLIC;


--
-- Name: FUNCTION derive_key(secret bytea, use bytea); Type: ACL; Schema: private; Owner: postgres
--

REVOKE ALL ON FUNCTION private.derive_key(secret bytea, use bytea) FROM PUBLIC;


--
-- Name: FUNCTION encrypt_text(plaintext text, tenant_id uuid, table_name text, column_name text, row_id uuid); Type: ACL; Schema: private; Owner: postgres
--

REVOKE ALL ON FUNCTION private.encrypt_text(plaintext text, tenant_id uuid, table_name text, column_name text, row_id uuid) FROM PUBLIC;


--
-- Name: FUNCTION encryption_key_uses(key_version integer); Type: ACL; Schema: private; Owner: postgres
--

REVOKE ALL ON FUNCTION private.encryption_key_uses(key_version integer) FROM PUBLIC;


--
-- Name: FUNCTION find_data_subject(tenant_id uuid, phone_number text, person_email text, workspace_id text, slack_user_id text, OUT phone_numbers text[], OUT person_emails text[], OUT number_ids uuid[], OUT mapping_ids uuid[], OUT log_ids uuid[], OUT sent_log_ids uuid[], OUT delivery_ids uuid[], OUT naming_delivery_ids uuid[], OUT mention text); Type: ACL; Schema: private; Owner: postgres
--

REVOKE ALL ON FUNCTION private.find_data_subject(tenant_id uuid, phone_number text, person_email text, workspace_id text, slack_user_id text, OUT phone_numbers text[], OUT person_emails text[], OUT number_ids uuid[], OUT mapping_ids uuid[], OUT log_ids uuid[], OUT sent_log_ids uuid[], OUT delivery_ids uuid[], OUT naming_delivery_ids uuid[], OUT mention text) FROM PUBLIC;


--
-- Name: FUNCTION hash_text(purpose text, tenant_id uuid, message text, key_version integer); Type: ACL; Schema: private; Owner: postgres
--

REVOKE ALL ON FUNCTION private.hash_text(purpose text, tenant_id uuid, message text, key_version integer) FROM PUBLIC;


--
-- Name: FUNCTION hash_code(tenant_id uuid, whatsapp_verification_id uuid, code text, key_version integer); Type: ACL; Schema: private; Owner: postgres
--

REVOKE ALL ON FUNCTION private.hash_code(tenant_id uuid, whatsapp_verification_id uuid, code text, key_version integer) FROM PUBLIC;


--
-- Name: FUNCTION job_states(); Type: ACL; Schema: private; Owner: postgres
--

REVOKE ALL ON FUNCTION private.job_states() FROM PUBLIC;
GRANT ALL ON FUNCTION private.job_states() TO service_role;


--
-- Name: FUNCTION key_secret(key_version integer); Type: ACL; Schema: private; Owner: postgres
--

REVOKE ALL ON FUNCTION private.key_secret(key_version integer) FROM PUBLIC;


--
-- Name: FUNCTION live_rival(index regclass, tenant_id uuid, deleted_at timestamp with time zone, deletion_id uuid); Type: ACL; Schema: private; Owner: postgres
--

REVOKE ALL ON FUNCTION private.live_rival(index regclass, tenant_id uuid, deleted_at timestamp with time zone, deletion_id uuid) FROM PUBLIC;


--
-- Name: FUNCTION mention_pattern(identifiers text[]); Type: ACL; Schema: private; Owner: postgres
--

REVOKE ALL ON FUNCTION private.mention_pattern(identifiers text[]) FROM PUBLIC;


--
-- Name: PROCEDURE purge_audit_logs(IN batch_size integer); Type: ACL; Schema: private; Owner: postgres
--

REVOKE ALL ON PROCEDURE private.purge_audit_logs(IN batch_size integer) FROM PUBLIC;


--
-- Name: FUNCTION purge_audit_logs_batch(job private.jobs, run private.job_runs, OUT affected bigint, OUT is_last boolean); Type: ACL; Schema: private; Owner: postgres
--

REVOKE ALL ON FUNCTION private.purge_audit_logs_batch(job private.jobs, run private.job_runs, OUT affected bigint, OUT is_last boolean) FROM PUBLIC;


--
-- Name: PROCEDURE purge_communication_logs(IN batch_size integer); Type: ACL; Schema: private; Owner: postgres
--

REVOKE ALL ON PROCEDURE private.purge_communication_logs(IN batch_size integer) FROM PUBLIC;


--
-- Name: FUNCTION purge_communication_logs_batch(job private.jobs, run private.job_runs, OUT affected bigint, OUT is_last boolean); Type: ACL; Schema: private; Owner: postgres
--

REVOKE ALL ON FUNCTION private.purge_communication_logs_batch(job private.jobs, run private.job_runs, OUT affected bigint, OUT is_last boolean) FROM PUBLIC;


--
-- Name: PROCEDURE purge_job_runs(IN batch_size integer); Type: ACL; Schema: private; Owner: postgres
--

REVOKE ALL ON PROCEDURE private.purge_job_runs(IN batch_size integer) FROM PUBLIC;


--
-- Name: FUNCTION purge_job_runs_batch(job private.jobs, run private.job_runs, OUT affected bigint, OUT is_last boolean); Type: ACL; Schema: private; Owner: postgres
--

REVOKE ALL ON FUNCTION private.purge_job_runs_batch(job private.jobs, run private.job_runs, OUT affected bigint, OUT is_last boolean) FROM PUBLIC;


--
-- Name: PROCEDURE purge_soft_deleted(IN batch_size integer); Type: ACL; Schema: private; Owner: postgres
--

REVOKE ALL ON PROCEDURE private.purge_soft_deleted(IN batch_size integer) FROM PUBLIC;


--
-- Name: FUNCTION purge_soft_deleted_batch(job private.jobs, run private.job_runs, OUT affected bigint, OUT is_last boolean); Type: ACL; Schema: private; Owner: postgres
--

REVOKE ALL ON FUNCTION private.purge_soft_deleted_batch(job private.jobs, run private.job_runs, OUT affected bigint, OUT is_last boolean) FROM PUBLIC;


--
-- Name: PROCEDURE purge_verifications(IN batch_size integer); Type: ACL; Schema: private; Owner: postgres
--

REVOKE ALL ON PROCEDURE private.purge_verifications(IN batch_size integer) FROM PUBLIC;


--
-- Name: FUNCTION purge_verifications_batch(job private.jobs, run private.job_runs, OUT affected bigint, OUT is_last boolean); Type: ACL; Schema: private; Owner: postgres
--

REVOKE ALL ON FUNCTION private.purge_verifications_batch(job private.jobs, run private.job_runs, OUT affected bigint, OUT is_last boolean) FROM PUBLIC;


--
-- Name: PROCEDURE purge_webhook_deliveries(IN batch_size integer); Type: ACL; Schema: private; Owner: postgres
--

REVOKE ALL ON PROCEDURE private.purge_webhook_deliveries(IN batch_size integer) FROM PUBLIC;


--
-- Name: FUNCTION purge_webhook_deliveries_batch(job private.jobs, run private.job_runs, OUT affected bigint, OUT is_last boolean); Type: ACL; Schema: private; Owner: postgres
--

REVOKE ALL ON FUNCTION private.purge_webhook_deliveries_batch(job private.jobs, run private.job_runs, OUT affected bigint, OUT is_last boolean) FROM PUBLIC;


--
-- Name: FUNCTION random_code(length integer); Type: ACL; Schema: private; Owner: postgres
--

REVOKE ALL ON FUNCTION private.random_code(length integer) FROM PUBLIC;


--
-- Name: PROCEDURE reencrypt(IN batch_size integer); Type: ACL; Schema: private; Owner: postgres
--

REVOKE ALL ON PROCEDURE private.reencrypt(IN batch_size integer) FROM PUBLIC;


--
-- Name: FUNCTION reencrypt_batch(relation regclass, batch_size integer, skipped text[], OUT is_last boolean, OUT damaged text[]); Type: ACL; Schema: private; Owner: postgres
--

REVOKE ALL ON FUNCTION private.reencrypt_batch(relation regclass, batch_size integer, skipped text[], OUT is_last boolean, OUT damaged text[]) FROM PUBLIC;


--
-- Name: FUNCTION refresh_usage(from_day date, to_day date); Type: ACL; Schema: private; Owner: postgres
--

REVOKE ALL ON FUNCTION private.refresh_usage(from_day date, to_day date) FROM PUBLIC;


--
-- Name: PROCEDURE refresh_usage_statistics(IN batch_size integer); Type: ACL; Schema: private; Owner: postgres
--

REVOKE ALL ON PROCEDURE private.refresh_usage_statistics(IN batch_size integer) FROM PUBLIC;


--
-- Name: FUNCTION refresh_usage_statistics_batch(job private.jobs, run private.job_runs, OUT affected bigint, OUT is_last boolean); Type: ACL; Schema: private; Owner: postgres
--

REVOKE ALL ON FUNCTION private.refresh_usage_statistics_batch(job private.jobs, run private.job_runs, OUT affected bigint, OUT is_last boolean) FROM PUBLIC;


--
-- Name: FUNCTION refuse_audit_change(); Type: ACL; Schema: private; Owner: postgres
--

REVOKE ALL ON FUNCTION private.refuse_audit_change() FROM PUBLIC;


--
-- Name: FUNCTION refuse_deletion(); Type: ACL; Schema: private; Owner: postgres
--

REVOKE ALL ON FUNCTION private.refuse_deletion() FROM PUBLIC;


--
-- Name: FUNCTION refuse_search(metadata_contains jsonb, max_rows integer); Type: ACL; Schema: private; Owner: postgres
--

REVOKE ALL ON FUNCTION private.refuse_search(metadata_contains jsonb, max_rows integer) FROM PUBLIC;


--
-- Name: FUNCTION remove_encryption_key(key_version integer); Type: ACL; Schema: private; Owner: postgres
--

REVOKE ALL ON FUNCTION private.remove_encryption_key(key_version integer) FROM PUBLIC;


--
-- Name: FUNCTION request_role(); Type: ACL; Schema: private; Owner: postgres
--

REVOKE ALL ON FUNCTION private.request_role() FROM PUBLIC;


--
-- Name: FUNCTION request_bypasses(); Type: ACL; Schema: private; Owner: postgres
--

REVOKE ALL ON FUNCTION private.request_bypasses() FROM PUBLIC;


--
-- Name: FUNCTION request_subject(); Type: ACL; Schema: private; Owner: postgres
--

REVOKE ALL ON FUNCTION private.request_subject() FROM PUBLIC;


--
-- Name: FUNCTION request_tenant_id(tenant_id uuid); Type: ACL; Schema: private; Owner: postgres
--

REVOKE ALL ON FUNCTION private.request_tenant_id(tenant_id uuid) FROM PUBLIC;


--
-- Name: FUNCTION require_live_parent(); Type: ACL; Schema: private; Owner: postgres
--

REVOKE ALL ON FUNCTION private.require_live_parent() FROM PUBLIC;


--
-- Name: FUNCTION retention_boundary(retention interval); Type: ACL; Schema: private; Owner: postgres
--

REVOKE ALL ON FUNCTION private.retention_boundary(retention interval) FROM PUBLIC;


--
-- Name: FUNCTION retire_encryption_key(key_version integer); Type: ACL; Schema: private; Owner: postgres
--

REVOKE ALL ON FUNCTION private.retire_encryption_key(key_version integer) FROM PUBLIC;


--
-- Name: FUNCTION rotate_encryption_key(); Type: ACL; Schema: private; Owner: postgres
--

REVOKE ALL ON FUNCTION private.rotate_encryption_key() FROM PUBLIC;


--
-- Name: PROCEDURE run_job(IN job_name text, IN batch_size integer); Type: ACL; Schema: private; Owner: postgres
--

REVOKE ALL ON PROCEDURE private.run_job(IN job_name text, IN batch_size integer) FROM PUBLIC;


--
-- Name: FUNCTION set_updated_at(); Type: ACL; Schema: private; Owner: postgres
--

REVOKE ALL ON FUNCTION private.set_updated_at() FROM PUBLIC;


--
-- Name: FUNCTION check_verification_code(tenant_id uuid, phone_number text, code text); Type: ACL; Schema: public; Owner: postgres
--

REVOKE ALL ON FUNCTION public.check_verification_code(tenant_id uuid, phone_number text, code text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.check_verification_code(tenant_id uuid, phone_number text, code text) TO service_role;


--
-- Name: FUNCTION connect_slack_workspace(tenant_id uuid, workspace_id text, workspace_name text, bot_user_id text, bot_token text, scopes text[], default_channel_id text); Type: ACL; Schema: public; Owner: postgres
--

REVOKE ALL ON FUNCTION public.connect_slack_workspace(tenant_id uuid, workspace_id text, workspace_name text, bot_user_id text, bot_token text, scopes text[], default_channel_id text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.connect_slack_workspace(tenant_id uuid, workspace_id text, workspace_name text, bot_user_id text, bot_token text, scopes text[], default_channel_id text) TO service_role;


--
-- Name: FUNCTION erase_data_subject(tenant_id uuid, phone_number text, person_email text, workspace_id text, slack_user_id text); Type: ACL; Schema: public; Owner: postgres
--

REVOKE ALL ON FUNCTION public.erase_data_subject(tenant_id uuid, phone_number text, person_email text, workspace_id text, slack_user_id text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.erase_data_subject(tenant_id uuid, phone_number text, person_email text, workspace_id text, slack_user_id text) TO service_role;


--
-- Name: FUNCTION export_data_subject(tenant_id uuid, phone_number text, person_email text, workspace_id text, slack_user_id text); Type: ACL; Schema: public; Owner: postgres
--

REVOKE ALL ON FUNCTION public.export_data_subject(tenant_id uuid, phone_number text, person_email text, workspace_id text, slack_user_id text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.export_data_subject(tenant_id uuid, phone_number text, person_email text, workspace_id text, slack_user_id text) TO service_role;


--
-- Name: TABLE communication_logs; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.communication_logs TO service_role;


--
-- Name: COLUMN communication_logs.tenant_id; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT(tenant_id) ON TABLE public.communication_logs TO authenticated;


--
-- Name: COLUMN communication_logs.communication_log_id; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT(communication_log_id) ON TABLE public.communication_logs TO authenticated;


--
-- Name: COLUMN communication_logs.channel; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT(channel) ON TABLE public.communication_logs TO authenticated;


--
-- Name: COLUMN communication_logs.direction; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT(direction) ON TABLE public.communication_logs TO authenticated;


--
-- Name: COLUMN communication_logs.status; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT(status) ON TABLE public.communication_logs TO authenticated;


--
-- Name: COLUMN communication_logs.verified_whatsapp_number_id; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT(verified_whatsapp_number_id) ON TABLE public.communication_logs TO authenticated;


--
-- Name: COLUMN communication_logs.slack_connection_id; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT(slack_connection_id) ON TABLE public.communication_logs TO authenticated;


--
-- Name: COLUMN communication_logs.workspace_id; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT(workspace_id) ON TABLE public.communication_logs TO authenticated;


--
-- Name: COLUMN communication_logs.slack_user_id; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT(slack_user_id) ON TABLE public.communication_logs TO authenticated;


--
-- Name: COLUMN communication_logs.body; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT(body) ON TABLE public.communication_logs TO authenticated;


--
-- Name: COLUMN communication_logs.error_code; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT(error_code) ON TABLE public.communication_logs TO authenticated;


--
-- Name: COLUMN communication_logs.metadata; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT(metadata) ON TABLE public.communication_logs TO authenticated;


--
-- Name: COLUMN communication_logs.created_at; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT(created_at) ON TABLE public.communication_logs TO authenticated;


--
-- Name: COLUMN communication_logs.updated_at; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT(updated_at) ON TABLE public.communication_logs TO authenticated;


--
-- Name: COLUMN communication_logs.deleted_at; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT(deleted_at) ON TABLE public.communication_logs TO authenticated;


--
-- Name: TABLE decrypted_communication_logs; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT ON TABLE public.decrypted_communication_logs TO service_role;


--
-- Name: FUNCTION find_communication_logs_by_phone_number(tenant_id uuid, phone_number text); Type: ACL; Schema: public; Owner: postgres
--

REVOKE ALL ON FUNCTION public.find_communication_logs_by_phone_number(tenant_id uuid, phone_number text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.find_communication_logs_by_phone_number(tenant_id uuid, phone_number text) TO service_role;


--
-- Name: TABLE job_health; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT ON TABLE public.job_health TO service_role;


--
-- Name: FUNCTION job_problems(); Type: ACL; Schema: public; Owner: postgres
--

REVOKE ALL ON FUNCTION public.job_problems() FROM PUBLIC;
GRANT ALL ON FUNCTION public.job_problems() TO service_role;


--
-- Name: FUNCTION log_communication(tenant_id uuid, channel text, direction text, status text, phone_number text, verified_whatsapp_number_id uuid, slack_connection_id uuid, slack_user_id text, provider_message_id text, body text, error_code text, metadata jsonb); Type: ACL; Schema: public; Owner: postgres
--

REVOKE ALL ON FUNCTION public.log_communication(tenant_id uuid, channel text, direction text, status text, phone_number text, verified_whatsapp_number_id uuid, slack_connection_id uuid, slack_user_id text, provider_message_id text, body text, error_code text, metadata jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.log_communication(tenant_id uuid, channel text, direction text, status text, phone_number text, verified_whatsapp_number_id uuid, slack_connection_id uuid, slack_user_id text, provider_message_id text, body text, error_code text, metadata jsonb) TO service_role;


--
-- Name: FUNCTION map_slack_user(tenant_id uuid, workspace_id text, slack_user_id text, person_name text, person_email text, verified_whatsapp_number_id uuid, metadata jsonb); Type: ACL; Schema: public; Owner: postgres
--

REVOKE ALL ON FUNCTION public.map_slack_user(tenant_id uuid, workspace_id text, slack_user_id text, person_name text, person_email text, verified_whatsapp_number_id uuid, metadata jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.map_slack_user(tenant_id uuid, workspace_id text, slack_user_id text, person_name text, person_email text, verified_whatsapp_number_id uuid, metadata jsonb) TO authenticated;
GRANT ALL ON FUNCTION public.map_slack_user(tenant_id uuid, workspace_id text, slack_user_id text, person_name text, person_email text, verified_whatsapp_number_id uuid, metadata jsonb) TO service_role;


--
-- Name: FUNCTION queue_webhook_delivery(tenant_id uuid, event_type text, endpoint_url text, payload jsonb, signature text, communication_log_id uuid, max_attempts integer); Type: ACL; Schema: public; Owner: postgres
--

REVOKE ALL ON FUNCTION public.queue_webhook_delivery(tenant_id uuid, event_type text, endpoint_url text, payload jsonb, signature text, communication_log_id uuid, max_attempts integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.queue_webhook_delivery(tenant_id uuid, event_type text, endpoint_url text, payload jsonb, signature text, communication_log_id uuid, max_attempts integer) TO service_role;


--
-- Name: FUNCTION request_verification_code(tenant_id uuid, phone_number text, code_length integer, OUT status text, OUT whatsapp_verification_id uuid, OUT code text, OUT expires_at timestamp with time zone); Type: ACL; Schema: public; Owner: postgres
--

REVOKE ALL ON FUNCTION public.request_verification_code(tenant_id uuid, phone_number text, code_length integer, OUT status text, OUT whatsapp_verification_id uuid, OUT code text, OUT expires_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.request_verification_code(tenant_id uuid, phone_number text, code_length integer, OUT status text, OUT whatsapp_verification_id uuid, OUT code text, OUT expires_at timestamp with time zone) TO service_role;


--
-- Name: FUNCTION restore(table_name text, row_id uuid, tenant_id uuid); Type: ACL; Schema: public; Owner: postgres
--

REVOKE ALL ON FUNCTION public.restore(table_name text, row_id uuid, tenant_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.restore(table_name text, row_id uuid, tenant_id uuid) TO authenticated;
GRANT ALL ON FUNCTION public.restore(table_name text, row_id uuid, tenant_id uuid) TO service_role;


--
-- Name: FUNCTION search_communication_logs(metadata_contains jsonb, before timestamp with time zone, max_rows integer, before_id uuid); Type: ACL; Schema: public; Owner: postgres
--

REVOKE ALL ON FUNCTION public.search_communication_logs(metadata_contains jsonb, before timestamp with time zone, max_rows integer, before_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.search_communication_logs(metadata_contains jsonb, before timestamp with time zone, max_rows integer, before_id uuid) TO authenticated;


--
-- Name: TABLE slack_user_mappings; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT ON TABLE public.slack_user_mappings TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.slack_user_mappings TO service_role;


--
-- Name: COLUMN slack_user_mappings.tenant_id; Type: ACL; Schema: public; Owner: postgres
--

GRANT INSERT(tenant_id) ON TABLE public.slack_user_mappings TO authenticated;


--
-- Name: COLUMN slack_user_mappings.slack_connection_id; Type: ACL; Schema: public; Owner: postgres
--

GRANT INSERT(slack_connection_id) ON TABLE public.slack_user_mappings TO authenticated;


--
-- Name: COLUMN slack_user_mappings.workspace_id; Type: ACL; Schema: public; Owner: postgres
--

GRANT INSERT(workspace_id) ON TABLE public.slack_user_mappings TO authenticated;


--
-- Name: COLUMN slack_user_mappings.slack_user_id; Type: ACL; Schema: public; Owner: postgres
--

GRANT INSERT(slack_user_id) ON TABLE public.slack_user_mappings TO authenticated;


--
-- Name: COLUMN slack_user_mappings.person_name; Type: ACL; Schema: public; Owner: postgres
--

GRANT INSERT(person_name),UPDATE(person_name) ON TABLE public.slack_user_mappings TO authenticated;


--
-- Name: COLUMN slack_user_mappings.person_email; Type: ACL; Schema: public; Owner: postgres
--

GRANT INSERT(person_email),UPDATE(person_email) ON TABLE public.slack_user_mappings TO authenticated;


--
-- Name: COLUMN slack_user_mappings.verified_whatsapp_number_id; Type: ACL; Schema: public; Owner: postgres
--

GRANT INSERT(verified_whatsapp_number_id),UPDATE(verified_whatsapp_number_id) ON TABLE public.slack_user_mappings TO authenticated;


--
-- Name: COLUMN slack_user_mappings.metadata; Type: ACL; Schema: public; Owner: postgres
--

GRANT INSERT(metadata),UPDATE(metadata) ON TABLE public.slack_user_mappings TO authenticated;


--
-- Name: FUNCTION search_slack_user_mappings(metadata_contains jsonb, before timestamp with time zone, max_rows integer, before_id uuid); Type: ACL; Schema: public; Owner: postgres
--

REVOKE ALL ON FUNCTION public.search_slack_user_mappings(metadata_contains jsonb, before timestamp with time zone, max_rows integer, before_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.search_slack_user_mappings(metadata_contains jsonb, before timestamp with time zone, max_rows integer, before_id uuid) TO authenticated;


--
-- Name: TABLE verified_whatsapp_numbers; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT ON TABLE public.verified_whatsapp_numbers TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.verified_whatsapp_numbers TO service_role;


--
-- Name: COLUMN verified_whatsapp_numbers.label; Type: ACL; Schema: public; Owner: postgres
--

GRANT UPDATE(label) ON TABLE public.verified_whatsapp_numbers TO authenticated;


--
-- Name: COLUMN verified_whatsapp_numbers.metadata; Type: ACL; Schema: public; Owner: postgres
--

GRANT UPDATE(metadata) ON TABLE public.verified_whatsapp_numbers TO authenticated;


--
-- Name: FUNCTION search_verified_whatsapp_numbers(metadata_contains jsonb, before timestamp with time zone, max_rows integer, before_id uuid); Type: ACL; Schema: public; Owner: postgres
--

REVOKE ALL ON FUNCTION public.search_verified_whatsapp_numbers(metadata_contains jsonb, before timestamp with time zone, max_rows integer, before_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.search_verified_whatsapp_numbers(metadata_contains jsonb, before timestamp with time zone, max_rows integer, before_id uuid) TO authenticated;


--
-- Name: FUNCTION soft_delete(table_name text, row_id uuid, tenant_id uuid); Type: ACL; Schema: public; Owner: postgres
--

REVOKE ALL ON FUNCTION public.soft_delete(table_name text, row_id uuid, tenant_id uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.soft_delete(table_name text, row_id uuid, tenant_id uuid) TO authenticated;
GRANT ALL ON FUNCTION public.soft_delete(table_name text, row_id uuid, tenant_id uuid) TO service_role;


--
-- Name: FUNCTION usage_between(from_day date, to_day date, tenant_id uuid, OUT whatsapp_messages bigint, OUT slack_messages bigint, OUT failed_messages bigint, OUT verifications_requested bigint, OUT verifications_succeeded bigint, OUT webhooks_delivered bigint, OUT webhooks_exhausted bigint); Type: ACL; Schema: public; Owner: postgres
--

REVOKE ALL ON FUNCTION public.usage_between(from_day date, to_day date, tenant_id uuid, OUT whatsapp_messages bigint, OUT slack_messages bigint, OUT failed_messages bigint, OUT verifications_requested bigint, OUT verifications_succeeded bigint, OUT webhooks_delivered bigint, OUT webhooks_exhausted bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.usage_between(from_day date, to_day date, tenant_id uuid, OUT whatsapp_messages bigint, OUT slack_messages bigint, OUT failed_messages bigint, OUT verifications_requested bigint, OUT verifications_succeeded bigint, OUT webhooks_delivered bigint, OUT webhooks_exhausted bigint) TO authenticated;
GRANT ALL ON FUNCTION public.usage_between(from_day date, to_day date, tenant_id uuid, OUT whatsapp_messages bigint, OUT slack_messages bigint, OUT failed_messages bigint, OUT verifications_requested bigint, OUT verifications_succeeded bigint, OUT webhooks_delivered bigint, OUT webhooks_exhausted bigint) TO service_role;


--
-- Name: TABLE whatsapp_verifications; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.whatsapp_verifications TO service_role;


--
-- Name: COLUMN whatsapp_verifications.tenant_id; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT(tenant_id) ON TABLE public.whatsapp_verifications TO authenticated;


--
-- Name: COLUMN whatsapp_verifications.whatsapp_verification_id; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT(whatsapp_verification_id) ON TABLE public.whatsapp_verifications TO authenticated;


--
-- Name: COLUMN whatsapp_verifications.phone_number; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT(phone_number) ON TABLE public.whatsapp_verifications TO authenticated;


--
-- Name: COLUMN whatsapp_verifications.status; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT(status) ON TABLE public.whatsapp_verifications TO authenticated;


--
-- Name: COLUMN whatsapp_verifications.failed_attempts; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT(failed_attempts) ON TABLE public.whatsapp_verifications TO authenticated;


--
-- Name: COLUMN whatsapp_verifications.expires_at; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT(expires_at) ON TABLE public.whatsapp_verifications TO authenticated;


--
-- Name: COLUMN whatsapp_verifications.verified_at; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT(verified_at) ON TABLE public.whatsapp_verifications TO authenticated;


--
-- Name: COLUMN whatsapp_verifications.created_at; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT(created_at) ON TABLE public.whatsapp_verifications TO authenticated;


--
-- Name: COLUMN whatsapp_verifications.updated_at; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT(updated_at) ON TABLE public.whatsapp_verifications TO authenticated;


--
-- Name: COLUMN whatsapp_verifications.deleted_at; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT(deleted_at) ON TABLE public.whatsapp_verifications TO authenticated;


--
-- Name: TABLE current_verifications; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT ON TABLE public.current_verifications TO authenticated;
GRANT SELECT ON TABLE public.current_verifications TO service_role;


--
-- Name: TABLE slack_connections; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.slack_connections TO service_role;


--
-- Name: COLUMN slack_connections.tenant_id; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT(tenant_id) ON TABLE public.slack_connections TO authenticated;


--
-- Name: COLUMN slack_connections.slack_connection_id; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT(slack_connection_id) ON TABLE public.slack_connections TO authenticated;


--
-- Name: COLUMN slack_connections.workspace_id; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT(workspace_id) ON TABLE public.slack_connections TO authenticated;


--
-- Name: COLUMN slack_connections.workspace_name; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT(workspace_name) ON TABLE public.slack_connections TO authenticated;


--
-- Name: COLUMN slack_connections.bot_user_id; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT(bot_user_id) ON TABLE public.slack_connections TO authenticated;


--
-- Name: COLUMN slack_connections.scopes; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT(scopes) ON TABLE public.slack_connections TO authenticated;


--
-- Name: COLUMN slack_connections.default_channel_id; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT(default_channel_id),UPDATE(default_channel_id) ON TABLE public.slack_connections TO authenticated;


--
-- Name: COLUMN slack_connections.status; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT(status) ON TABLE public.slack_connections TO authenticated;


--
-- Name: COLUMN slack_connections.created_at; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT(created_at) ON TABLE public.slack_connections TO authenticated;


--
-- Name: COLUMN slack_connections.updated_at; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT(updated_at) ON TABLE public.slack_connections TO authenticated;


--
-- Name: COLUMN slack_connections.deleted_at; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT(deleted_at) ON TABLE public.slack_connections TO authenticated;


--
-- Name: TABLE decrypted_slack_connections; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT ON TABLE public.decrypted_slack_connections TO service_role;


--
-- Name: TABLE webhook_deliveries; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.webhook_deliveries TO service_role;


--
-- Name: COLUMN webhook_deliveries.tenant_id; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT(tenant_id) ON TABLE public.webhook_deliveries TO authenticated;


--
-- Name: COLUMN webhook_deliveries.webhook_delivery_id; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT(webhook_delivery_id) ON TABLE public.webhook_deliveries TO authenticated;


--
-- Name: COLUMN webhook_deliveries.communication_log_id; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT(communication_log_id) ON TABLE public.webhook_deliveries TO authenticated;


--
-- Name: COLUMN webhook_deliveries.event_type; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT(event_type) ON TABLE public.webhook_deliveries TO authenticated;


--
-- Name: COLUMN webhook_deliveries.endpoint_url; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT(endpoint_url) ON TABLE public.webhook_deliveries TO authenticated;


--
-- Name: COLUMN webhook_deliveries.status; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT(status) ON TABLE public.webhook_deliveries TO authenticated;


--
-- Name: COLUMN webhook_deliveries.attempts; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT(attempts) ON TABLE public.webhook_deliveries TO authenticated;


--
-- Name: COLUMN webhook_deliveries.max_attempts; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT(max_attempts) ON TABLE public.webhook_deliveries TO authenticated;


--
-- Name: COLUMN webhook_deliveries.next_attempt_at; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT(next_attempt_at) ON TABLE public.webhook_deliveries TO authenticated;


--
-- Name: COLUMN webhook_deliveries.finished_at; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT(finished_at) ON TABLE public.webhook_deliveries TO authenticated;


--
-- Name: COLUMN webhook_deliveries.created_at; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT(created_at) ON TABLE public.webhook_deliveries TO authenticated;


--
-- Name: COLUMN webhook_deliveries.updated_at; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT(updated_at) ON TABLE public.webhook_deliveries TO authenticated;


--
-- Name: COLUMN webhook_deliveries.deleted_at; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT(deleted_at) ON TABLE public.webhook_deliveries TO authenticated;


--
-- Name: TABLE decrypted_webhook_deliveries; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT ON TABLE public.decrypted_webhook_deliveries TO service_role;


--
-- Name: TABLE tenants; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT ON TABLE public.tenants TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.tenants TO service_role;


--
-- Name: COLUMN tenants.name; Type: ACL; Schema: public; Owner: postgres
--

GRANT UPDATE(name) ON TABLE public.tenants TO authenticated;


--
-- Name: TABLE usage_statistics; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT ON TABLE public.usage_statistics TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.usage_statistics TO service_role;


--
-- Name: TABLE webhook_attempts; Type: ACL; Schema: public; Owner: postgres
--

GRANT SELECT ON TABLE public.webhook_attempts TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.webhook_attempts TO service_role;


--
-- Name: DEFAULT PRIVILEGES FOR SEQUENCES; Type: DEFAULT ACL; Schema: public; Owner: postgres
--

ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA public GRANT ALL ON SEQUENCES TO postgres;


--
-- Name: DEFAULT PRIVILEGES FOR SEQUENCES; Type: DEFAULT ACL; Schema: public; Owner: supabase_admin
--

ALTER DEFAULT PRIVILEGES FOR ROLE supabase_admin IN SCHEMA public GRANT ALL ON SEQUENCES TO anon;
ALTER DEFAULT PRIVILEGES FOR ROLE supabase_admin IN SCHEMA public GRANT ALL ON SEQUENCES TO authenticated;
ALTER DEFAULT PRIVILEGES FOR ROLE supabase_admin IN SCHEMA public GRANT ALL ON SEQUENCES TO service_role;
ALTER DEFAULT PRIVILEGES FOR ROLE supabase_admin IN SCHEMA public GRANT ALL ON SEQUENCES TO postgres;


--
-- Name: DEFAULT PRIVILEGES FOR FUNCTIONS; Type: DEFAULT ACL; Schema: public; Owner: postgres
--

ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA public GRANT ALL ON FUNCTIONS TO postgres;


--
-- Name: DEFAULT PRIVILEGES FOR FUNCTIONS; Type: DEFAULT ACL; Schema: public; Owner: supabase_admin
--

ALTER DEFAULT PRIVILEGES FOR ROLE supabase_admin IN SCHEMA public GRANT ALL ON FUNCTIONS TO anon;
ALTER DEFAULT PRIVILEGES FOR ROLE supabase_admin IN SCHEMA public GRANT ALL ON FUNCTIONS TO authenticated;
ALTER DEFAULT PRIVILEGES FOR ROLE supabase_admin IN SCHEMA public GRANT ALL ON FUNCTIONS TO service_role;
ALTER DEFAULT PRIVILEGES FOR ROLE supabase_admin IN SCHEMA public GRANT ALL ON FUNCTIONS TO postgres;


--
-- Name: DEFAULT PRIVILEGES FOR TABLES; Type: DEFAULT ACL; Schema: public; Owner: postgres
--

ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA public GRANT ALL ON TABLES TO postgres;


--
-- Name: DEFAULT PRIVILEGES FOR TABLES; Type: DEFAULT ACL; Schema: public; Owner: supabase_admin
--

ALTER DEFAULT PRIVILEGES FOR ROLE supabase_admin IN SCHEMA public GRANT ALL ON TABLES TO anon;
ALTER DEFAULT PRIVILEGES FOR ROLE supabase_admin IN SCHEMA public GRANT ALL ON TABLES TO authenticated;
ALTER DEFAULT PRIVILEGES FOR ROLE supabase_admin IN SCHEMA public GRANT ALL ON TABLES TO service_role;
ALTER DEFAULT PRIVILEGES FOR ROLE supabase_admin IN SCHEMA public GRANT ALL ON TABLES TO postgres;
