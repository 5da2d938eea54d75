-- The two schemas of a context, and who may do what. Run in the context's database; may be repeated.
--   farandole  the framework's tables: its migrations grant to the app role what it needs, and nothing more
--   app        the context's own tables and read models
revoke all on database "${database}" from public;
grant connect on database "${database}" to "${migrator}", "${app}";
revoke all on schema public from public;
create schema if not exists farandole authorization "${owner}";
create schema if not exists app authorization "${owner}";
revoke all on schema farandole, app from public;
grant usage on schema farandole, app to "${app}";
alter default privileges for role "${owner}" revoke execute on functions from public;
alter default privileges for role "${owner}" in schema app grant select, insert, update, delete on tables to "${app}";
alter default privileges for role "${owner}" in schema app grant usage, select on sequences to "${app}";
alter role "${app}" in database "${database}" set search_path = app;
alter role "${migrator}" in database "${database}" set search_path = app;
-- What a migration creates belongs to the owner, also if its tool forgets SET ROLE.
alter role "${migrator}" in database "${database}" set role = '${owner}';
