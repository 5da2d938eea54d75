-- Sending published history to one follower, which joined later or has lost something.

-- What was asked for, by whom and why, and what has become of it: kept for good.
create table farandole.backfill (
    id            bigint generated always as identity primary key,
    follower      text        not null check (follower <> ''),
    types         text[]      not null check (cardinality(types) > 0),
    after         bigint      not null,               -- begins after this position of the journal
    upto          bigint      not null,               -- and ends with this one
    rate          integer     check (rate > 0),       -- events a second at most; null for as fast as it goes
    requested_by  text        not null check (requested_by <> ''),
    reason        text        not null check (reason <> ''),
    requested_at  timestamptz not null default clock_timestamp(),
    state         text        not null default 'RUNNING' check (state in ('RUNNING', 'PAUSED', 'DONE', 'CANCELLED')),
    holder        text,                               -- the instance that works at it
    seen_at       timestamptz,                        -- when that instance was last heard of
    position      bigint      not null,               -- confirmed by the broker up to here
    events        bigint      not null default 0,     -- sent and confirmed, repetitions left out
    began_at      timestamptz,
    ended_at      timestamptz,

    constraint backfill_range check (after <= upto and position between after and upto),
    constraint backfill_ended check ((ended_at is null) = (state in ('RUNNING', 'PAUSED')))
);

-- Two at once would mix their orders.
create unique index backfill_one_of_a_follower on farandole.backfill (follower) where ended_at is null;

create table farandole.backfill_decision (
    id         bigint generated always as identity primary key,
    backfill   bigint      not null references farandole.backfill (id),
    decision   text        not null check (decision in ('PAUSE', 'RESUME', 'CANCEL')),
    decided_by text        not null check (decided_by <> ''),
    reason     text        not null check (reason <> ''),
    decided_at timestamptz not null default clock_timestamp()
);
create index backfill_decision_of on farandole.backfill_decision (backfill);

grant select, insert, update on farandole.backfill to "${appRole}";
grant select, insert on farandole.backfill_decision to "${appRole}";
