-- name: add
-- No row when the key is taken.
INSERT INTO format (project_id, key, name, definition, secret, created_at)
VALUES (%(project_id)s, %(key)s, %(name)s, %(definition)s, %(secret)s, %(now)s)
    ON CONFLICT DO NOTHING RETURNING format_id;

-- name: find
-- By id or key. What running tasks are still to make is spoken for.
SELECT f.format_id, f.key, f.definition, f.made, (
       SELECT coalesce(sum(g.quantity - t.done), 0)::bigint
         FROM generation g JOIN task t ON t.project_id = g.project_id AND t.task_id = g.task_id
        WHERE g.project_id = f.project_id AND g.format_id = f.format_id AND t.state = 'running') AS planned
  FROM format f
 WHERE f.project_id = %(project_id)s AND (f.format_id = %(id)s OR f.key = %(key)s);

-- name: lock
-- Who asks for codes of a format waits here for who asked before, so that both together ask for no more than there is.
SELECT format_id FROM format WHERE project_id = %(project_id)s AND format_id = %(format_id)s FOR UPDATE;

-- name: get_secret
-- Sealed; only the generator opens it.
SELECT secret FROM format WHERE project_id = %(project_id)s AND format_id = %(format_id)s;

-- name: list_page
-- By id.
SELECT f.format_id, f.key, f.definition, f.made, (
       SELECT coalesce(sum(g.quantity - t.done), 0)::bigint
         FROM generation g JOIN task t ON t.project_id = g.project_id AND t.task_id = g.task_id
        WHERE g.project_id = f.project_id AND g.format_id = f.format_id AND t.state = 'running') AS planned
  FROM format f
 WHERE f.project_id = %(project_id)s AND f.format_id > %(after)s ORDER BY f.format_id LIMIT %(limit)s;

-- name: change
-- Guarded: once codes were made, their shape stays; only the ceiling, the floor and the name may change.
UPDATE format SET name = %(name)s, definition = %(definition)s
 WHERE project_id = %(project_id)s AND format_id = %(format_id)s AND (made = 0 OR %(is_same_shape)s);

-- name: reserve
-- Running numbers are given out once, under the row's lock; two generators of one format never share a number.
UPDATE format SET made = made + %(count)s
 WHERE project_id = %(project_id)s AND format_id = %(format_id)s
RETURNING made - %(count)s AS first;

-- name: remove
-- A format that made codes stays.
DELETE FROM format f WHERE f.project_id = %(project_id)s AND f.format_id = %(format_id)s AND f.made = 0
   AND NOT EXISTS (SELECT 1 FROM generation g WHERE g.project_id = f.project_id AND g.format_id = f.format_id)
   AND NOT EXISTS (SELECT 1 FROM refill r WHERE r.project_id = f.project_id AND r.format_id = f.format_id);

-- name: add_generation
-- Beside its task.
INSERT INTO generation (project_id, task_id, pool_id, format_id, quantity, discount, expires_at)
VALUES (%(project_id)s, %(task_id)s, %(pool_id)s, %(format_id)s, %(quantity)s, %(discount)s, %(expires_at)s);

-- name: lease_generation
-- One task at a time and project; a task whose generator died is taken over when its lease is out.
UPDATE generation g SET lease = %(lease)s, lease_until = %(until)s
 WHERE g.project_id = %(project_id)s AND g.task_id = (
       SELECT q.task_id FROM generation q JOIN task t ON t.project_id = q.project_id AND t.task_id = q.task_id
        WHERE q.project_id = %(project_id)s AND t.state = 'running' AND (q.lease IS NULL OR q.lease_until <= %(now)s)
        ORDER BY q.task_id LIMIT 1 FOR UPDATE OF q SKIP LOCKED)
RETURNING g.task_id, g.pool_id, g.format_id, g.quantity, g.discount, g.expires_at,
          (SELECT t.done FROM task t WHERE t.project_id = g.project_id AND t.task_id = g.task_id) AS done;

-- name: advance
-- Guarded by the lease and the task's state: a cancelled task grows no further.
UPDATE task t SET done = t.done + %(count)s, started_at = coalesce(t.started_at, t.created_at)
  FROM generation g
 WHERE t.project_id = %(project_id)s AND t.task_id = %(task_id)s AND t.state = 'running'
   AND g.project_id = t.project_id AND g.task_id = t.task_id AND g.lease = %(lease)s
RETURNING t.done;

