-- Where a process is set aside, in whichever processors: its status asks that by its key alone.
create index parked_process_by_key on farandole.parked_process (process_key);
