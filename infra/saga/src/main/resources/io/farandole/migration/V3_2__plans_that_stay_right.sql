-- What joins a batch to a table looks each row up by index, whatever size the table had when the session made its plan; see the
-- journal's migration of the same name. And plpgsql instead of sql, which keeps its plans.

-- Lateral, and with a limit that changes nothing: so each key is looked up by itself. Otherwise a session that met a small table
-- reads every saga of the type, and filters.
create or replace function farandole.load_sagas(p_type text, p_keys text[])
    returns table (process_key text, state text, state_version integer, version bigint, ended boolean)
    language plpgsql stable
    set enable_seqscan = off
    set plan_cache_mode = force_generic_plan
as
$$
begin
    return query
        select s.process_key, s.state, s.state_version, s.version, s.ended_at is not null
        from unnest(p_keys) as g (k)
            cross join lateral (
                select f.* from farandole.saga f where f.saga_type = p_type and f.process_key = g.k limit 1
            ) s;
end
$$;

-- Writes a batch: version 0 means insert, any other means update of exactly that version. Answers the keys that were not
-- written, because somebody else has inserted or updated them meanwhile; the caller rolls back then.
create or replace function farandole.save_sagas(p_type text, p_keys text[], p_versions bigint[], p_states text[],
                                                p_state_version integer, p_ended boolean[])
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
            insert into farandole.saga (saga_type, process_key, state, state_version, version, ended_at)
                select p_type, g.k, g.s, p_state_version, 1, case when g.e then clock_timestamp() end
                from unnest(p_keys, p_versions, p_states, p_ended) as g (k, v, s, e)
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
                    ended_at = case when g.e then clock_timestamp() end
                from unnest(p_keys, p_versions, p_states, p_ended) as g (k, v, s, e)
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

-- Claims what is due, at most p_limits[i] of kind p_kinds[i], for the kind's lease. A running call whose lease has run out
-- is due as well: its worker is gone or asleep. Rows that another worker is claiming are skipped, not waited for.
create or replace function farandole.claim_outside_calls(p_kinds text[], p_limits integer[], p_leases_ms bigint[])
    returns table (id bigint, kind text, process_key text, idempotency_key text, request text, metadata text,
                   attempts integer, record_attempts integer, claim bigint, result text, limit_passed boolean)
    language plpgsql
    set enable_seqscan = off
    set enable_hashjoin = off
    set enable_mergejoin = off
as
$$
declare
    i integer;
    due bigint[];
begin
    for i in 1 .. coalesce(array_length(p_kinds, 1), 0) loop
        due := array(
            select c.id
            from farandole.outside_call c
            where c.kind = p_kinds[i]
              and c.status in ('WAITING', 'RUNNING', 'RECORDING')
              and c.due_at <= clock_timestamp()
            order by c.due_at
            limit p_limits[i]
            for update skip locked
        );
        if cardinality(due) > 0 then
            return query
                update farandole.outside_call t
                    set status = 'RUNNING',
                        claim = t.claim + 1,
                        attempts = case
                            when t.result is null and t.time_limit_at > clock_timestamp() then t.attempts + 1
                            else t.attempts end,
                        due_at = clock_timestamp() + p_leases_ms[i] * interval '1 millisecond'
                    where t.id = any (due)
                    returning t.id, t.kind, t.process_key, t.idempotency_key, t.request, t.metadata, t.attempts,
                        t.record_attempts, t.claim, t.result, t.time_limit_at <= clock_timestamp();
        end if;
    end loop;
end
$$;

-- Closes calls with their results, those whose claim still holds, and tells which these were. The rows stay locked until the
-- transaction ends, so no other worker can claim them in between.
create or replace function farandole.close_outside_calls(p_ids bigint[], p_claims bigint[], p_results text[])
    returns setof bigint
    language plpgsql volatile
    set enable_seqscan = off
    set enable_hashjoin = off
    set enable_mergejoin = off
as
$$
begin
    return query
        update farandole.outside_call c
            set status = 'DONE', result = g.result, finished_at = clock_timestamp()
            from unnest(p_ids, p_claims, p_results) as g (id, claim, result)
            where c.id = g.id and c.claim = g.claim and c.status = 'RUNNING'
            returning c.id;
end
$$;

-- Takes one due deadline, and up to p_more others that are due as well: whichever worker comes first takes them all, and
-- the others find nothing. Rows that somebody else is taking or cancelling are skipped; so are those that db-scheduler has
-- picked for a worker, for it reads a row again after picking it, and takes its absence for a defect.
create or replace function farandole.pass_deadlines(p_task text, p_own text, p_now timestamptz, p_more integer)
    returns table (deadline_id text, saga_type text, process_key text, deadline_name text, due_at timestamptz,
                   payload_type text, payload_version integer, payload text, metadata text)
    language plpgsql
    set enable_seqscan = off
    set enable_hashjoin = off
    set enable_mergejoin = off
    set enable_sort = off
    set enable_bitmapscan = off
