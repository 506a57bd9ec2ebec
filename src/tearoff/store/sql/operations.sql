-- name: put
-- The operation as a whole.
INSERT INTO operation (project_id, key, kind, pool_id, created_at)
VALUES (%(project_id)s, %(key)s, %(kind)s, %(pool_id)s, %(now)s)
ON CONFLICT (project_id, key) DO UPDATE SET kind = excluded.kind, pool_id = excluded.pool_id;

-- name: find
-- Names are compared without case, as the dialect's callers write them.
SELECT key, kind, pool_id FROM operation WHERE project_id = %(project_id)s AND lower(key) = lower(%(key)s)
 ORDER BY key = %(key)s DESC, key LIMIT 1;

-- name: list_all
-- There are few.
SELECT key, kind, pool_id FROM operation WHERE project_id = %(project_id)s ORDER BY key LIMIT %(limit)s;

-- name: remove
-- The built-in meaning of the name comes back, if it has one.
DELETE FROM operation WHERE project_id = %(project_id)s AND key = %(key)s;

-- name: count_remembered
-- How many requests of a door came since an instant: the limit of imports an hour.
SELECT count(*) AS n FROM idempotency
 WHERE project_id = %(project_id)s AND door = %(door)s AND created_at > %(since)s;
