-- Sagas by process key. One row per saga type and process key; an ended one stays for a while, so that a late start does
-- not start it again. The fill factor leaves room for updates in place; the table is hot, so it is vacuumed early.
create table farandole.saga (
    saga_type     text        not null,
    process_key   text        not null,
    state         text        not null,
    state_version integer     not null,
    version       bigint      not null,
    started_at    timestamptz not null default clock_timestamp(),
    updated_at    timestamptz not null default clock_timestamp(),
    ended_at      timestamptz,
    primary key (saga_type, process_key)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);
create index saga_by_process_key on farandole.saga (process_key);
create index saga_by_end on farandole.saga (ended_at) where ended_at is not null;

-- A fast-growing table can be caught with a plan made while it was small: never scan it as a whole.
create function farandole.load_sagas(p_type text, p_keys text[])
    returns table (process_key text, state text, state_version integer, version bigint, ended boolean)
    language plpgsql stable
    set enable_seqscan = off
as
$$
begin
    return query
        select s.process_key, s.state, s.state_version, s.version, s.ended_at is not null
        from farandole.saga s
        where s.saga_type = p_type
          and s.process_key = any (p_keys);
end
$$;

-- Writes a batch: version 0 means insert, any other means update of exactly that version. Answers the keys that were not
-- written, because somebody else has inserted or updated them meanwhile; the caller rolls back then.
create function farandole.save_sagas(p_type text, p_keys text[], p_versions bigint[], p_states text[],
                                     p_state_version integer, p_ended boolean[])
    returns setof text
    language plpgsql
    set enable_seqscan = off
as
$$
begin
    return query
        with given as (
            select g.k, g.v, g.s, g.e
            from unnest(p_keys, p_versions, p_states, p_ended) as g (k, v, s, e)
        ),
        inserted as (
            insert into farandole.saga (saga_type, process_key, state, state_version, version, ended_at)
                select p_type, g.k, g.s, p_state_version, 1, case when g.e then clock_timestamp() end
                from given g
                where g.v = 0
                order by g.k
            on conflict (saga_type, process_key) do nothing
            returning farandole.saga.process_key
        ),
        updated as (
            update farandole.saga t
                set state = g.s,
                    state_version = p_state_version,
                    version = t.version + 1,
                    updated_at = clock_timestamp(),
                    ended_at = case when g.e then clock_timestamp() end
                from given g
                where g.v > 0
                    and t.saga_type = p_type
                    and t.process_key = g.k
                    and t.version = g.v
                returning t.process_key
        )
        select g.k
        from given g
        where not exists (select from inserted i where i.process_key = g.k)
          and not exists (select from updated u where u.process_key = g.k);
end
$$;

-- Outside calls. due_at is the next attempt of a waiting call, and the end of the lease of a running one; claim is the
-- fencing number: who records a result must still hold the claim under which the call was made.
create table farandole.outside_call (
    id              bigint generated always as identity primary key,
    kind            text        not null,
    process_key     text        not null,
    idempotency_key text        not null,
    request         text        not null,
    metadata        text        not null,
    status          text        not null default 'WAITING'
        check (status in ('WAITING', 'RUNNING', 'RECORDING', 'DONE', 'FAILED')),
    attempts        integer     not null default 0,
    record_attempts integer     not null default 0,
    claim           bigint      not null default 0,
    due_at          timestamptz not null,
    time_limit_at   timestamptz not null,
    requested_at    timestamptz not null default clock_timestamp(),
    finished_at     timestamptz,
    result          text,
    last_error      text,
    unique (kind, idempotency_key)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);
create index outside_call_due on farandole.outside_call (kind, due_at)
    where status in ('WAITING', 'RUNNING', 'RECORDING');
create index outside_call_by_process_key on farandole.outside_call (process_key);
create index outside_call_finished on farandole.outside_call (finished_at) where finished_at is not null;

-- Claims what is due, at most p_limits[i] of kind p_kinds[i], for the kind's lease. A running call whose lease has run out
-- is due as well: its worker is gone or asleep. Rows that another worker is claiming are skipped, not waited for.
create function farandole.claim_outside_calls(p_kinds text[], p_limits integer[], p_leases_ms bigint[])
    returns table (id bigint, kind text, process_key text, idempotency_key text, request text, metadata text,
                   attempts integer, record_attempts integer, claim bigint, result text, limit_passed boolean)
    language plpgsql
    set enable_seqscan = off
