-- The three roles of a context. Run in any database of the cluster, by a role that may create roles; may be repeated.
--   owner     nologin, owns database and schemas
--   migrator  logs in to migrate, and acts as the owner from its first statement on
--   app       what the service runs as: owns nothing
do $$
begin
  if not exists (select from pg_catalog.pg_roles where rolname = '${owner}') then
    create role "${owner}" nologin;
  end if;
  if not exists (select from pg_catalog.pg_roles where rolname = '${migrator}') then
    create role "${migrator}" nologin;
  end if;
  if not exists (select from pg_catalog.pg_roles where rolname = '${app}') then
    create role "${app}" nologin;
  end if;
  -- Who creates a database for an owner must be a member of it, unless superuser.
  if not (select rolsuper from pg_catalog.pg_roles where rolname = current_user) then
    execute format('grant "${owner}" to %I', current_user);
  end if;
end
$$;
alter role "${migrator}" login noinherit password '${migrator_password}';
alter role "${app}" login noinherit password '${app_password}';
grant "${owner}" to "${migrator}";
