-- The journal of one context: everything it did (own = true) and everything it heard (own = false), in one order.
--
-- Append-only by construction. The runtime role reads the table and executes the two append functions below, which run
-- with the owner's rights; it holds no other right on it, so it can neither insert past them nor update, delete or
-- truncate.

create table farandole.journal (
    position         bigint      not null,
    own              boolean     not null,
    event_id         text        not null,
    source           text        not null,             -- the context that made the event: this one, or another
    aggregate_type   text,                             -- own events of aggregates only
    aggregate_id     text,                             -- own: the aggregate; received: what the event is about
    sequence         bigint,                           -- own events of aggregates only: 0, 1, 2, ... per aggregate
    payload_type     text        not null,             -- 'order.order-placed'
    payload_version  integer     not null,
    payload          text        not null,             -- JSON
    metadata         text,                             -- JSON: what has no column of its own
    process_key      text        not null,             -- the process that the event belongs to: an order id
    correlation_id   text,
    causation_id     text,
    traceparent      text,
    wire_type        text,                             -- own: null unless published; received: as it came
    wire_payload     text,                             -- own: null where it equals the payload
    source_sequence  bigint,                           -- received: the position in the producer's journal
    key_id           text,                             -- reserved: the key that encrypts personal fields
    occurred_at      timestamptz not null,
    recorded_at      timestamptz not null default clock_timestamp(),

    constraint journal_pkey primary key (position),
    constraint journal_aggregate check (sequence is null or (own and aggregate_id is not null)),
    constraint journal_received check (own or wire_type is not null)
);

comment on table farandole.journal is
    'Append-only: what this context did (own) and heard (not own), in one order. Append through farandole.append_own and farandole.append_received.';
comment on column farandole.journal.position is
    'Order of reading. Has gaps for ever, where a transaction rolled back; a gap is known to be dead only by the rule stated at farandole.appenders().';

-- An aggregate has one event per sequence number: this is the optimistic lock, and the way an aggregate is loaded. By id
-- alone, not by type and id, because Axon loads by id alone: were an id shared by two types, each would be loaded with
-- the other's events. So the second type's first event is refused instead. Partial: a received event about 'order-1'
-- never collides with a local aggregate 'order-1'.
create unique index journal_aggregate_sequence on farandole.journal (aggregate_id, sequence)
    where own and sequence is not null;

-- The duplicate guard, and the way to find an event by its id (a causation id, for one). For own events it refuses an id
-- used twice, which every receiver would take for a duplicate and drop.
create unique index journal_event_id on farandole.journal (source, event_id);

-- What became of order o-1? What belongs to this conversation?
create index journal_process_key on farandole.journal (process_key, position);
create index journal_correlation_id on farandole.journal (correlation_id, position) where correlation_id is not null;

-- What the relay reads when it has fallen behind.
create index journal_published on farandole.journal (position) where own and wire_type is not null;

-- "From that day on": a token at a time. Rows come almost in order of time, so a summary per block range is enough.
create index journal_occurred_at on farandole.journal using brin (occurred_at) with (pages_per_range = 32, autosummarize = on);

-- Inserts only, so nothing ever becomes garbage, yet the visibility map must be kept and rows frozen bit by bit rather
-- than all at once years later.
alter table farandole.journal set (autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);

-- cache 1 is part of the reading rule below: with a larger cache a session would hand out values that it reserved
-- before its transaction began, below values that others have committed since.
create sequence farandole.journal_position as bigint minvalue 1 cache 1 no cycle owned by farandole.journal.position;

-- Who may still append below the highest position that you see. The rule of gap-safe reading, in full:
--
--   An append first takes the shared advisory lock (1178686318, 1), until the end of its transaction; then it draws its
--   positions; then it inserts. So at any time the owner of a drawn and not yet decided position holds that lock.
--
--   A reader that sees position p+1 and not p
--     1. asks appenders() for the transactions that hold the lock now. Whoever may still fill p is among them: p was
--        drawn before p+1 (one sequence, cache 1), and p+1 was visible before we asked, so p's owner took the lock
--        before we asked; it keeps it until it has ended. Whoever takes the lock later draws a higher position.
--     2. waits until all of those transactions are gone (others come and go meanwhile: they do not matter).
--     3. reads again with a fresh snapshot. PostgreSQL makes a commit visible before it releases the transaction's
--        locks, so a position that is still missing now was rolled back, and is missing for ever.
--   No clock is involved: a position that commits an hour late is waited for, a dead one is passed at once. And a
--   transaction that does not append is never waited for.
--
--   Within its own order this keeps per-aggregate and causal order too: who appends after having seen a committed event
--   draws a higher position than that event's.
--
-- The virtual transaction id tells one transaction of a pooled connection from the next; the process id would not.
-- '<backend>/0' is a transaction that has become visible or rolled back and is about to release its locks: over.
-- Advisory locks are per database (pg_locks.database), so contexts may share a server, but not a database.
-- It works on a primary only: a replica shows neither the primary's locks nor its newest rows at the same moment.
-- The reader must be outside of any transaction, or at least at READ COMMITTED, for step 3's fresh snapshot.
create function farandole.appenders() returns setof text
    language sql volatile
    set search_path = pg_catalog, farandole, pg_temp
