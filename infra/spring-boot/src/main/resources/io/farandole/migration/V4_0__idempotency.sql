-- What a POST with an Idempotency-Key was answered, written in the transaction of what it did: where the row is, the
-- effect is, and the other way round.
create table farandole.idempotency (
    scope        text        not null, -- the request's path
    key          text        not null, -- as the client chose it
    request_hash text        not null, -- SHA-256: the same key with another request is refused
    status       integer     not null,
    headers      text        not null, -- JSON: name to values
    body         text,
    created_at   timestamptz not null default clock_timestamp(),
    primary key (scope, key)
);
create index idempotency_created on farandole.idempotency (created_at);

-- Remembers an answer; false where one is there already. A second request with the same key waits here for the first one's
-- transaction, so that exactly one of them commits its effect. The lock time-out bounds that wait, and only that: it is
-- set for this function alone.
create function farandole.remember_answer(
    p_scope text, p_key text, p_request_hash text, p_status integer, p_headers text, p_body text) returns boolean
    language plpgsql security definer
    set search_path = pg_catalog, farandole
    set lock_timeout = '5s'
as $$
begin
    insert into farandole.idempotency (scope, key, request_hash, status, headers, body)
    values (p_scope, p_key, p_request_hash, p_status, p_headers, p_body)
    on conflict on constraint idempotency_pkey do nothing;
    return found;
end
$$;
revoke all on function farandole.remember_answer(text, text, text, integer, text, text) from public;
grant execute on function farandole.remember_answer(text, text, text, integer, text, text) to "${appRole}";
grant select, delete on farandole.idempotency to "${appRole}";
