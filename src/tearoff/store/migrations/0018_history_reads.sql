-- Reads of the console: what a contact received, what failed, and series over time. What takes codes writes none of these.
-- A contact's messages, the newest first. Only those that are over: each is written there once, and those on their way are
-- found by the indexes that the sender uses.
CREATE INDEX delivery_contact ON delivery (project_id, contact_id, delivery_id)
    WHERE contact_id IS NOT NULL AND state IN ('sent', 'failed', 'cancelled');
-- Runs that failed or were stopped: few among many, and what people look for.
CREATE INDEX run_trouble ON run (project_id, run_id) WHERE state IN ('failed', 'stopped');
-- When rows were made: they lie in the table in that order, so a summary of its blocks is enough, and costs next to nothing.
CREATE INDEX run_started ON run USING brin (started_at) WITH (pages_per_range = 32, autosummarize = on);
CREATE INDEX delivery_created ON delivery USING brin (created_at) WITH (pages_per_range = 32, autosummarize = on);
-- A name by its beginning, in any case; contacts without names are not in it.
CREATE INDEX contact_first_name ON contact (project_id, lower(first_name) COLLATE "C") WHERE first_name IS NOT NULL;
CREATE INDEX contact_last_name ON contact (project_id, lower(last_name) COLLATE "C") WHERE last_name IS NOT NULL;