as
$$
declare
    due text[];
begin
    -- One's own row first, and by waiting: another worker may hold its lock without taking it (it found the row picked only
    -- once it had locked it), and then nobody else would come. Nothing is held while waiting, so nobody waits in a circle.
    due := array(
        select t.task_instance
        from farandole.scheduled_tasks t
        where t.task_name = p_task and t.task_instance = p_own
        for update
    );
    due := due || array(
        select t.task_instance
        from farandole.scheduled_tasks t
        where t.task_name = p_task and t.execution_time <= p_now and t.task_instance <> p_own and not t.picked
        order by t.execution_time
        limit p_more
        for update skip locked
    );
    -- They are locked, so where they are found now they are deleted.
    return query
        with gone as (
            delete from farandole.scheduled_tasks t
                using unnest(due) as g (instance)
                    cross join lateral (
                        select f.ctid as address
                        from farandole.scheduled_tasks f
                        where f.task_name = p_task and f.task_instance = g.instance
                        limit 1
                    ) found
                where t.ctid = found.address
                returning t.*
        ),
        passed as (
            insert into farandole.passed_deadline (deadline_id, saga_type, process_key, deadline_name)
                select g.task_instance, g.saga_type, g.process_key, g.deadline_name from gone g
        )
        select g.task_instance, g.saga_type, g.process_key, g.deadline_name, g.execution_time, g.payload_type,
            g.payload_version, g.payload, g.metadata
        from gone g
        order by g.execution_time;
end
$$;

-- Cancels by id, and by saga type, process key and name. A deadline that passes at this very moment is waited
-- for by the first statement; the second sees then that it has passed, and has the saga not hear of it.
create or replace function farandole.cancel_deadlines(p_task text, p_ids text[], p_saga_types text[], p_process_keys text[],
                                                      p_names text[])
    returns void
    language plpgsql
    set enable_seqscan = off
    set plan_cache_mode = force_generic_plan
as
$$
declare
    i integer;
begin
    for i in 1 .. coalesce(array_length(p_ids, 1), 0) loop
        delete from farandole.scheduled_tasks t where t.task_name = p_task and t.task_instance = p_ids[i];
        update farandole.passed_deadline p set cancelled = true where p.deadline_id = p_ids[i];
    end loop;
    for i in 1 .. coalesce(array_length(p_names, 1), 0) loop
        delete from farandole.scheduled_tasks t
            where t.process_key = p_process_keys[i] and t.saga_type = p_saga_types[i] and t.deadline_name = p_names[i]
                and t.task_name = p_task;
        update farandole.passed_deadline p set cancelled = true
            where p.process_key = p_process_keys[i] and p.saga_type = p_saga_types[i] and p.deadline_name = p_names[i];
    end loop;
end
$$;

-- Writes requests; the same kind and key with the same content is the same call, and written once. Answers those that are there
-- already with another content.
create function farandole.request_outside_calls(p_kinds text[], p_process_keys text[], p_idempotency_keys text[],
                                                p_requests text[], p_metadata text[], p_limits_ms bigint[])
    returns setof text
    language plpgsql volatile
    set enable_seqscan = off
    set enable_hashjoin = off
    set enable_mergejoin = off
as
$$
declare
    written integer;
begin
    insert into farandole.outside_call (kind, process_key, idempotency_key, request, metadata, due_at, time_limit_at)
        select g.kind, g.process_key, g.idempotency_key, g.request, g.metadata, clock_timestamp(),
               clock_timestamp() + g.limit_ms * interval '1 millisecond'
        from unnest(p_kinds, p_process_keys, p_idempotency_keys, p_requests, p_metadata, p_limits_ms)
            as g (kind, process_key, idempotency_key, request, metadata, limit_ms)
        on conflict (kind, idempotency_key) do nothing;
    get diagnostics written = row_count;
    if written < cardinality(p_kinds) then
        -- A new statement: it sees what another transaction has committed while the insert waited for it.
        return query
            select g.kind || ' ' || g.idempotency_key
            from unnest(p_kinds, p_process_keys, p_idempotency_keys, p_requests)
                as g (kind, process_key, idempotency_key, request)
            join farandole.outside_call c on c.kind = g.kind and c.idempotency_key = g.idempotency_key
            where (c.request, c.process_key) is distinct from (g.request, g.process_key);
    end if;
end
$$;
revoke all on function farandole.request_outside_calls(text[], text[], text[], text[], text[], bigint[]) from public;
grant execute on function farandole.request_outside_calls(text[], text[], text[], text[], text[], bigint[]) to "${appRole}";
