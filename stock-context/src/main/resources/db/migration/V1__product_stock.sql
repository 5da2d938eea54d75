-- How much there is of each product: one row per product, written in the transaction of the events that it shows.
create table product_stock (
    product_id text   primary key,
    available  bigint not null check (available >= 0),
    reserved   bigint not null check (reserved >= 0),
    sold       bigint not null check (sold >= 0)
) with (fillfactor = 50); -- updated often, and never in an indexed column: room for it on the same page
