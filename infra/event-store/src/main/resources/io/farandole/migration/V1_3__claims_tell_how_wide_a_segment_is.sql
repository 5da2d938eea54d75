-- How wide the segment was for whoever claimed it last (Axon's mask); null where an instance of the version before did. A worker that
-- is late may find its segment split or merged and claimed again under the same owner's name: it must not move the token then,
-- for the events between are no longer all its own, or not all that there are.
alter table farandole.token_entry add column mask integer;
