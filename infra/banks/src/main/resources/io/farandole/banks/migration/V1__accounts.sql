create table account (
    bank     text    not null,
    account  text    not null,
    currency text    not null,
    balance  bigint  not null check (balance >= 0),
    closed   boolean not null default false,
    primary key (bank, account)
);

-- Every movement. Nothing here keeps a payment from being booked twice: that is the barrier's work, and the ledger shows it.
create table entry (
    id        bigint generated always as identity primary key,
    bank      text        not null,
    account   text        not null,
    kind      text        not null check (kind in ('OPENED', 'PAID', 'REVERSED', 'SPENT')),
    amount    bigint      not null,
    global_id text,
    branch_id text,
    reference text,
    booked_at timestamptz not null default clock_timestamp(),
    foreign key (bank, account) references account
);

create index entry_of_account on entry (bank, account, id);
create index entry_of_branch on entry (bank, global_id, branch_id) where global_id is not null;
