-- name: spell
-- The code that is written like this counts before those that only read like it, also where it is in an exact pool.
SELECT coalesce((SELECT k.value FROM code k WHERE k.project_id = %(project_id)s AND k.value = %(value)s),
                (SELECT k.value
                   FROM code_fold f
                   JOIN code k ON k.project_id = f.project_id AND k.value = f.value
                   JOIN lot l ON l.project_id = k.project_id AND l.lot_id = k.lot_id
                   JOIN pool p ON p.project_id = l.project_id AND p.pool_id = l.pool_id
                  WHERE f.project_id = %(project_id)s AND f.folded = fold_code(%(value)s) AND p.lookup = 'loose'),
                %(value)s);

-- name: find_alike
-- What is written like a code counts before; each look is by a key, and most projects have no row here at all.
SELECT u.asked, k.value
  FROM unnest(%(values)s::text[]) u(asked)
  JOIN LATERAL (SELECT x.value FROM code_fold x
                 WHERE x.project_id = %(project_id)s AND x.folded = fold_code(u.asked) OFFSET 0) f ON true
  JOIN code k ON k.project_id = %(project_id)s AND k.value = f.value
  JOIN lot l ON l.project_id = k.project_id AND l.lot_id = k.lot_id
  JOIN pool p ON p.project_id = l.project_id AND p.pool_id = l.pool_id
 WHERE p.lookup = 'loose'
   AND NOT EXISTS (SELECT FROM code x WHERE x.project_id = %(project_id)s AND x.value = u.asked);

-- name: list_loose
-- Those of some pools whose codes are found loosely, always in the same order.
SELECT pool_id FROM pool
 WHERE project_id = %(project_id)s AND pool_id = ANY (%(pool_ids)s::bigint[]) AND lookup = 'loose' ORDER BY pool_id;

-- name: create_folded
-- What the codes of an upload read like that go to loose pools, worked out once; none where `loose` names no pool.
CREATE TEMP TABLE folded ON COMMIT DROP AS
SELECT c.line, c.value, c.code_id, fold_code(c.value) AS folded
  FROM chosen c
  JOIN unnest(%(types)s::text[], %(pool_ids)s::bigint[]) p(type, pool_id) ON p.type = coalesce(c.type, '')
 WHERE p.pool_id = ANY (%(loose)s::bigint[]) AND (c.code_id IS NULL OR (c.type IS NOT NULL AND NOT %(are_others_refused)s));

-- name: analyze_folded
-- What follows joins it with all that the project's loose codes read like.
ANALYZE folded;

-- name: forget_stale
-- Rows in the way of an upload whose codes went, or are in an exact pool now.
DELETE FROM code_fold f USING folded c
 WHERE f.project_id = %(project_id)s AND f.folded = c.folded
   AND NOT EXISTS (SELECT FROM code k JOIN lot l ON l.project_id = k.project_id AND l.lot_id = k.lot_id
                     JOIN pool p ON p.project_id = l.project_id AND p.pool_id = l.pool_id
                    WHERE k.project_id = f.project_id AND k.value = f.value AND p.lookup = 'loose');

-- name: add_folded
-- Of the codes that read alike the first one counts. In the order of the key, so that two uploads never wait for each other
-- in a ring; who comes second waits for the other to end, and is told.
INSERT INTO code_fold (project_id, folded, value)
SELECT %(project_id)s, q.folded, q.value
  FROM (SELECT DISTINCT ON (c.folded) c.folded, c.value FROM folded c WHERE c.folded IS NOT NULL
         ORDER BY c.folded, c.line) q
 ORDER BY q.folded
    ON CONFLICT DO NOTHING;

-- name: create_alike
-- Rows that read like another code of a loose pool, or like an earlier row.
CREATE TEMP TABLE alike ON COMMIT DROP AS
SELECT q.line, q.value, q.code_id, q.other
  FROM (SELECT c.line, c.value, c.code_id,
               coalesce(f.value, first_value(c.value) OVER (PARTITION BY c.folded ORDER BY c.line)) AS other
          FROM folded c
          LEFT JOIN code_fold f ON f.project_id = %(project_id)s AND f.folded = c.folded
         WHERE c.folded IS NOT NULL) q
 WHERE q.other <> q.value;

-- name: drop_alike
-- They are not taken.
DELETE FROM chosen c USING alike a WHERE a.value = c.value;

