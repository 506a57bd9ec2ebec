-- Reads of the console: what failed, and people by their names. What takes codes writes none of these. A contact's messages
-- and series over time have no index of their own, which would cost every run and delivery: messages are found by the
-- contact's runs, and a series begins at an id that is found by halves, since ids rise with time.
-- Runs that failed or were stopped: few among many, and what people look for.
CREATE INDEX run_trouble ON run (project_id, run_id) WHERE state IN ('failed', 'stopped');
-- A name by its beginning, in any case; contacts without names are not in it.
CREATE INDEX contact_first_name ON contact (project_id, lower(first_name) COLLATE "C") WHERE first_name IS NOT NULL;
CREATE INDEX contact_last_name ON contact (project_id, lower(last_name) COLLATE "C") WHERE last_name IS NOT NULL;
