-- The step log: where each declared step of a saga stands. It is a column of the saga's row, so it is written by the statement that
-- writes the saga, under the same version check, and costs no row, index or round trip of its own. The functions that an older
-- version of a service calls stay: it leaves the log as it is.
alter table farandole.saga add column steps jsonb not null default '[]';

create function farandole.load_sagas_and_steps(p_type text, p_keys text[])
    returns table (process_key text, state text, state_version integer, version bigint, ended boolean, steps text)
    language plpgsql stable
    set enable_seqscan = off
    set plan_cache_mode = force_generic_plan
as
$$
begin
    return query
        select s.process_key, s.state, s.state_version, s.version, s.ended_at is not null, s.steps::text
        from unnest(p_keys) as g (k)
            cross join lateral (
                select f.* from farandole.saga f where f.saga_type = p_type and f.process_key = g.k limit 1
            ) s;
end
$$;

-- As save_sagas with six parameters; p_steps[i] is null where the step log has not changed.
create function farandole.save_sagas(p_type text, p_keys text[], p_versions bigint[], p_states text[],
                                     p_state_version integer, p_ended boolean[], p_steps text[])
    returns setof text
    language plpgsql
    set enable_seqscan = off
    set enable_hashjoin = off
    set enable_mergejoin = off
as
$$
declare
    inserted text[] := '{}';
    updated  text[] := '{}';
begin
    if 0 = any (p_versions) then
        with written as (
            insert into farandole.saga (saga_type, process_key, state, state_version, version, ended_at, steps)
                select p_type, g.k, g.s, p_state_version, 1, case when g.e then clock_timestamp() end,
                       coalesce(g.l::jsonb, '[]')
                from unnest(p_keys, p_versions, p_states, p_ended, p_steps) as g (k, v, s, e, l)
                where g.v = 0
                order by g.k
            on conflict (saga_type, process_key) do nothing
            returning farandole.saga.process_key
        )
        select coalesce(array_agg(w.process_key), '{}') into inserted from written w;
    end if;
    if 0 < any (p_versions) then
        -- By the row's address: a row that was changed after it was found has another one, and is not written.
        with written as (
            update farandole.saga t
                set state = g.s,
                    state_version = p_state_version,
                    version = t.version + 1,
                    updated_at = clock_timestamp(),
                    ended_at = case when g.e then clock_timestamp() end,
                    steps = coalesce(g.l::jsonb, t.steps)
                from unnest(p_keys, p_versions, p_states, p_ended, p_steps) as g (k, v, s, e, l)
                    cross join lateral (
                        select f.ctid as address
                        from farandole.saga f
                        where f.saga_type = p_type and f.process_key = g.k and f.version = g.v
                        limit 1
                    ) found
                where g.v > 0
                    and t.ctid = found.address
                returning t.process_key
        )
        select coalesce(array_agg(w.process_key), '{}') into updated from written w;
    end if;
    if cardinality(inserted) + cardinality(updated) < cardinality(p_keys) then
        return query select k from unnest(p_keys) as k where k <> all (inserted || updated);
    end if;
end
$$;

-- For people with psql: one row per step.
create view farandole.saga_step as
    select s.saga_type, s.process_key, l.ordinality as number, l.entry ->> 'step' as step, l.entry ->> 'status' as status,
           (l.entry ->> 'attempt')::integer as attempt, (l.entry ->> 'createdAt')::timestamptz as created_at,
           (l.entry ->> 'updatedAt')::timestamptz as updated_at, l.entry ->> 'event' as event_id,
           (l.entry ->> 'overdue')::boolean as overdue, l.entry ->> 'error' as error, s.ended_at as saga_ended_at
    from farandole.saga s
        cross join lateral jsonb_array_elements(s.steps) with ordinality as l (entry, ordinality);

revoke all on farandole.saga_step from public;
grant select on farandole.saga_step to "${appRole}";
revoke all on function farandole.load_sagas_and_steps(text, text[]),
    farandole.save_sagas(text, text[], bigint[], text[], integer, boolean[], text[]) from public;
grant execute on function farandole.load_sagas_and_steps(text, text[]),
    farandole.save_sagas(text, text[], bigint[], text[], integer, boolean[], text[]) to "${appRole}";
