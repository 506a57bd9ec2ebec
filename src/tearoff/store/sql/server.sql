-- name: alive
-- Life is an answer to a query: a socket that accepts may belong to a server that still recovers.
SELECT 1

-- name: clock
-- clock_timestamp, not now(): the instant of the answer is wanted, not the start of a transaction.
SELECT clock_timestamp()

-- name: has_database
-- CREATE DATABASE has no IF NOT EXISTS.
SELECT true FROM pg_database WHERE datname = %(name)s

-- name: create_database
-- A database of our own, so that `postgres` stays free for maintenance.
CREATE DATABASE tearoff

-- name: version
-- The oldest version that works is 15; the number is 150000 for 15.0.
SELECT current_setting('server_version_num')::int
