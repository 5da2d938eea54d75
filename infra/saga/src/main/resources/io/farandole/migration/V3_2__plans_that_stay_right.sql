-- What joins a batch to a table looks each row up by index, whatever size the table had when the session made its plan; see the
-- journal's migration of the same name. And plpgsql instead of sql, which keeps its plans.

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
        with written as (
            update farandole.saga t
                set state = g.s,
                    state_version = p_state_version,
                    version = t.version + 1,
                    updated_at = clock_timestamp(),
                    ended_at = case when g.e then clock_timestamp() end
                from unnest(p_keys, p_versions, p_states, p_ended) as g (k, v, s, e)
                where g.v > 0
                    and t.saga_type = p_type
                    and t.process_key = g.k
                    and t.version = g.v
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

alter function farandole.cancel_deadlines(text, text[], text[], text[], text[]) set enable_hashjoin = off;
alter function farandole.cancel_deadlines(text, text[], text[], text[], text[]) set enable_mergejoin = off;
alter function farandole.pass_deadlines(text, text, timestamptz, integer) set enable_hashjoin = off;
alter function farandole.pass_deadlines(text, text, timestamptz, integer) set enable_mergejoin = off;
