-- Commands of services that keep no journal, and what they were answered. A command is a request, not a fact: it is kept as long as
-- its sender may repeat it, and its body no longer than until it is answered. What it brought about stands in the journal, with the
-- command's id as its cause.
create table farandole.command (
    position       bigint      generated always as identity, -- order of arrival
    sender         text        not null, -- the user that the broker vouches for; empty if there was none
    id             text        not null, -- as the sender chose it
    type           text        not null,
    fingerprint    text        not null, -- SHA-256 of type and body: the same id with another one is refused
    body           text,                 -- until it is answered
    reply_to       text,
    correlation_id text        not null,
    traceparent    text,
    not_after      timestamptz,
    received_at    timestamptz not null default clock_timestamp(),
    due_at         timestamptz not null default clock_timestamp(), -- when it is tried (again)
    attempts       integer     not null default 0, -- that failed
    failure        text,                 -- the last one's class and text
    answer_id      text,                 -- null: it is waiting
    outcome        text,
    reason         text,
    answer         text,                 -- the JSON that is sent, byte by byte
    answered_at    timestamptz,
    primary key (sender, id),
    check ((answer_id is null) = (answer is null) and (answer_id is null) = (body is not null))
) with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
create index command_waiting on farandole.command (position) where answer_id is null;
create index command_answered on farandole.command (answered_at) where answer_id is not null;

-- Answers to send; a row is deleted when the broker has confirmed it.
create table farandole.command_reply (
    position       bigint      generated always as identity primary key,
    reply_id       text        not null,
    reply_to       text        not null,
    correlation_id text        not null,
    command_type   text        not null,
    outcome        text        not null,
    body           text        not null,
    taken_until    timestamptz not null default '-infinity' -- by an instance that sends it now
) with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);

grant select, insert, update, delete on farandole.command, farandole.command_reply to "${appRole}";
