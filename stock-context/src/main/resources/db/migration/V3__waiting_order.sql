-- Orders that wait for pieces which others hold: one row per product of each, and none of an order that does not wait. An index over
-- the reservations in the journal, written in their transactions. Places are in the order of arrival, for one segment gives them.
create sequence waiting_place cache 1;
create table waiting_order (
    product_id text   not null,
    place      bigint not null,
    order_id   text   not null,
    quantity   bigint not null check (quantity > 0),
    primary key (product_id, place)
);
create index waiting_order_order on waiting_order (order_id);
-- Who wants more than can still come is found without going through those who do not.
create index waiting_order_quantity on waiting_order (product_id, quantity);
