-- What a person may decide about a process that is set aside, besides a retry.
--
-- parked_process.decision_id names the decision that is to be carried out, or is being tried; whoever holds the row
-- (for no key update) may change it: deciders, and the worker that is at the process. It is not part of a unique index, so that
-- changing it does not take the lock that the queueing processor would wait for.
alter table farandole.parked_process
  add column fingerprint text not null default 'unknown',
  add column decision_id text;

-- Pages of the list, oldest first; groups of failures.
create index parked_process_age on farandole.parked_process (first_failed_at, processor, process_key);
create index parked_process_group on farandole.parked_process (processor, fingerprint, first_failed_at);

-- The defaults are for rows from before: retries, of which nobody knows any more what became of them.
alter table farandole.parked_decision
  drop constraint parked_decision_decision_check,
  add constraint parked_decision_decision_check
    check (decision in ('RETRY', 'SKIP', 'RESOLVE', 'DISCARD', 'COMPENSATE')),
  add column decision_id     text        not null default gen_random_uuid()::text,
  add column group_id        text,
  add column event_id        text        not null default 'unknown',
  add column event_type      text        not null default 'unknown',
  add column last_position   bigint,
  add column state           text        not null default 'SUPERSEDED' check (state in ('PENDING', 'RESOLVED', 'SUPERSEDED')),
  add column failed_attempts integer     not null default 0,
  add column ended_at        timestamptz;

update farandole.parked_decision set last_position = position, ended_at = decided_at;

alter table farandole.parked_decision
  alter column decision_id drop default,
  alter column event_id drop default,
  alter column event_type drop default,
  alter column last_position set not null,
  alter column state set default 'PENDING';

create unique index parked_decision_id on farandole.parked_decision (decision_id);
create index parked_decision_group on farandole.parked_decision (group_id) where group_id is not null;

-- What was decided stays as it is; what became of it is written later.
grant update (state, failed_attempts, ended_at) on farandole.parked_decision to "${appRole}";

-- Retries of many processes at a rate. The instance that holds the row requests the next members and moves the cursor past them
-- in one transaction; when it ends, the next one goes on at the cursor.
create table farandole.parked_group_retry (
  id               text        primary key,
  processor        text,
  fingerprint      text,
  most             integer     not null check (most > 0),
  per_second       integer     not null check (per_second > 0),
  decided_by       text        not null check (decided_by <> ''),
  reason           text        not null check (reason <> ''),
  state            text        not null default 'RUNNING' check (state in ('RUNNING', 'DONE', 'CANCELLED')),
  started_at       timestamptz not null default clock_timestamp(),
  ended_at         timestamptz,
  cancelled_by     text,
  cancel_reason    text,
  next_at          timestamptz not null default clock_timestamp(),
  requested        integer     not null default 0,
  cursor_at        timestamptz not null default '-infinity',
  cursor_processor text        not null default '',
  cursor_key       text        not null default '',
  check (processor is not null or fingerprint is not null)
);

-- One at a time for a group, so that a double click starts one. Partial and of expressions: no lock of a row depends on it.
create unique index parked_group_retry_running
  on farandole.parked_group_retry ((coalesce(processor, '')), (coalesce(fingerprint, ''))) where state = 'RUNNING';
create index parked_group_retry_due on farandole.parked_group_retry (next_at) where state = 'RUNNING';
create index parked_group_retry_started on farandole.parked_group_retry (started_at);

grant select, insert, update on farandole.parked_group_retry to "${appRole}";
