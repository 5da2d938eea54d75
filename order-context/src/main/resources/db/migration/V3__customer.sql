-- Customers and where their welcome mail stands: one row per customer, written in the transaction of the events that it shows. Address and
-- name are sealed: without the customer's key nobody can read them.
create table customer (
    customer_id   text        primary key,
    email         text        not null,
    name          text        not null,
    registered_at timestamptz not null,
    mail_state    text        not null check (mail_state in ('PENDING', 'SENT', 'FAILED')),
    mail_round    integer     not null,
    mail_since    timestamptz not null,
    mail_text     text
);
-- What the scheduled check looks through: all that is left in it is young, or slipped through.
create index customer_mail_pending on customer (mail_since, customer_id) where mail_state = 'PENDING';

-- Which address belongs to whom, as a keyed digest, so that of two who register the same one the second is refused, whichever instance
-- they ask. Deleted when the customer is erased, which is why the id of the key stands here.
create table email_claim (
    digest      text primary key,
    customer_id text not null,
    key_id      text not null
);
create index email_claim_customer on email_claim (customer_id);
create index email_claim_key on email_claim (key_id);
