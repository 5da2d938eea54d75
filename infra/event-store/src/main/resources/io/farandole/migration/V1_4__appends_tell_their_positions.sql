-- Appends that tell which positions they have taken: who has appended rows next to each other knows what a reader would find there, and
-- need not ask. The functions of the version before stay for its instances, and have the new ones do the work.

-- Appends own events in the order given, and returns the positions of the first and of the last one; all are the append's own if
-- there are as many as it has events. Joins the caller's transaction.
-- Raises unique_violation (23505) naming journal_aggregate_sequence when an aggregate's sequence number is taken, and
-- journal_event_id when an event's id is. Times are microseconds since 1970.
create function farandole.append_own_at(
    source             text,
    event_ids          text[],
    aggregate_types    text[],
    aggregate_ids      text[],
    sequences          bigint[],
    payload_types      text[],
    payload_versions   integer[],
    payloads           text[],
    metadatas          text[],
    process_keys       text[],
    correlation_ids    text[],
    causation_ids      text[],
    traceparents       text[],
    wire_types         text[],
    wire_payloads      text[],
    key_ids            text[],
    occurred_micros    bigint[],
    out first_position bigint,
    out last_position  bigint
)
    language plpgsql volatile security definer
    set search_path = pg_catalog, farandole, pg_temp
    set enable_seqscan = off
    set enable_hashjoin = off
    set enable_mergejoin = off
    set plan_cache_mode = force_generic_plan
as $$
begin
    perform farandole.begin_append();
    -- The inner query's order is settled before nextval is called: positions follow the order of the arrays.
    with appended as (
        insert into farandole.journal (
            position, own, event_id, source, aggregate_type, aggregate_id, sequence, payload_type, payload_version, payload,
            metadata, process_key, correlation_id, causation_id, traceparent, wire_type, wire_payload, key_id, occurred_at)
        select nextval('farandole.journal_position'), true, e.event_id, append_own_at.source, e.aggregate_type,
               e.aggregate_id, e.sequence, e.payload_type, e.payload_version, e.payload, e.metadata, e.process_key,
               e.correlation_id, e.causation_id, e.traceparent, e.wire_type, e.wire_payload, e.key_id,
               timestamptz 'epoch' + e.occurred_micros * interval '1 microsecond'
          from (select *
                  from unnest(event_ids, aggregate_types, aggregate_ids, sequences, payload_types, payload_versions,
                              payloads, metadatas, process_keys, correlation_ids, causation_ids, traceparents, wire_types,
                              wire_payloads, key_ids, occurred_micros)
                       with ordinality as t (event_id, aggregate_type, aggregate_id, sequence, payload_type,
                              payload_version, payload, metadata, process_key, correlation_id, causation_id, traceparent,
                              wire_type, wire_payload, key_id, occurred_micros, ordinal)
                 order by ordinal) e
        returning journal.position
    )
    select min(a.position), max(a.position) into first_position, last_position from appended a;
end
$$;

create or replace function farandole.append_own(
    source           text,
    event_ids        text[],
    aggregate_types  text[],
    aggregate_ids    text[],
    sequences        bigint[],
    payload_types    text[],
    payload_versions integer[],
    payloads         text[],
    metadatas        text[],
    process_keys     text[],
    correlation_ids  text[],
    causation_ids    text[],
    traceparents     text[],
    wire_types       text[],
    wire_payloads    text[],
    key_ids          text[],
    occurred_micros  bigint[]
) returns bigint
    language plpgsql volatile security definer
    set search_path = pg_catalog, farandole, pg_temp
as $$
begin
    return (select a.last_position
              from farandole.append_own_at(source, event_ids, aggregate_types, aggregate_ids, sequences, payload_types,
                       payload_versions, payloads, metadatas, process_keys, correlation_ids, causation_ids, traceparents,
                       wire_types, wire_payloads, key_ids, occurred_micros) a);
end
$$;

-- Appends received events in the order given; what is here already is left as it is. Joins the caller's transaction.
-- Returns how many were appended, how many were here with the same type and body, the ids of those that were here with another
-- type or body, and the positions of the first and of the last one that was appended, if any. Times are microseconds since 1970.
create function farandole.append_received_at(
    event_ids          text[],
    sources            text[],
    subjects           text[],
    payload_types      text[],
    payload_versions   integer[],
    payloads           text[],
    process_keys       text[],
    correlation_ids    text[],
    causation_ids      text[],
    traceparents       text[],
    wire_types         text[],
    source_sequences   bigint[],
    key_ids            text[],
    occurred_micros    bigint[],
    out appended       integer,
    out duplicates     integer,
    out conflicts      text[],
    out first_position bigint,
    out last_position  bigint
)
    language plpgsql volatile security definer
    set search_path = pg_catalog, farandole, pg_temp
    set enable_seqscan = off
    set enable_hashjoin = off
    set enable_mergejoin = off
    set plan_cache_mode = force_generic_plan
