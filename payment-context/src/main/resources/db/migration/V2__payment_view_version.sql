-- Whoever writes a row that another has changed meanwhile is refused, and tries again on what it is now.
alter table payment_view add column version bigint not null default 0;
