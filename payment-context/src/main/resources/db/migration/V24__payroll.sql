-- The read models behind GET /company-accounts and GET /payrolls; amounts in minor units. Rebuilt from the journal at any time.
create table company_account (
    account_id text primary key,
    currency   text   not null,
    balance    bigint not null check (balance >= 0),
    deposited  bigint not null,
    debited    bigint not null,
    credited   bigint not null,
    version    bigint not null
);
create table payroll (
    global_id       text primary key,
    company_account text        not null,
    currency        text        not null,
    total           bigint      not null,
    payments        integer     not null,
    policy          text        not null,
    expires_at      timestamptz not null,
    callback_url    text,
    status          text        not null,
    reason          text,
    returned        bigint      not null,
    notice          text,
    version         bigint      not null
);
create table payroll_payment (
    payroll  text    not null,
    position integer not null,
    branch   text    not null,
    employee text    not null,
    bank     text    not null,
    account  text    not null,
    currency text    not null,
    amount   bigint  not null,
    status   text    not null,
    reason   text,
    lacking  bigint,
    decided_by text,
    version  bigint  not null,
    primary key (payroll, position)
);
create unique index payroll_payment_branch on payroll_payment (payroll, branch);
create index payroll_payment_status on payroll_payment (payroll, status, position);
