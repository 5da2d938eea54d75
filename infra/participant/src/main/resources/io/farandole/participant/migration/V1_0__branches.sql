-- What a participant remembers of each branch of a global transaction: one row, written in the transaction of its effect.
-- Unqualified, so that it lies where the service's own tables lie.
create table participant_branch (
    participant           text        not null,
    global_id             text        not null,
    branch_id             text        not null,
    -- COMMITTED             its effect is there
    -- REFUSED               the commit was refused, without an effect
    -- COMPENSATED           its effect is undone; or there was none, see nothing_undone
    -- COMPENSATION_REFUSED  its effect is there, and could not be undone so far; may be tried again
    state                 text        not null
        constraint participant_branch_state check (state in ('COMMITTED', 'REFUSED', 'COMPENSATED', 'COMPENSATION_REFUSED')),
    -- A tombstone: compensated with nothing to undo. A commit that still comes is refused.
    nothing_undone        boolean     not null default false,
    -- SHA-256, hexadecimal, of the commit's request; null if none has come.
    request_hash          text,
    -- What is answered again: the commit's answer, and once compensated the compensation's.
    answer_status         integer,
    answer_reason         text,
    answer_text           text,
    answer_type           text,
    answer_body           bytea,
    compensation_refusals integer     not null default 0,
    created_at            timestamptz not null default clock_timestamp(),
    -- When the state changed last: what a purge goes by.
    touched_at            timestamptz not null default clock_timestamp(),
    primary key (participant, global_id, branch_id)
) with (fillfactor = 80); -- the answer is written into the row's own page

create index participant_branch_age on participant_branch (touched_at);
