-- What keeps a backfill from going on, for whoever asks how far it has come; null while it goes on, or may.
alter table farandole.backfill
    add column trouble       text,
    add column trouble_since timestamptz,
    add constraint backfill_trouble check ((trouble is null) = (trouble_since is null));
