-- A session plans what a function asks once, and keeps the plan: on a table that was small then, and has a hundred thousand rows
-- a minute later. What was planned as a hash join over the whole journal stays one, for every batch that comes in, until the
-- table is analysed. (6,000 batches of 6 events, one session, an empty journal to begin with: 56 s so, 1.3 s with lookups by index.)
-- So nothing but lookups by index is allowed where batches meet a table, and one plan will do for all batches.
alter function farandole.append_own(
    text, text[], text[], text[], bigint[], text[], integer[], text[], text[], text[], text[], text[], text[], text[], text[],
    text[], bigint[])
    set enable_seqscan = off;
alter function farandole.append_own(
    text, text[], text[], text[], bigint[], text[], integer[], text[], text[], text[], text[], text[], text[], text[], text[],
    text[], bigint[])
    set enable_hashjoin = off;
alter function farandole.append_own(
    text, text[], text[], text[], bigint[], text[], integer[], text[], text[], text[], text[], text[], text[], text[], text[],
    text[], bigint[])
    set enable_mergejoin = off;
alter function farandole.append_own(
    text, text[], text[], text[], bigint[], text[], integer[], text[], text[], text[], text[], text[], text[], text[], text[],
    text[], bigint[])
    set plan_cache_mode = force_generic_plan;
alter function farandole.append_received(
    text[], text[], text[], text[], integer[], text[], text[], text[], text[], text[], text[], bigint[], text[], bigint[])
    set enable_seqscan = off;
alter function farandole.append_received(
    text[], text[], text[], text[], integer[], text[], text[], text[], text[], text[], text[], bigint[], text[], bigint[])
    set enable_hashjoin = off;
alter function farandole.append_received(
    text[], text[], text[], text[], integer[], text[], text[], text[], text[], text[], text[], bigint[], text[], bigint[])
    set enable_mergejoin = off;
alter function farandole.append_received(
    text[], text[], text[], text[], integer[], text[], text[], text[], text[], text[], text[], bigint[], text[], bigint[])
    set plan_cache_mode = force_generic_plan;

-- The same as before, in a language that keeps its plan: a function in language sql is parsed and planned at each call.
create or replace function farandole.appenders() returns setof text
    language plpgsql volatile
    set search_path = pg_catalog, farandole, pg_temp
as $$
begin
    return query
        select l.virtualtransaction
          from pg_locks l
         where l.locktype = 'advisory'
           and l.database = (select d.oid from pg_database d where d.datname = current_database())
           and l.classid = 1178686318
           and l.objid = 1
           and l.objsubid = 2
           and l.granted
           and l.virtualtransaction not like '%/0';
end
$$;

-- Rows after a position. With one plan for all positions: PostgreSQL believes that such a plan, which does not know how few rows
-- are wanted, costs more, and so would plan anew at each call, which takes longer than the reading.
create function farandole.read_journal(after bigint, most integer) returns setof farandole.journal
    language plpgsql stable
    set plan_cache_mode = force_generic_plan
    set enable_seqscan = off
    set enable_bitmapscan = off
    set enable_sort = off
as $$
begin
    return query
        select j.* from farandole.journal j where j.position > after order by j.position limit most;
end
$$;

-- Of these aggregates, those that have events after the sequence number that is given for them.
create function farandole.changed_aggregates(ids text[], sequences bigint[]) returns setof text
    language plpgsql stable
    set enable_seqscan = off
    set enable_hashjoin = off
    set enable_mergejoin = off
as $$
begin
    return query
        select c.id
          from unnest(ids, sequences) as c (id, sequence)
         where exists (select from farandole.journal j
                        where j.own and j.sequence is not null and j.aggregate_id = c.id and j.sequence > c.sequence);
end
$$;

revoke all on function farandole.read_journal(bigint, integer) from public;
revoke all on function farandole.changed_aggregates(text[], bigint[]) from public;
grant execute on function farandole.read_journal(bigint, integer) to "${appRole}";
grant execute on function farandole.changed_aggregates(text[], bigint[]) to "${appRole}";
