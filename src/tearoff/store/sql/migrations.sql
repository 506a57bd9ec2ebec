-- name: lock
-- Two processes that start at once must not both migrate; the lock ends with the transaction, so a pooler cannot leak it.
SELECT pg_advisory_xact_lock(8244601374)

-- name: create
-- The list of applied migrations is made before the first migration, under the lock.
CREATE TABLE IF NOT EXISTS migration (
    name text PRIMARY KEY,
    checksum text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
)

-- name: is_there
-- Who only looks must not make the list.
SELECT to_regclass('migration') IS NOT NULL

-- name: applied
-- What is in the database already, to be compared with the files.
SELECT name, checksum FROM migration ORDER BY name

-- name: add
-- Recorded in the transaction of the migration itself, so that both are there or neither is.
INSERT INTO migration (name, checksum) VALUES (%(name)s, %(checksum)s)
