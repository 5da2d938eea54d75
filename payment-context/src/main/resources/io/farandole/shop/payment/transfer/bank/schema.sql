-- What a bank that takes part in transfers keeps in its own database. Run as the database's owner, with ${app} replaced by the
-- role that the payment context signs in with; may be repeated. The role neither opens accounts nor deletes anything.
create table if not exists account (
    account  text primary key check (account ~ '^[A-Za-z0-9._-]{1,64}$'),
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    opening  bigint not null check (opening >= 0),
    balance  bigint not null check (balance >= 0),
    held     bigint not null default 0 check (held between 0 and balance)
);
-- This bank's part of each transfer: the barrier. Whoever would do it a second time meets the key, also while the first one is
-- prepared and nobody knows its outcome yet: then it waits for the row, up to its lock time-out.
create table if not exists transfer_part (
    transfer_id text not null,
    side        text not null check (side in ('DEBIT', 'CREDIT')),
    account     text not null,
    amount      bigint not null check (amount > 0),
    currency    text not null,
    state       text not null check (state in ('HELD', 'DONE', 'REFUSED', 'CANCELLED')),
    reason      text,
    branch      text, -- what the names of this XA transaction's branches begin with; null without XA
    at          timestamptz not null default now(),
    primary key (transfer_id, side)
);
-- The ledger: an account's balance is its opening balance and the sum of its entries.
create table if not exists entry (
    transfer_id text not null,
    side        text not null,
    account     text not null references account,
    amount      bigint not null check (amount <> 0),
    at          timestamptz not null default now(),
    primary key (transfer_id, side)
);
-- Nothing but this, whatever the schema's default privileges say.
revoke all on account, transfer_part, entry from "${app}";
grant select on account, transfer_part, entry to "${app}";
grant update (balance, held) on account to "${app}";
grant insert on transfer_part, entry to "${app}";
grant update (state) on transfer_part to "${app}";
