-- Where an order stands: one row per order, written in the transaction of the events that it shows.
create table order_status (
    order_id     text        primary key,
    customer_id  text        not null,
    status       text        not null check (status in ('PENDING', 'CONFIRMED', 'CANCELLED', 'RETURNED')),
    reason       text,
    total_minor  bigint      not null,
    currency     text        not null,
    lines        text        not null, -- JSON
    placed_at    timestamptz not null,
    confirmed_at timestamptz,
    fulfilled_at timestamptz,
    cancelled_at timestamptz,
    returned_at  timestamptz,
    closed_at    timestamptz           -- nothing is left to do: fulfilled, settled, or back
);
-- The pages of GET /orders, newest first, with and without a status.
create index order_status_placed on order_status (placed_at desc, order_id desc);
create index order_status_by_status on order_status (status, placed_at desc, order_id desc);
