-- is_told: whether the watcher knows of the last lock of this subject, and so made a problem of it.
ALTER TABLE guess ADD COLUMN is_told boolean NOT NULL DEFAULT true;
CREATE INDEX guess_untold ON guess (project_id) WHERE NOT is_told;
CREATE INDEX guess_locked ON guess (project_id, locked_until) WHERE locked_until IS NOT NULL;

-- A problem is of a pool's stock, or of guessing in the project, of which there is one. told_at: when subscribers heard last
-- that it is open, so that what goes on for hours is not a mail every few seconds.
ALTER TABLE problem
    ADD COLUMN kind text NOT NULL DEFAULT 'stock' CONSTRAINT problem_kind CHECK (kind IN ('stock', 'guessing')),
    ADD COLUMN told_at timestamptz,
    ALTER COLUMN pool_id DROP NOT NULL,
    ADD CONSTRAINT problem_of CHECK ((kind = 'stock') = (pool_id IS NOT NULL));
CREATE UNIQUE INDEX problem_guessing ON problem (project_id) WHERE kind = 'guessing';

-- What the notices of a webhook are signed with, sealed; for a while after a rotation also with the one before.
ALTER TABLE subscription
    ADD COLUMN secret bytea,
    ADD COLUMN old_secret bytea,
    ADD COLUMN old_secret_until timestamptz;

-- An erasure asks for the runs of one contact; a run has none when it begins, so beginning one costs nothing here.
CREATE INDEX run_contact ON run (project_id, contact_id) WHERE contact_id IS NOT NULL;
