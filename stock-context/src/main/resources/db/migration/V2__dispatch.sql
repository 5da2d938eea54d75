-- Where goods are sent, for the orders that say so: sealed by order, which owns the keys. Stock opens it by its grant.
create table dispatch (
    order_id   text primary key,
    deliver_to text not null
);