-- name: free_lease
-- The next turn takes the task again.
UPDATE generation SET lease = NULL WHERE project_id = %(project_id)s AND task_id = %(task_id)s AND lease = %(lease)s;

-- name: put_refill
-- One rule a pool.
INSERT INTO refill (project_id, pool_id, format_id, below, quantity, discount, valid_days, days_left)
VALUES (%(project_id)s, %(pool_id)s, %(format_id)s, %(below)s, %(quantity)s, %(discount)s, %(valid_days)s, %(days_left)s)
    ON CONFLICT (project_id, pool_id) DO UPDATE SET format_id = excluded.format_id, below = excluded.below,
       quantity = excluded.quantity, discount = excluded.discount, valid_days = excluded.valid_days,
       days_left = excluded.days_left, problem = NULL;

-- name: get_refill
-- The rule of a pool, if it has one.
SELECT pool_id, format_id, below, quantity, discount, valid_days, days_left, problem FROM refill
 WHERE project_id = %(project_id)s AND pool_id = %(pool_id)s;

-- name: remove_refill
-- The pool no longer fills itself.
DELETE FROM refill WHERE project_id = %(project_id)s AND pool_id = %(pool_id)s;

-- name: list_low
-- Pools under their level that are not being filled already. Nobody gets the codes of an archived one.
SELECT r.pool_id, r.format_id, r.below, r.quantity, r.discount, r.valid_days, r.days_left, r.problem
  FROM refill r JOIN pool p ON p.project_id = r.project_id AND p.pool_id = r.pool_id
 WHERE r.project_id = %(project_id)s AND p.state <> 'archived'
   AND r.below > (SELECT coalesce(sum(l.waiting), 0) FROM lot l
                   WHERE l.project_id = r.project_id AND l.pool_id = r.pool_id AND l.is_open
                     AND l.expires_at > %(now)s AND l.issue_until > %(now)s)
   AND NOT EXISTS (SELECT 1 FROM generation g JOIN task t ON t.project_id = g.project_id AND t.task_id = g.task_id
                    WHERE g.project_id = r.project_id AND g.pool_id = r.pool_id AND t.state = 'running')
 ORDER BY r.pool_id;

-- name: list_timed
-- Pools that fill themselves by how long they last, and are not being filled already.
SELECT r.pool_id, r.format_id, r.below, r.quantity, r.discount, r.valid_days, r.days_left, r.problem
  FROM refill r JOIN pool p ON p.project_id = r.project_id AND p.pool_id = r.pool_id
 WHERE r.project_id = %(project_id)s AND p.state <> 'archived' AND r.days_left IS NOT NULL
   AND NOT EXISTS (SELECT 1 FROM generation g JOIN task t ON t.project_id = g.project_id AND t.task_id = g.task_id
                    WHERE g.project_id = r.project_id AND g.pool_id = r.pool_id AND t.state = 'running')
 ORDER BY r.pool_id;

-- name: mark_refill_problem
-- Why a pool could not be filled; null when it could.
UPDATE refill SET problem = %(problem)s
 WHERE project_id = %(project_id)s AND pool_id = %(pool_id)s AND problem IS DISTINCT FROM %(problem)s;

-- name: copy_codes
-- The fast way, when none of the codes exists yet: one COPY straight into the table, sorted for its unique index.
COPY code (project_id, lot_id, place, value) FROM STDIN;

-- name: create_made
-- The codes of one batch; gone with the transaction.
CREATE TEMP TABLE made (line bigint, value text COLLATE "C") ON COMMIT DROP;

-- name: copy_made
-- Text COPY of whole arrays: one write a batch.
COPY made (line, value) FROM STDIN;

-- name: add_lot
-- Closed until it is published.
INSERT INTO lot (project_id, pool_id, task_id, discount, expires_at)
VALUES (%(project_id)s, %(pool_id)s, %(task_id)s, %(discount)s, coalesce(%(expires_at)s::timestamptz, 'infinity'))
RETURNING lot_id;

-- name: add_codes
-- Sorted, so that the unique index fills in its own order; a code that was uploaded before is left out.
WITH added AS (
    INSERT INTO code (project_id, lot_id, place, value)
    SELECT %(project_id)s, %(lot_id)s, m.line, m.value FROM made m ORDER BY m.value
        ON CONFLICT (project_id, value) DO NOTHING
    RETURNING place)
SELECT count(*) AS added, coalesce(max(place), 0) AS last FROM added;
