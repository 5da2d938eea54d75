-- Payments that are held for an account: not its balance's yet. Closed with CONFIRMED (there is an entry then) or RELEASED.
create table hold (
    bank      text        not null,
    global_id text        not null,
    branch_id text        not null,
    account   text        not null,
    amount    bigint      not null check (amount > 0),
    reference text,
    state     text        not null default 'HELD' check (state in ('HELD', 'CONFIRMED', 'RELEASED')),
    held_at   timestamptz not null default clock_timestamp(),
    primary key (bank, global_id, branch_id),
    foreign key (bank, account) references account
);

create index hold_of_account on hold (bank, account) where state = 'HELD';
