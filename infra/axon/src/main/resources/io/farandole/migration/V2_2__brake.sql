-- Processors that set nothing aside at the moment, because every process fails in them; per instance that has found so. Nothing depends on
-- a row after valid_until: an instance that dies while it is braked leaves one behind, until it, or another, ends it.
create table farandole.processor_brake (
  processor   text        not null,
  instance    text        not null,
  since       timestamptz not null default clock_timestamp(),
  error_class text        not null,
  valid_until timestamptz not null,
  primary key (processor, instance)
);

grant select, insert, update, delete on farandole.processor_brake to "${appRole}";
