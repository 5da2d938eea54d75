-- Where an order stands that is conducted: one row per order, written in the transaction of the events that it shows.
create table coordinated_order (
    order_id     text        primary key,
    customer_id  text        not null,
    status       text        not null check (status in ('PENDING', 'CONFIRMED', 'CANCELLED')),
    reason       text,
    total_minor  bigint      not null,
    currency     text        not null,
    placed_at    timestamptz not null,
    closed_at    timestamptz           -- nothing is left to do: sold, or undone
);
