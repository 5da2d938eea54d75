-- As before, but the compensation of a step that its saga itself undoes is a subject of its own: its attempts are counted from one again,
-- and the step may have been told of before, while it was pending. Only such sagas count what they hear (began, done).
create or replace function farandole.raise_alerts(p_limit integer)
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
            select 'step-overdue' as kind, o.subject, o.process_key, o.saga_type as place,
                   'step ' || o.step || ', ' || o.status as detail, o.since
            from (
                select s.saga_type, s.process_key, l.entry ->> 'step' as step, l.entry ->> 'status' as status,
                       (l.entry ->> 'createdAt')::timestamptz as since,
                       s.saga_type || '/' || s.process_key || '/' || (l.entry ->> 'step') || '/' || (l.entry ->> 'attempt')
                           || case
                               when l.entry ->> 'status' = 'COMPENSATING'
                                   and coalesce(l.entry ->> 'began', l.entry ->> 'done') is not null then '/compensation'
                               else '' end as subject
                from farandole.saga s
                    cross join lateral jsonb_array_elements(s.steps) as l (entry)
                where s.overdue
                  and (l.entry ->> 'overdue')::boolean
                  and l.entry ->> 'status' in ('PENDING', 'COMPENSATING')
            ) o
            where not exists (select from farandole.alert a where a.kind = 'step-overdue' and a.subject = o.subject)
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
