-- name: keep_all
-- A key is remembered for some days and free again after that. In order of key, so that two batches never wait for
-- each other; one that is being written elsewhere is waited for.
INSERT INTO idempotency (project_id, door, key, request, created_at)
SELECT %(project_id)s, %(door)s, u.key, u.request, %(now)s
  FROM unnest(%(keys)s::text[], %(requests)s::bytea[]) u(key, request)
 ORDER BY u.key
ON CONFLICT (project_id, door, key) DO UPDATE
   SET request = excluded.request, answer = NULL, created_at = excluded.created_at
 WHERE idempotency.created_at < %(forgotten_before)s
RETURNING key;

-- name: find
-- What came before under the keys that were not new.
SELECT key, request, created_at, answer
  FROM idempotency
 WHERE project_id = %(project_id)s AND door = %(door)s AND key = ANY (%(keys)s);

-- name: set_answer
-- In the transaction of the work, so that an answer is kept exactly when its work is.
UPDATE idempotency SET answer = %(answer)s
 WHERE project_id = %(project_id)s AND door = %(door)s AND key = %(key)s;
