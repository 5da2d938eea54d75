-- Tamper evidence: a chain of hashes over the journal, made in batches after the fact, and what was signed of it.
--
-- The database cannot protect the chain from its own superuser, who can make all of it anew; checkpoints outside can. What the
-- roles here can do, they cannot undo: like the journal, these tables are append-only by function.

-- One link: which positions in (after_position, upto_position] hold rows, and which rows. Everything in that stretch was settled
-- when it was sealed (see farandole.appenders()), so what is missing there is missing for ever, and what comes there was put there.
create table farandole.seal (
    number         bigint      not null,             -- 1, 2, 3, ...
    form           integer     not null,             -- of the rows that were hashed; 1 is the only one so far
    context        text        not null,
    after_position bigint      not null,
    upto_position  bigint      not null,
    row_count      integer     not null,
    total_rows     bigint      not null,             -- from the beginning of the journal
    positions      bytea       not null,             -- the distances between rows, 7 bits to a byte
    row_hashes     bytea       not null,             -- 32 bytes for each row: they locate a fault
    root           bytea       not null,             -- over positions and row hashes
    previous       bytea       not null,             -- the hash of the seal before
    hash           bytea       not null,             -- over all of this
    sealed_at      timestamptz not null,

    constraint seal_pkey primary key (number),
    constraint seal_after unique (after_position),
    constraint seal_stretch check (upto_position > after_position and row_count > 0),
    constraint seal_rows check (octet_length(row_hashes) = 32 * row_count),
    constraint seal_hashes check (octet_length(root) = 32 and octet_length(previous) = 32 and octet_length(hash) = 32)
);

-- Which seal covers a position?
create unique index seal_upto on farandole.seal (upto_position);

-- Hashes cannot be compressed; do not try.
alter table farandole.seal alter column row_hashes set storage external;

comment on table farandole.seal is
    'Append-only: the chain of hashes over farandole.journal. Append through farandole.append_seal; verify with farandole-verifier.';

-- What was signed, to be stored outside. Kept here until it is, and to tell that it was.
create table farandole.checkpoint (
    number      bigint      not null,                -- 1, 2, 3, ...
    seal_number bigint      not null,
    content     text        not null,                -- as it is stored outside, with its signature
    made_at     timestamptz not null default clock_timestamp(),
    stored_at   timestamptz,

    constraint checkpoint_pkey primary key (number)
);

-- What is not stored outside yet.
create index checkpoint_unstored on farandole.checkpoint (number) where stored_at is null;

-- The right to seal, until the end of the transaction: one sealer at a time over all instances. The key beside those of the
-- journal; see farandole.appenders().
create function farandole.try_sealing() returns boolean
    language sql volatile
    set search_path = pg_catalog, farandole, pg_temp
as $$
    select pg_try_advisory_xact_lock(1178686318, 4)
$$;

-- Appends a seal. Raises an error if it does not continue the chain: the lock above should prevent that, and this does not
-- trust it.
create function farandole.append_seal(
    number         bigint,
    form           integer,
    context        text,
    after_position bigint,
    upto_position  bigint,
    row_count      integer,
    total_rows     bigint,
    positions      bytea,
    row_hashes     bytea,
    root           bytea,
    previous       bytea,
    hash           bytea,
    sealed_at      timestamptz
) returns void
    language plpgsql volatile security definer
    set search_path = pg_catalog, farandole, pg_temp
as $$
declare
    last farandole.seal;
begin
    select s.* into last from farandole.seal s order by s.number desc limit 1;
    if append_seal.number <> coalesce(last.number, 0) + 1
        or append_seal.after_position <> coalesce(last.upto_position, 0)
        or append_seal.total_rows <> coalesce(last.total_rows, 0) + append_seal.row_count
        or append_seal.previous <> coalesce(last.hash, decode(repeat('00', 32), 'hex'))
    then
        raise exception 'Seal % does not continue the chain, which ends with seal %', append_seal.number, last.number
            using errcode = 'integrity_constraint_violation';
    end if;
    insert into farandole.seal
    values (append_seal.number, append_seal.form, append_seal.context, append_seal.after_position, append_seal.upto_position,
            append_seal.row_count, append_seal.total_rows, append_seal.positions, append_seal.row_hashes, append_seal.root,
            append_seal.previous, append_seal.hash, append_seal.sealed_at);
end
$$;

-- Appends a checkpoint that is not stored outside yet.
create function farandole.append_checkpoint(number bigint, seal_number bigint, content text) returns void
    language plpgsql volatile security definer
    set search_path = pg_catalog, farandole, pg_temp
as $$
begin
    if append_checkpoint.number <> coalesce((select max(c.number) from farandole.checkpoint c), 0) + 1 then
        raise exception 'Checkpoint % is not the next one', append_checkpoint.number
            using errcode = 'integrity_constraint_violation';
    end if;
    insert into farandole.checkpoint (number, seal_number, content)
    values (append_checkpoint.number, append_checkpoint.seal_number, append_checkpoint.content);
end
$$;

-- Notes that a checkpoint is stored outside.
create function farandole.checkpoint_stored(number bigint) returns void
    language sql volatile security definer
    set search_path = pg_catalog, farandole, pg_temp
as $$
    update farandole.checkpoint c set stored_at = clock_timestamp()
     where c.number = checkpoint_stored.number and c.stored_at is null
$$;

revoke all on function farandole.try_sealing() from public;
revoke all on function farandole.append_seal(
    bigint, integer, text, bigint, bigint, integer, bigint, bytea, bytea, bytea, bytea, bytea, timestamptz) from public;
revoke all on function farandole.append_checkpoint(bigint, bigint, text) from public;
revoke all on function farandole.checkpoint_stored(bigint) from public;

grant select on farandole.seal, farandole.checkpoint to "${appRole}";
grant execute on function farandole.try_sealing() to "${appRole}";
grant execute on function farandole.append_seal(
    bigint, integer, text, bigint, bigint, integer, bigint, bytea, bytea, bytea, bytea, bytea, timestamptz) to "${appRole}";
grant execute on function farandole.append_checkpoint(bigint, bigint, text) to "${appRole}";
grant execute on function farandole.checkpoint_stored(bigint) to "${appRole}";
