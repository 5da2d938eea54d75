-- Running instances of the service, and how many segments each works on: so that they can share them. A row that was not confirmed for
-- a while belongs to an instance that is gone or frozen, and does not count. Nothing but the sharing depends on it.
create table farandole.instance (
  instance   text        not null,
  processors text[]      not null,
  segments   integer     not null,
  seen_at    timestamptz not null,
  primary key (instance)
);

grant select, insert, update, delete on farandole.instance to "${appRole}";
