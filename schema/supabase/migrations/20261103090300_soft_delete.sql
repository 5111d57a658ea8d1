-- Deleting softly, and taking it back. What would go for good with a row, by ON DELETE CASCADE, goes softly with it:
-- the foreign keys tell, so that a new table is covered. Names in dynamic SQL come from the catalogue alone.
-- Locks: none on any table.
create function private.request_bypasses()
returns boolean
language sql
stable
return exists (
    select from pg_catalog.pg_roles as r
    where r.rolname = private.request_role() and (r.rolbypassrls or r.rolsuper)
);

create function private.request_tenant_id(tenant_id uuid)
returns uuid
language sql
stable
return case
    when private.request_bypasses() then tenant_id
    when coalesce(tenant_id = private.current_tenant_id(), true) then private.current_tenant_id()
end;

-- Parts of another's row have no id of their own and are deleted with it alone. The end of a tenant, and what it has
-- used, are not for its members to decide.
create function private.deletable_tables()
returns table (relation regclass, table_name name, id_column name, has_workspace boolean, is_members boolean)
language sql
stable
begin atomic
    select
        c.oid::regclass,
        c.relname,
        case
            when key_columns = '{tenant_id}' or key_columns[1] = 'tenant_id' and cardinality(key_columns) = 2
                then key_columns[cardinality(key_columns)]
        end,
        'workspace_id' = any (all_columns),
        c.relname not in ('tenants', 'usage_statistics')
    from pg_catalog.pg_class as c
    join pg_catalog.pg_index as i on i.indrelid = c.oid and i.indisprimary
    cross join lateral (
        select
            array(
                select a.attname
                from unnest(i.indkey::smallint[]) with ordinality as k (attnum, place)
                join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attnum = k.attnum
                order by k.place
            ) as key_columns,
            array(
                select a.attname from pg_catalog.pg_attribute as a
                where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            ) as all_columns
    ) as columns
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and 'deletion_id' = any (all_columns);
end;

-- The foreign keys by which a row of `root` takes others with it, those of a parent before those of its children.
create function private.deletion_cascades(root regclass)
returns table (child regclass, parent regclass, condition text)
language sql
stable
begin atomic
    with recursive reached (relation, depth) as (
        select root, 0
        union
        select f.conrelid::regclass, r.depth + 1
        from reached as r
        join pg_catalog.pg_constraint as f on f.confrelid = r.relation and f.contype = 'f' and f.confdeltype = 'c'
        join private.deletable_tables() as t on t.relation = f.conrelid
        -- No chain is as long; a circle of foreign keys would be.
        where r.depth < 10
    )
    select f.conrelid::regclass, f.confrelid::regclass, max(on_key.condition)
    from reached as r
    join pg_catalog.pg_constraint as f on f.confrelid = r.relation and f.contype = 'f' and f.confdeltype = 'c'
    join private.deletable_tables() as t on t.relation = f.conrelid
    cross join lateral (
        select string_agg(format('child.%I = parent.%I', c.attname, p.attname), ' and ') as condition
        from unnest(f.conkey, f.confkey) as k (child_attnum, parent_attnum)
        join pg_catalog.pg_attribute as c on c.attrelid = f.conrelid and c.attnum = k.child_attnum
        join pg_catalog.pg_attribute as p on p.attrelid = f.confrelid and p.attnum = k.parent_attnum
    ) as on_key
    group by f.oid, f.conrelid, f.confrelid
    -- By name, backwards: a code before the number that it verifies, which is the order in which a check locks them.
    order by max(r.depth), max(t.table_name::text) desc;
end;

create function private.refuse_deletion()
returns void
language plpgsql
as $$
begin
    -- One answer to all: whether there is such a table, and whose the row is, is not told.
    raise exception 'there is no such row, or not in this state' using
        errcode = 'SP401',
        hint = 'Give a table''s name without its schema, and the id of a row of your tenant: a live one to delete, '
            'a deleted one to restore.';
end
$$;

create function public.soft_delete(table_name text, row_id uuid, tenant_id uuid default null)
returns uuid
language plpgsql
volatile
security definer
set search_path = ''
as $$
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
$$;

-- The live row that a unique index has instead of one of a deletion's; NULL where it is gone again.
create function private.live_rival(index regclass, tenant_id uuid, deleted_at timestamptz, deletion_id uuid)
returns text
language plpgsql
stable
as $$
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
$$;

create function public.restore(table_name text, row_id uuid, tenant_id uuid default null)
returns bigint
language plpgsql
volatile
security definer
set search_path = ''
as $$
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
$$;

grant execute on function public.soft_delete(text, uuid, uuid) to authenticated, service_role;
grant execute on function public.restore(text, uuid, uuid) to authenticated, service_role;

comment on function private.request_bypasses() is
    'Whether row-level security does not hold for the role that the request came as: what filters by tenant obeys it.';
comment on function private.request_tenant_id(uuid) is
    'The tenant that a request is about: any one that is given where the role bypasses row-level security, else the '
    'token''s, and NULL for a foreign one.';
comment on function private.deletable_tables() is
    'The tables whose rows can be deleted softly, each with the column of its id (NULL: its rows go with their '
    'parent''s), and whether members may delete from it.';
comment on function private.deletion_cascades(regclass) is
    'The foreign keys by which deleting a row deletes others, in the order in which to follow them.';
comment on function private.refuse_deletion() is 'Raises SP401.';
comment on function private.live_rival(regclass, uuid, timestamptz, uuid) is
    'The id of the live row that a unique index has in place of one of a deletion''s.';
comment on function public.soft_delete(text, uuid, uuid) is
    'Deletes a row softly, with what would go with it for good, and returns the id of the deletion. Members delete '
    'rows of their own tenant; service_role names the tenant. Raises SP401.';
comment on function public.restore(text, uuid, uuid) is
    'Restores the deletion that a row is of, and returns how many rows that brought back. Raises SP401; SP402 when a '
    'live row, which DETAIL names, has taken the place of one; SP403 when what a row belongs to is deleted.';