as $$
    select l.virtualtransaction
      from pg_locks l
     where l.locktype = 'advisory'
       and l.database = (select d.oid from pg_database d where d.datname = current_database())
       and l.classid = 1178686318
       and l.objid = 1
       and l.objsubid = 2
       and l.granted
       and l.virtualtransaction not like '%/0'
$$;

-- What every append does first. See appenders() for the first lock.
--
-- The second pair refuses PREPARE TRANSACTION: a prepared transaction would keep the first lock for as long as its
-- coordinator likes, or for ever, and with it every reader behind. PostgreSQL has no hook to forbid it, but it cannot
-- transfer a lock that the session and the transaction hold at once ("cannot PREPARE while holding both session-level
-- and transaction-level locks on the same object"), so hold one in both ways. The session's stays with the pooled
-- connection; it is shared, nobody ever wants it exclusively, and the readers look at the first key only.
create function farandole.begin_append() returns void
    language plpgsql volatile security definer
    set search_path = pg_catalog, farandole, pg_temp
as $$
begin
    perform pg_advisory_xact_lock_shared(1178686318, 1);
    perform pg_advisory_lock_shared(1178686318, 2);
    perform pg_advisory_xact_lock_shared(1178686318, 2);
end
$$;

-- Appends own events in the order given, and returns the position of the last one. Joins the caller's transaction.
-- Raises unique_violation (23505) naming journal_aggregate_sequence when an aggregate's sequence number is taken, and
-- journal_event_id when an event's id is. Times are microseconds since 1970.
create function farandole.append_own(
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
declare
    last_position bigint;
begin
    perform farandole.begin_append();
    -- The inner query's order is settled before nextval is called: positions follow the order of the arrays.
    insert into farandole.journal (
        position, own, event_id, source, aggregate_type, aggregate_id, sequence, payload_type, payload_version, payload,
        metadata, process_key, correlation_id, causation_id, traceparent, wire_type, wire_payload, key_id, occurred_at)
    select nextval('farandole.journal_position'), true, e.event_id, append_own.source, e.aggregate_type, e.aggregate_id,
           e.sequence, e.payload_type, e.payload_version, e.payload, e.metadata, e.process_key, e.correlation_id,
           e.causation_id, e.traceparent, e.wire_type, e.wire_payload, e.key_id,
           timestamptz 'epoch' + e.occurred_micros * interval '1 microsecond'
      from (select *
              from unnest(event_ids, aggregate_types, aggregate_ids, sequences, payload_types, payload_versions, payloads,
                          metadatas, process_keys, correlation_ids, causation_ids, traceparents, wire_types, wire_payloads,
                          key_ids, occurred_micros)
                   with ordinality as t (event_id, aggregate_type, aggregate_id, sequence, payload_type, payload_version,
                          payload, metadata, process_key, correlation_id, causation_id, traceparent, wire_type,
                          wire_payload, key_id, occurred_micros, ordinal)
             order by ordinal) e;
    last_position := currval('farandole.journal_position');
    return last_position;
end
$$;

-- Appends received events in the order given; what is here already is left as it is. Joins the caller's transaction.
-- Returns how many were appended, how many were here with the same type and body, and the ids of those that were here
-- with another type or body. Times are microseconds since 1970.
create function farandole.append_received(
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
    perform farandole.begin_append();
    -- Two guards: "not exists" spares a redelivered batch its positions (each would be a gap that readers must settle),
    -- and the conflict target decides between concurrent receivers: the second waits for the first one's end.
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
                   with ordinality as t (event_id, source, subject, payload_type, payload_version, payload, process_key,
                          correlation_id, causation_id, traceparent, wire_type, source_sequence, key_id,
                          occurred_micros, ordinal)
             where not exists (select from farandole.journal j where j.source = t.source and j.event_id = t.event_id)
             order by ordinal) e
    on conflict (source, event_id) do nothing;
    get diagnostics appended = row_count;
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

revoke all on function farandole.appenders() from public;
revoke all on function farandole.begin_append() from public;
revoke all on function farandole.append_own(
    text, text[], text[], text[], bigint[], text[], integer[], text[], text[], text[], text[], text[], text[], text[], text[],
    text[], bigint[]) from public;
revoke all on function farandole.append_received(
    text[], text[], text[], text[], integer[], text[], text[], text[], text[], text[], text[], bigint[], text[], bigint[])
    from public;

grant usage on schema farandole to "${appRole}";
grant select on farandole.journal to "${appRole}";
grant execute on function farandole.appenders() to "${appRole}";
grant execute on function farandole.append_own(
    text, text[], text[], text[], bigint[], text[], integer[], text[], text[], text[], text[], text[], text[], text[], text[],
    text[], bigint[]) to "${appRole}";
grant execute on function farandole.append_received(
    text[], text[], text[], text[], integer[], text[], text[], text[], text[], text[], text[], bigint[], text[], bigint[])
    to "${appRole}";
