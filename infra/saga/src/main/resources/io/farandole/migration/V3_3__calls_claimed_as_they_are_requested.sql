-- Writes requests as the function of six parameters does, which stays for instances of the version before, and claims those with
-- a lease for whoever requests them, as claim_outside_calls would: one update of five indexes less for each call. Answers the
-- written ones with their ids, and those that are there already with another content without one.
create function farandole.request_outside_calls(p_kinds text[], p_process_keys text[], p_idempotency_keys text[],
                                                p_requests text[], p_metadata text[], p_limits_ms bigint[],
                                                p_leases_ms bigint[])
    returns table (kind text, idempotency_key text, id bigint)
    language plpgsql volatile
    set enable_seqscan = off
    set enable_hashjoin = off
    set enable_mergejoin = off
as
$$
#variable_conflict use_column
declare
    written integer;
begin
    return query
        insert into farandole.outside_call as c (kind, process_key, idempotency_key, request, metadata, status, attempts,
                                                 claim, due_at, time_limit_at)
            select g.kind, g.process_key, g.idempotency_key, g.request, g.metadata,
                   case when g.lease_ms is null then 'WAITING' else 'RUNNING' end,
                   case when g.lease_ms is null then 0 else 1 end,
                   case when g.lease_ms is null then 0 else 1 end,
                   clock_timestamp() + coalesce(g.lease_ms, 0) * interval '1 millisecond',
                   clock_timestamp() + g.limit_ms * interval '1 millisecond'
            from unnest(p_kinds, p_process_keys, p_idempotency_keys, p_requests, p_metadata, p_limits_ms, p_leases_ms)
                as g (kind, process_key, idempotency_key, request, metadata, limit_ms, lease_ms)
            on conflict (kind, idempotency_key) do nothing
            returning c.kind, c.idempotency_key, c.id;
    get diagnostics written = row_count;
    if written < cardinality(p_kinds) then
        -- A new statement: it sees what another transaction has committed while the insert waited for it.
        return query
            select g.kind, g.idempotency_key, null::bigint
            from unnest(p_kinds, p_process_keys, p_idempotency_keys, p_requests)
                as g (kind, process_key, idempotency_key, request)
            join farandole.outside_call c on c.kind = g.kind and c.idempotency_key = g.idempotency_key
            where (c.request, c.process_key) is distinct from (g.request, g.process_key);
    end if;
end
$$;
revoke all on function
    farandole.request_outside_calls(text[], text[], text[], text[], text[], bigint[], bigint[]) from public;
grant execute on function
    farandole.request_outside_calls(text[], text[], text[], text[], text[], bigint[], bigint[]) to "${appRole}";