as
$$
declare
    i integer;
begin
    for i in 1 .. coalesce(array_length(p_kinds, 1), 0) loop
        return query
            with due as materialized (
                select c.id
                from farandole.outside_call c
                where c.kind = p_kinds[i]
                  and c.status in ('WAITING', 'RUNNING', 'RECORDING')
                  and c.due_at <= clock_timestamp()
                order by c.due_at
                limit p_limits[i]
                for update skip locked
            )
            update farandole.outside_call t
                set status = 'RUNNING',
                    claim = t.claim + 1,
                    attempts = case
                        when t.result is null and t.time_limit_at > clock_timestamp() then t.attempts + 1
                        else t.attempts end,
                    due_at = clock_timestamp() + p_leases_ms[i] * interval '1 millisecond'
                from due
                where t.id = due.id
                returning t.id, t.kind, t.process_key, t.idempotency_key, t.request, t.metadata, t.attempts,
                    t.record_attempts, t.claim, t.result, t.time_limit_at <= clock_timestamp();
    end loop;
end
$$;

-- The barrier. The insert by primary key decides who is first; who comes second waits for that transaction, and its next
-- statement sees what was committed (read committed takes a new snapshot per statement of a volatile function).
create table farandole.barrier (
    process_key text        not null,
    step        text        not null,
    forwarded   boolean     not null,
    compensated boolean     not null,
    touched_at  timestamptz not null default clock_timestamp(),
    primary key (process_key, step)
);
create index barrier_by_time on farandole.barrier (touched_at);

create function farandole.barrier_forward(p_process_key text, p_step text)
    returns text
    language plpgsql
    set enable_seqscan = off
as
$$
declare
    was_forwarded boolean;
begin
    loop
        insert into farandole.barrier (process_key, step, forwarded, compensated)
        values (p_process_key, p_step, true, false)
        on conflict (process_key, step) do nothing;
        if found then
            return 'PASS';
        end if;
        -- Who made the row decides, and that never changes. Gone again only if it was purged: start over.
        select b.forwarded into was_forwarded
        from farandole.barrier b
        where b.process_key = p_process_key and b.step = p_step;
        if found then
            return case when was_forwarded then 'DUPLICATE' else 'REFUSED' end;
        end if;
    end loop;
end
$$;

create function farandole.barrier_compensate(p_process_key text, p_step text)
    returns text
    language plpgsql
    set enable_seqscan = off
as
$$
begin
    loop
        insert into farandole.barrier (process_key, step, forwarded, compensated)
        values (p_process_key, p_step, false, true)
        on conflict (process_key, step) do nothing;
        if found then
            return 'EMPTY';
        end if;
        update farandole.barrier b
        set compensated = true, touched_at = clock_timestamp()
        where b.process_key = p_process_key and b.step = p_step and not b.compensated;
        if found then
            return 'PASS';
        end if;
        perform 1 from farandole.barrier b where b.process_key = p_process_key and b.step = p_step;
        if found then
            return 'DUPLICATE';
        end if;
    end loop;
end
$$;

-- Deadlines: db-scheduler's table (its columns, names and types), and columns of ours beside them, so that a scope's
-- deadlines can be listed and cancelled by index, and read with psql.
create table farandole.scheduled_tasks (
    task_name            text        not null,
    task_instance        text        not null,
    task_data            bytea,
    execution_time       timestamptz not null,
    picked               boolean     not null,
    picked_by            text,
    last_success         timestamptz,
    last_failure         timestamptz,
    consecutive_failures integer,
    last_heartbeat       timestamptz,
    version              bigint      not null,
    priority             smallint,
    saga_type            text,
    process_key          text,
    deadline_name        text,
    payload_type         text,
    payload_version      integer,
    payload              text,
    metadata             text,
    primary key (task_name, task_instance)
);
create index scheduled_tasks_execution_time on farandole.scheduled_tasks (execution_time);
create index scheduled_tasks_last_heartbeat on farandole.scheduled_tasks (last_heartbeat);
create index scheduled_tasks_by_process_key on farandole.scheduled_tasks (process_key, saga_type, deadline_name);