as $$
begin
    perform farandole.begin_append();
    -- Two guards: "not exists" spares a redelivered batch its positions (each would be a gap that readers must settle),
    -- and the conflict target decides between concurrent receivers: the second waits for the first one's end.
    with added as (
        insert into farandole.journal (
            position, own, event_id, source, aggregate_id, payload_type, payload_version, payload, process_key,
            correlation_id, causation_id, traceparent, wire_type, source_sequence, key_id, occurred_at)
        select nextval('farandole.journal_position'), false, e.event_id, e.source, e.subject, e.payload_type,
               e.payload_version, e.payload, e.process_key, e.correlation_id, e.causation_id, e.traceparent, e.wire_type,
               e.source_sequence, e.key_id, timestamptz 'epoch' + e.occurred_micros * interval '1 microsecond'
          from (select *
                  from unnest(event_ids, sources, subjects, payload_types, payload_versions, payloads, process_keys,
                              correlation_ids, causation_ids, traceparents, wire_types, source_sequences, key_ids,
                              occurred_micros)
                       with ordinality as t (event_id, source, subject, payload_type, payload_version, payload,
                              process_key, correlation_id, causation_id, traceparent, wire_type, source_sequence, key_id,
                              occurred_micros, ordinal)
                 where not exists (
                       select from farandole.journal j where j.source = t.source and j.event_id = t.event_id)
                 order by ordinal) e
        on conflict (source, event_id) do nothing
        returning journal.position
    )
    select count(*)::integer, min(a.position), max(a.position) into appended, first_position, last_position from added a;
    conflicts := '{}';
    if appended < cardinality(event_ids) then
        -- A new statement, and so a new snapshot: it sees what a concurrent receiver committed while we waited for it.
        select coalesce(array_agg(t.event_id order by t.ordinal), '{}') into conflicts
          from unnest(event_ids, sources, payloads, wire_types)
               with ordinality as t (event_id, source, payload, wire_type, ordinal)
          join farandole.journal j on j.source = t.source and j.event_id = t.event_id
         where j.wire_type is distinct from t.wire_type
            or coalesce(j.wire_payload, j.payload) is distinct from t.payload;
    end if;
    duplicates := cardinality(event_ids) - appended - cardinality(conflicts);
end
$$;

create or replace function farandole.append_received(
    event_ids        text[],
    sources          text[],
    subjects         text[],
    payload_types    text[],
    payload_versions integer[],
    payloads         text[],
    process_keys     text[],
    correlation_ids  text[],
    causation_ids    text[],
    traceparents     text[],
    wire_types       text[],
    source_sequences bigint[],
    key_ids          text[],
    occurred_micros  bigint[],
    out appended     integer,
    out duplicates   integer,
    out conflicts    text[]
)
    language plpgsql volatile security definer
    set search_path = pg_catalog, farandole, pg_temp
as $$
begin
    select a.appended, a.duplicates, a.conflicts into appended, duplicates, conflicts
      from farandole.append_received_at(event_ids, sources, subjects, payload_types, payload_versions, payloads,
               process_keys, correlation_ids, causation_ids, traceparents, wire_types, source_sequences, key_ids,
               occurred_micros) a;
end
$$;

revoke all on function farandole.append_own_at(
    text, text[], text[], text[], bigint[], text[], integer[], text[], text[], text[], text[], text[], text[], text[], text[],
    text[], bigint[]) from public;
revoke all on function farandole.append_received_at(
    text[], text[], text[], text[], integer[], text[], text[], text[], text[], text[], text[], bigint[], text[], bigint[])
    from public;
grant execute on function farandole.append_own_at(
    text, text[], text[], text[], bigint[], text[], integer[], text[], text[], text[], text[], text[], text[], text[], text[],
    text[], bigint[]) to "${appRole}";
grant execute on function farandole.append_received_at(
    text[], text[], text[], text[], integer[], text[], text[], text[], text[], text[], text[], bigint[], text[], bigint[])
    to "${appRole}";
