-- Where it is to be delivered, sealed; null if the order does not say. Without the customer's key nobody can read it.
alter table order_status add column deliver_to text;
