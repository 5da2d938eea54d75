-- The read model behind GET /payments/{orderId}; amounts in minor units. Rebuilt from the journal at any time.
create table payment_view (
    order_id   text primary key,
    status     text not null,
    currency   text,
    authorized bigint not null,
    captured   bigint not null,
    refunded   bigint not null,
    problem    text
);
