-- The keys of personal data, which this context owns: one per person and scope, wrapped by a master key that is not in the database.
--
-- A key that was destroyed keeps its row, without the key and without the person: that it was there, and that, when, by whom and
-- why it was destroyed. Who is in no row is unknown, or was erased; the row does not tell which.
create table farandole.personal_key (
    key_id        text        primary key,             -- <context>.<random>, stands beside each ciphertext
    person        text,                                -- a pseudonym, as the application knows the person
    scope         text        not null check (scope <> ''),
    wrapped_key   bytea,                               -- nonce and AES-GCM ciphertext, bound to key_id and master_key_id
    master_key_id text,
    created_at    timestamptz not null default clock_timestamp(),
    destroyed_at  timestamptz,
    destroyed_by  text,
    reason        text,

    constraint personal_key_is_there_or_destroyed check (
        (num_nulls(person, wrapped_key, master_key_id) = 0 and num_nonnulls(destroyed_at, destroyed_by, reason) = 0)
        or (num_nonnulls(person, wrapped_key, master_key_id) = 0 and num_nulls(destroyed_at, destroyed_by, reason) = 0))
);
create unique index personal_key_of on farandole.personal_key (person, scope) where destroyed_at is null;
create index personal_key_wrapped_by on farandole.personal_key (master_key_id) where destroyed_at is null;

-- It makes keys and reads them. It cannot say of a key that it was destroyed, nor change or remove a row, but by the functions.
grant select on farandole.personal_key to "${appRole}";
grant insert (key_id, person, scope, wrapped_key, master_key_id) on farandole.personal_key to "${appRole}";

-- Destroys all keys of a person. Two at once: the second waits for the first one's row locks, and finds nothing left.
create function farandole.destroy_personal_keys(of_person text, by_whom text, why text)
    returns table (destroyed_key text, destroyed_scope text)
    language sql volatile security definer
    set search_path = pg_catalog, farandole, pg_temp
as $$
    update farandole.personal_key
       set person = null, wrapped_key = null, master_key_id = null,
           destroyed_at = clock_timestamp(), destroyed_by = by_whom, reason = why
     where person = of_person and destroyed_at is null
    returning key_id, scope
$$;

-- Wraps a key anew, if it is still wrapped as it was read: a key that was destroyed meanwhile does not come back.
create function farandole.rewrap_personal_key(key text, read_as bytea, wrapped bytea, master_key text) returns boolean
    language sql volatile security definer
    set search_path = pg_catalog, farandole, pg_temp
as $$
    with changed as (
        update farandole.personal_key set wrapped_key = wrapped, master_key_id = master_key
         where key_id = key and wrapped_key = read_as and destroyed_at is null
        returning 1)
    select exists (select from changed)
$$;

revoke all on function farandole.destroy_personal_keys(text, text, text) from public;
revoke all on function farandole.rewrap_personal_key(text, bytea, bytea, text) from public;
grant execute on function farandole.destroy_personal_keys(text, text, text) to "${appRole}";
grant execute on function farandole.rewrap_personal_key(text, bytea, bytea, text) to "${appRole}";
