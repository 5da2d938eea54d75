-- The read model behind GET /transfers/{transferId}; the amount in minor units. Written with the events, so always as the journal is.
create table transfer_view (
    transfer_id  text primary key,
    mode         text not null,
    status       text not null,
    from_bank    text not null,
    from_account text not null,
    to_bank      text not null,
    to_account   text not null,
    amount       bigint not null,
    currency     text not null,
    reason       text,
    version      bigint not null default 0
);
