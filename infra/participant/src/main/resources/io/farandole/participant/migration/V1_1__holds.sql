-- Branches in two phases: held by a try, until they are confirmed, compensated, or expire.
--   HELD   what the try has reserved is there, and has had no effect yet
alter table participant_branch drop constraint participant_branch_state;
alter table participant_branch add constraint participant_branch_state
    check (state in ('HELD', 'COMMITTED', 'REFUSED', 'COMPENSATED', 'COMPENSATION_REFUSED'));

-- When a hold that nobody has confirmed expires; null for a branch of one phase. Kept after the confirmation.
alter table participant_branch add column held_until timestamptz;

create index participant_branch_held on participant_branch (held_until) where state = 'HELD';
