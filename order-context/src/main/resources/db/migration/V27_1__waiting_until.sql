-- Until when an order waits for goods that others hold; null if it does not.
alter table order_status add column waiting_until timestamptz;