-- Deadlines that have passed: an event of the journal says so, and the saga may not have heard of it yet. Cancelled here,
-- it never will. Kept for a while.
create table farandole.passed_deadline (
    deadline_id   text primary key,
    saga_type     text        not null,
    process_key   text        not null,
    deadline_name text        not null,
    passed_at     timestamptz not null default clock_timestamp(),
    cancelled     boolean     not null default false
);
create index passed_deadline_by_process_key on farandole.passed_deadline (process_key, saga_type, deadline_name);
create index passed_deadline_by_time on farandole.passed_deadline (passed_at);

-- Takes one due deadline, and up to p_more others that are due as well: whichever worker comes first takes them all, and
-- the others find nothing. Rows that somebody else is taking or cancelling are skipped; so are those that db-scheduler has
-- picked for a worker, for it reads a row again after picking it, and takes its absence for a defect.
create function farandole.pass_deadlines(p_task text, p_own text, p_now timestamptz, p_more integer)
    returns table (deadline_id text, saga_type text, process_key text, deadline_name text, due_at timestamptz,
                   payload_type text, payload_version integer, payload text, metadata text)
    language plpgsql
    set enable_seqscan = off
as
$$
begin
    -- One's own row first, and by waiting: another worker may hold its lock without taking it (it found the row picked only
    -- once it had locked it), and then nobody else would come. Nothing is held while waiting, so nobody waits in a circle.
    perform 1 from farandole.scheduled_tasks t where t.task_name = p_task and t.task_instance = p_own for update;
    return query
        with due as materialized (
            select t.task_instance from farandole.scheduled_tasks t
            where t.task_name = p_task and t.task_instance = p_own
        ),
        more as materialized (
            select t.task_instance from farandole.scheduled_tasks t
            where t.task_name = p_task and t.execution_time <= p_now and t.task_instance <> p_own
                and not t.picked
            order by t.execution_time
            limit p_more
            for update skip locked
        ),
        gone as (
            delete from farandole.scheduled_tasks t
                where t.task_name = p_task
                    and t.task_instance in (select d.task_instance from due d union all select m.task_instance from more m)
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
create function farandole.cancel_deadlines(p_task text, p_ids text[], p_saga_types text[], p_process_keys text[],
                                           p_names text[])
    returns void
    language plpgsql
    set enable_seqscan = off
as
$$
begin
    if array_length(p_ids, 1) > 0 then
        delete from farandole.scheduled_tasks t where t.task_name = p_task and t.task_instance = any (p_ids);
        update farandole.passed_deadline p set cancelled = true where p.deadline_id = any (p_ids);
    end if;
    if array_length(p_names, 1) > 0 then
        delete from farandole.scheduled_tasks t
            using unnest(p_saga_types, p_process_keys, p_names) as g (s, k, n)
            where t.task_name = p_task and t.process_key = g.k and t.saga_type = g.s and t.deadline_name = g.n;
        update farandole.passed_deadline p set cancelled = true
            from unnest(p_saga_types, p_process_keys, p_names) as g (s, k, n)
            where p.process_key = g.k and p.saga_type = g.s and p.deadline_name = g.n;
    end if;
end
$$;

revoke all on farandole.saga, farandole.outside_call, farandole.barrier, farandole.scheduled_tasks,
    farandole.passed_deadline from public;
revoke all on function farandole.load_sagas(text, text[]), farandole.save_sagas(text, text[], bigint[], text[], integer, boolean[]),
    farandole.claim_outside_calls(text[], integer[], bigint[]), farandole.barrier_forward(text, text),
    farandole.barrier_compensate(text, text), farandole.pass_deadlines(text, text, timestamptz, integer),
    farandole.cancel_deadlines(text, text[], text[], text[], text[]) from public;
grant select, insert, update, delete on farandole.saga, farandole.outside_call, farandole.barrier, farandole.scheduled_tasks,
    farandole.passed_deadline to "${appRole}";
grant execute on function farandole.load_sagas(text, text[]), farandole.save_sagas(text, text[], bigint[], text[], integer, boolean[]),
    farandole.claim_outside_calls(text[], integer[], bigint[]), farandole.barrier_forward(text, text),
    farandole.barrier_compensate(text, text), farandole.pass_deadlines(text, text, timestamptz, integer),
    farandole.cancel_deadlines(text, text[], text[], text[], text[]) to "${appRole}";