-- name: count_alike
-- How many there are, and how many of them are codes that exist and would have moved here.
SELECT count(*) AS rows, count(code_id) AS known FROM alike;

-- name: keep_alike
-- Each refused row with the code that it reads like, also where the file repeats it.
INSERT INTO task_reject (project_id, task_id, line, value, reason)
SELECT %(project_id)s, %(task_id)s, s.line, s.value, format(%(reason)s, a.other)
  FROM stage s JOIN alike a ON a.value = s.value WHERE s.reason IS NULL ORDER BY s.line LIMIT %(limit)s;

-- name: forget_free
-- Before an undo removes the free codes of a task.
DELETE FROM code_fold f USING code k, lot l
 WHERE l.project_id = %(project_id)s AND l.task_id = %(task_id)s AND NOT l.is_moved
   AND k.project_id = l.project_id AND k.lot_id = l.lot_id AND k.place >= l.head
   AND f.project_id = k.project_id AND f.folded = fold_code(k.value) AND f.value = k.value;

-- name: add_all
-- Codes that are just made in a loose pool; gives those that read like no other one, in no order.
INSERT INTO code_fold (project_id, folded, value)
SELECT %(project_id)s, q.folded, q.value
  FROM (SELECT DISTINCT ON (fold_code(u.value)) fold_code(u.value) AS folded, u.value
          FROM unnest(%(values)s::text[]) WITH ORDINALITY u(value, n)
         WHERE fold_code(u.value) IS NOT NULL ORDER BY fold_code(u.value), u.n) q
 ORDER BY q.folded
    ON CONFLICT DO NOTHING
RETURNING value;

-- name: forget_stale_of
-- As forget_stale, for codes that are about to be made.
DELETE FROM code_fold f USING unnest(%(values)s::text[]) u(value)
 WHERE f.project_id = %(project_id)s AND f.folded = fold_code(u.value)
   AND NOT EXISTS (SELECT FROM code k JOIN lot l ON l.project_id = k.project_id AND l.lot_id = k.lot_id
                     JOIN pool p ON p.project_id = l.project_id AND p.pool_id = l.pool_id
                    WHERE k.project_id = f.project_id AND k.value = f.value AND p.lookup = 'loose');

-- name: forget_stale_of_pool
-- As forget_stale, for a pool whose codes are about to be found loosely.
DELETE FROM code_fold f USING code k, lot l
 WHERE l.project_id = %(project_id)s AND l.pool_id = %(pool_id)s AND k.project_id = l.project_id AND k.lot_id = l.lot_id
   AND f.project_id = k.project_id AND f.folded = fold_code(k.value)
   AND NOT EXISTS (SELECT FROM code x JOIN lot m ON m.project_id = x.project_id AND m.lot_id = x.lot_id
                     JOIN pool p ON p.project_id = m.project_id AND p.pool_id = m.pool_id
                    WHERE x.project_id = f.project_id AND x.value = f.value AND p.lookup = 'loose');

-- name: add_pool
-- Every code of a pool whose codes are found loosely from now on; the caller holds its gate.
INSERT INTO code_fold (project_id, folded, value)
SELECT %(project_id)s, fold_code(k.value), k.value
  FROM lot l JOIN code k ON k.project_id = l.project_id AND k.lot_id = l.lot_id
 WHERE l.project_id = %(project_id)s AND l.pool_id = %(pool_id)s AND fold_code(k.value) IS NOT NULL
 ORDER BY 2
    ON CONFLICT DO NOTHING;

-- name: list_unfolded
-- Codes of a pool that read like another one, with that one: why the pool cannot be loose.
SELECT k.value AS asked, f.value
  FROM lot l JOIN code k ON k.project_id = l.project_id AND k.lot_id = l.lot_id
  JOIN code_fold f ON f.project_id = k.project_id AND f.folded = fold_code(k.value)
 WHERE l.project_id = %(project_id)s AND l.pool_id = %(pool_id)s AND f.value <> k.value
 ORDER BY k.code_id LIMIT %(limit)s;

-- name: remove_pool
-- The codes of a pool that are found exactly from now on.
DELETE FROM code_fold f USING code k, lot l
 WHERE l.project_id = %(project_id)s AND l.pool_id = %(pool_id)s AND k.project_id = l.project_id AND k.lot_id = l.lot_id
   AND f.project_id = k.project_id AND f.folded = fold_code(k.value) AND f.value = k.value;
