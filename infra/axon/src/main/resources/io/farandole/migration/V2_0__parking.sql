-- Processes that failed in an event processor, and what waits behind them.
--
-- A row of parked_process exists exactly as long as events of that process wait in parked_event; while it exists, the
-- processor queues the process's events instead of handling them. Who holds which lock:
--   processor, while it queues:     for key share on parked_process (taken again by the foreign key of parked_event)
--   retry worker, while it handles: for no key update          -> does not conflict: the processor never waits for a handler
--   retry worker, to end a queue:   for update, queue empty    -> conflicts with key share: no event is queued to a deleted row
create table farandole.parked_process (
  processor         text        not null,
  process_key       text        not null,
  status            text        not null check (status in ('RETRYING', 'PARKED')),
  attempts          integer     not null check (attempts >= 0),
  next_attempt_at   timestamptz not null,
  first_failed_at   timestamptz not null default clock_timestamp(),
  last_failed_at    timestamptz not null default clock_timestamp(),
  failed_position   bigint      not null,
  failed_event_id   text        not null,
  failed_event_type text        not null,
  error_class       text        not null,
  error_message     text,
  stack_trace       text        not null,
  primary key (processor, process_key)
);

create index parked_process_due on farandole.parked_process (processor, next_attempt_at) where status = 'RETRYING';

-- The event itself stays in the journal, at its position. "replayed": it was met during a replay of the processor.
create table farandole.parked_event (
  processor   text        not null,
  process_key text        not null,
  position    bigint      not null,
  replayed    boolean     not null,
  parked_at   timestamptz not null default clock_timestamp(),
  primary key (processor, process_key, position),
  foreign key (processor, process_key) references farandole.parked_process (processor, process_key)
);

-- What a person decided about a parked process, for good.
create table farandole.parked_decision (
  id          bigint generated always as identity primary key,
  processor   text        not null,
  process_key text        not null,
  decision    text        not null check (decision in ('RETRY')),
  decided_by  text        not null check (decided_by <> ''),
  reason      text        not null check (reason <> ''),
  decided_at  timestamptz not null default clock_timestamp(),
  error_class text        not null,
  attempts    integer     not null,
  position    bigint      not null
);

create index parked_decision_process on farandole.parked_decision (processor, process_key);

grant select, insert, update, delete on farandole.parked_process, farandole.parked_event to "${appRole}";
grant select, insert on farandole.parked_decision to "${appRole}";
