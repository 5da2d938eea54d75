-- Where the relay has got to: one row. The term rises with every new holder of the lease, and a save names its term, so
-- that a holder that slept through the loss of its lease cannot move the position.
create table farandole.relay_position (
    singleton  boolean     not null default true,
    position   bigint      not null default 0,
    term       bigint      not null default 0,
    holder     text,
    saved_at   timestamptz not null default clock_timestamp(),

    constraint relay_position_pkey primary key (singleton),
    constraint relay_position_singleton check (singleton)
) with (fillfactor = 50);

insert into farandole.relay_position default values;

-- Where each segment of each event processor has got to, and which instance holds it. Updated with every batch: free space
-- on the page and no index on what changes keep these updates in place.
create table farandole.token_entry (
    processor  text        not null,
    segment    integer     not null,
    token      text,                        -- JSON; null: from the beginning
    token_type text,
    position   bigint,                      -- the token's position, to read
    owner      text,
    claimed_at timestamptz not null default clock_timestamp(),

    constraint token_entry_pkey primary key (processor, segment)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- The newest snapshot of an aggregate: an optimisation, never a source of truth; safe to delete.
create table farandole.snapshot (
    aggregate_id     text        not null,
    aggregate_type   text,
    sequence         bigint      not null,
    event_id         text        not null,
    payload_type     text        not null,
    payload_version  text,
    payload          text        not null,
    metadata         text,
    occurred_at      timestamptz not null,

    constraint snapshot_pkey primary key (aggregate_id)
) with (fillfactor = 70);

grant select, update on farandole.relay_position to "${appRole}";
grant select, insert, update, delete on farandole.token_entry to "${appRole}";
grant select, insert, update, delete on farandole.snapshot to "${appRole}";
