-- The application's own tables live in schema app. The runtime role may use whatever the owner makes there; what it may
-- do with the framework's tables is granted table by table, by the migrations that make them.
create schema if not exists app;
grant usage on schema app to "${appRole}";
alter default privileges in schema app grant select, insert, update, delete on tables to "${appRole}";
alter default privileges in schema app grant usage, select on sequences to "${appRole}";
