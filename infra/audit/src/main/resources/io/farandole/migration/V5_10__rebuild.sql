-- Rebuilding and comparing read models. A read model is replayed into a copy of its tables; its difference to the live tables
-- is told, or put into them in one transaction.

-- What was asked for, by whom and why, and what has become of it: kept for good.
create table farandole.rebuild (
    id             bigint generated always as identity primary key,
    read_model     text        not null,             -- the processing group
    purpose        text        not null check (purpose in ('REBUILD', 'COMPARE')),
    process_key    text,                             -- limited to this process,
    aggregate_type text,                             -- or to processes with events of this type of aggregate,
    from_time      timestamptz,                      -- or to those with events from then
    to_time        timestamptz,                      -- until before then
    threads        integer     not null check (threads between 1 and 32),
    requested_by   text        not null check (requested_by <> ''),
    reason         text        not null check (reason <> ''),
    requested_at   timestamptz not null default clock_timestamp(),
    state          text        not null default 'RUNNING'
                   check (state in ('RUNNING', 'PAUSED', 'DONE', 'FAILED', 'CANCELLED')),
    holder         text,                             -- the instance that works at it
    seen_at        timestamptz,                      -- when that instance was last heard of
    position       bigint      not null default 0,   -- replayed up to here
    head           bigint      not null default 0,   -- the end of the journal, as it was seen last
    events         bigint      not null default 0,   -- handled
    unknown_events bigint      not null default 0,   -- of types that nobody knows any more
    worked_millis  bigint      not null default 0,
    sentence       text,                             -- what came of it
    result         text,                             -- JSON: what was changed, or what differs
    ended_at       timestamptz,
    cleaned        boolean     not null default false,

    constraint rebuild_ended check ((ended_at is null) = (state in ('RUNNING', 'PAUSED')))
);

-- Two at once would have one copy's rows put over the other's.
create unique index rebuild_one_of_a_read_model on farandole.rebuild (read_model) where ended_at is null;
create index rebuild_to_clean on farandole.rebuild (id) where not cleaned;

create table farandole.rebuild_decision (
    id         bigint generated always as identity primary key,
    rebuild    bigint      not null references farandole.rebuild (id),
    decision   text        not null check (decision in ('PAUSE', 'RESUME', 'CANCEL')),
    decided_by text        not null check (decided_by <> ''),
    reason     text        not null check (reason <> ''),
    decided_at timestamptz not null default clock_timestamp()
);
create index rebuild_decision_of on farandole.rebuild_decision (rebuild);

-- How far each part of a copy has come. Unlogged, as the copy itself: what a crash of the server empties, it empties both, so
-- a position never says that rows are there which are not.
create unlogged table farandole.rebuild_position (
    rebuild  bigint  not null,
    part     integer not null,
    position bigint  not null,
    constraint rebuild_position_pkey primary key (rebuild, part)
) with (fillfactor = 50);

-- The processes that a limited one is about. A row without a process tells that they have been found.
create unlogged table farandole.rebuild_process (
    rebuild     bigint not null,
    process_key text   not null,
    constraint rebuild_process_pkey primary key (rebuild, process_key)
);

grant select, insert, update on farandole.rebuild to "${appRole}";
grant select, insert on farandole.rebuild_decision to "${appRole}";
grant select, insert, update, delete on farandole.rebuild_position, farandole.rebuild_process to "${appRole}";

-- Makes an empty copy of tables, in a schema of its own, farandole_copy_<rebuild>. Runs with the owner's rights, for the runtime
-- role may not create anything; what it gets by this is no more than an empty table that it may write, of the form of one that it
-- may write already.
--
-- The copy has the columns, defaults, checks and indexes of the original, and the foreign keys among the tables that are copied;
-- those to other tables are not copied, for they would lock rows there. Unlogged: it can be made again from the journal.
-- farandole_difference_<n> takes the keys of the n-th table's rows that differ.
create function farandole.make_copy(rebuild bigint, live_schema text, tables text[], keys text[]) returns void
    language plpgsql volatile security definer
    set search_path = pg_catalog, farandole, pg_temp
    set client_min_messages = warning
as $$
declare
    copy_schema text := 'farandole_copy_' || rebuild;
    live        regclass;
    reference   record;
    declared    text;
begin
    perform farandole.drop_copy(rebuild);
    execute format('create schema %I', copy_schema);
    execute format('grant usage on schema %I to "${appRole}"', copy_schema);
    for number in 1 .. cardinality(tables) loop
        live := to_regclass(format('%I.%I', live_schema, tables[number]));
        if live is null then
            raise undefined_table using message = format('There is no table %I.%I', live_schema, tables[number]);
        end if;
        if live_schema = 'farandole'
           or not (has_table_privilege('${appRole}', live, 'select') and has_table_privilege('${appRole}', live, 'insert')
                   and has_table_privilege('${appRole}', live, 'update')
                   and has_table_privilege('${appRole}', live, 'delete')) then
            raise insufficient_privilege using message = format('The runtime role may not write %s, so nothing may be put into it',
                live);
        end if;
        execute format('create unlogged table %I.%I (like %s including all)', copy_schema, tables[number], live);
        execute format('create unlogged table %I.%I as select %s, 0 as kind from %s where false', copy_schema,
            'farandole_difference_' || number,
            (select string_agg(quote_ident(k), ', ') from unnest(string_to_array(keys[number], ',')) k), live);
    end loop;
    for reference in
        select child.relname as child, c.conname, c.oid
          from pg_constraint c
          join pg_class child on child.oid = c.conrelid
          join pg_class parent on parent.oid = c.confrelid
         where c.contype = 'f'
           and child.relnamespace = live_schema::regnamespace and child.relname = any (tables)
           and parent.relnamespace = live_schema::regnamespace and parent.relname = any (tables)
    loop
        -- Told without the schema while the live one comes first; read as the copy's while that does.
        perform set_config('search_path', format('%I, pg_catalog, pg_temp', live_schema), true);
        declared := format('alter table %I.%I add constraint %I %s', copy_schema, reference.child, reference.conname,
            pg_get_constraintdef(reference.oid));
        perform set_config('search_path', format('%I, pg_catalog, pg_temp', copy_schema), true);
        execute declared;
    end loop;
    execute format('grant select, insert, update, delete on all tables in schema %I to "${appRole}"', copy_schema);
end
$$;

create function farandole.drop_copy(rebuild bigint) returns void
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    set client_min_messages = warning
as $$
begin
    execute format('drop schema if exists %I cascade', 'farandole_copy_' || rebuild);
end
$$;

revoke all on function farandole.make_copy(bigint, text, text[], text[]) from public;
revoke all on function farandole.drop_copy(bigint) from public;
grant execute on function farandole.make_copy(bigint, text, text[], text[]) to "${appRole}";
grant execute on function farandole.drop_copy(bigint) to "${appRole}";
