-- Closes calls with their results, those whose claim still holds, and tells which these were. The rows stay locked until the
-- transaction ends, so no other worker can claim them in between.
create function farandole.close_outside_calls(p_ids bigint[], p_claims bigint[], p_results text[])
    returns setof bigint
    language sql volatile
    set enable_seqscan = off
as
$$
    update farandole.outside_call c
        set status = 'DONE', result = g.result, finished_at = clock_timestamp()
        from unnest(p_ids, p_claims, p_results) as g (id, claim, result)
        where c.id = g.id and c.claim = g.claim and c.status = 'RUNNING'
        returning c.id
$$;

revoke all on function farandole.close_outside_calls(bigint[], bigint[], text[]) from public;
grant execute on function farandole.close_outside_calls(bigint[], bigint[], text[]) to "${appRole}";
