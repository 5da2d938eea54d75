-- Whether an open step of the saga is overdue, so that those few are found by index. Not indexed by the log itself: an index over a
-- column that changes with every event would keep updates from staying in place.
alter table farandole.saga add column overdue boolean not null default false;
create index saga_overdue on farandole.saga (process_key) where overdue;

create or replace function farandole.save_sagas(p_type text, p_keys text[], p_versions bigint[], p_states text[],
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
    late     jsonpath := '$[*] ? (@.overdue == true && (@.status == "PENDING" || @.status == "COMPENSATING"))';
begin
    if 0 = any (p_versions) then
        with written as (
            insert into farandole.saga (saga_type, process_key, state, state_version, version, ended_at, steps, overdue)
                select p_type, g.k, g.s, p_state_version, 1, case when g.e then clock_timestamp() end,
                       coalesce(g.l::jsonb, '[]'), not g.e and coalesce(jsonb_path_exists(g.l::jsonb, late), false)
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
                    steps = coalesce(g.l::jsonb, t.steps),
                    overdue = not g.e and case when g.l is null then t.overdue else jsonb_path_exists(g.l::jsonb, late) end
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

-- What has been told: once per subject, whichever instance finds it first. A subject names one failure (processor, process and
-- failed event) or one overdue step (saga, process, step and attempt), so another failure of the same process is another alert.
create table farandole.alert (
    id          bigint generated always as identity primary key,
    kind        text        not null check (kind in ('process-parked', 'step-overdue')),
    subject     text        not null,
    process_key text        not null,
    place       text        not null,
    detail      text        not null,
    since       timestamptz not null,
    raised_at   timestamptz not null default clock_timestamp(),
    told_at     timestamptz,
    unique (kind, subject)
);
create index alert_by_time on farandole.alert (raised_at);

-- Raises what is new, at most p_limit of each kind, oldest first, and answers it.
create function farandole.raise_alerts(p_limit integer)
    returns table (id bigint, kind text, process_key text, place text, detail text, since timestamptz)
    language plpgsql
    set enable_seqscan = off
as
$$
begin
    return query
        with parked as (
            select 'process-parked' as kind, p.processor || '/' || p.process_key || '/' || p.failed_event_id as subject,
                   p.process_key, p.processor as place,
                   p.error_class || ' at ' || p.failed_event_type || ' ' || p.failed_event_id as detail,
                   p.first_failed_at as since
            from farandole.parked_process p
            where p.status = 'PARKED'
              and not exists (select from farandole.alert a where a.kind = 'process-parked'
                and a.subject = p.processor || '/' || p.process_key || '/' || p.failed_event_id)
            order by p.first_failed_at
            limit p_limit
        ),
        late as (
            select 'step-overdue' as kind, s.saga_type || '/' || s.process_key || '/' || (l.entry ->> 'step') || '/'
                       || (l.entry ->> 'attempt') as subject,
                   s.process_key, s.saga_type as place,
                   'step ' || (l.entry ->> 'step') || ', ' || (l.entry ->> 'status') as detail,
                   (l.entry ->> 'createdAt')::timestamptz as since
            from farandole.saga s
                cross join lateral jsonb_array_elements(s.steps) as l (entry)
            where s.overdue
              and (l.entry ->> 'overdue')::boolean
              and l.entry ->> 'status' in ('PENDING', 'COMPENSATING')
              and not exists (select from farandole.alert a where a.kind = 'step-overdue'
                and a.subject = s.saga_type || '/' || s.process_key || '/' || (l.entry ->> 'step') || '/'
                    || (l.entry ->> 'attempt'))
            limit p_limit
        )
        insert into farandole.alert as n (kind, subject, process_key, place, detail, since)
            select p.kind, p.subject, p.process_key, p.place, p.detail, p.since from parked p
            union all
            select t.kind, t.subject, t.process_key, t.place, t.detail, t.since from late t
            order by 2
        on conflict on constraint alert_kind_subject_key do nothing
        returning n.id, n.kind, n.process_key, n.place, n.detail, n.since;
end
$$;

revoke all on farandole.alert from public;
grant select, insert, update, delete on farandole.alert to "${appRole}";
revoke all on function farandole.raise_alerts(integer) from public;
grant execute on function farandole.raise_alerts(integer) to "${appRole}";
