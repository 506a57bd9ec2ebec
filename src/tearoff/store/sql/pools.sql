-- name: find_by_types
-- The pools of some types.
SELECT type, pool_id FROM pool WHERE project_id = %(project_id)s AND type = ANY (%(types)s::text[]);

-- name: add_missing
-- A type or key that somebody else is just adding is waited for and then left alone; the caller looks again.
INSERT INTO pool (project_id, key, type, name, description, state, created_at)
SELECT %(project_id)s, u.key, u.type, u.type, %(description)s, 'launched', %(now)s
  FROM unnest(%(keys)s::text[], %(types)s::text[]) WITH ORDINALITY u(key, type, n)
 ORDER BY u.n
    ON CONFLICT DO NOTHING
RETURNING pool_id;

-- name: add_gates
-- Every pool has its gate from the transaction that made it.
INSERT INTO pool_gate (project_id, pool_id)
SELECT %(project_id)s, u.pool_id FROM unnest(%(pool_ids)s::bigint[]) u(pool_id);

-- name: put
-- One row for each pool that was made or really changed.
INSERT INTO pool (project_id, key, type, name, description, parameter, state, created_at)
SELECT %(project_id)s, u.key, u.type, u.name, u.description, u.parameter, u.state, %(now)s
  FROM unnest(%(keys)s::text[], %(types)s::text[], %(names)s::text[], %(descriptions)s::text[], %(parameters)s::text[],
              %(states)s::text[]) u(key, type, name, description, parameter, state)
 ORDER BY u.key
    ON CONFLICT ON CONSTRAINT pool_key_key DO UPDATE
   SET type = excluded.type, name = excluded.name, description = excluded.description,
       parameter = excluded.parameter, state = excluded.state
 WHERE (pool.type, pool.name, pool.description, pool.parameter, pool.state)
       IS DISTINCT FROM (excluded.type, excluded.name, excluded.description, excluded.parameter, excluded.state)
RETURNING pool_id, key, xmax = 0 AS is_new;

-- name: find_by_keys
-- The pools under some keys.
SELECT pool_id, key, type, name, description, parameter, state, created_at
  FROM pool WHERE project_id = %(project_id)s AND key = ANY (%(keys)s::text[]);

-- name: find_by_key
-- The pool under a key.
SELECT pool_id, key, type, name, description, parameter, state, created_at
  FROM pool WHERE project_id = %(project_id)s AND key = %(key)s;

-- name: find_by_type
-- The pool of a type.
SELECT pool_id, key, type, name, description, parameter, state, created_at
  FROM pool WHERE project_id = %(project_id)s AND type = %(type)s;

-- name: find
-- The pool under an id or key.
SELECT pool_id, key, type, name, description, parameter, state, created_at
  FROM pool WHERE project_id = %(project_id)s AND (pool_id = %(id)s OR key = %(key)s);

-- name: list_page
-- A page of pools, in the order in which they were made.
SELECT pool_id, key, type, name, description, parameter, state, created_at
  FROM pool WHERE project_id = %(project_id)s AND pool_id > %(after)s
 ORDER BY pool_id LIMIT %(limit)s;

-- name: mark_state
-- No row: the pool is not in a state from which it may go there, or it has no description to be launched with.
UPDATE pool SET state = %(state)s
 WHERE project_id = %(project_id)s AND pool_id = %(pool_id)s AND state <> %(state)s
   AND (%(state)s <> 'launched' OR description <> '')
RETURNING pool_id;

-- name: remove_gate
-- The gate of a pool that never held codes.
DELETE FROM pool_gate g
 WHERE g.project_id = %(project_id)s AND g.pool_id = %(pool_id)s
   AND NOT EXISTS (SELECT 1 FROM lot l WHERE l.project_id = %(project_id)s AND l.pool_id = %(pool_id)s);

-- name: remove
-- Follows remove_gate in the same transaction.
DELETE FROM pool WHERE project_id = %(project_id)s AND pool_id = %(pool_id)s;

-- name: stock
-- How many codes wait in the lines of a pool now, and how many of them expire within a week.
SELECT coalesce(sum(waiting), 0)::bigint AS free,
       coalesce(sum(waiting) FILTER (WHERE expires_at <= %(soon)s), 0)::bigint AS expiring
  FROM lot
 WHERE project_id = %(project_id)s AND pool_id = %(pool_id)s AND is_open AND expires_at > %(now)s
   AND issue_until > %(now)s;

-- name: list_launched
-- The pools of some types that may hand out codes.
SELECT pool_id, key, type, name, description, parameter, state, created_at
  FROM pool
 WHERE project_id = %(project_id)s AND type = ANY (%(types)s::text[]) AND state = 'launched';

-- name: list_parameters
-- The names under which templates read codes.
SELECT DISTINCT parameter FROM pool WHERE project_id = %(project_id)s;
