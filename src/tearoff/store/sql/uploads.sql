-- name: create_stage
-- The rows of one upload, refused ones with their reason; gone with the transaction, so that nothing depends on the session.
CREATE TEMP TABLE stage (
    line bigint, value text COLLATE "C", expires_at timestamptz, discount integer, type text COLLATE "C", is_in_use boolean,
    reason text
) ON COMMIT DROP;

-- name: copy_stage
-- Binary COPY is two and a half times as fast as text.
COPY stage (line, value, expires_at, discount, type, is_in_use, reason) FROM STDIN (FORMAT BINARY);

-- name: analyze_stage
-- Without statistics the joins below are planned for an empty table.
ANALYZE stage;

-- name: create_chosen
-- The first row of each code counts; sorted by code, so that the unique index is filled in its own order.
CREATE TEMP TABLE chosen ON COMMIT DROP AS
SELECT DISTINCT ON (s.value) s.line, s.value, s.expires_at, s.discount, s.type, s.is_in_use,
       NULL::bigint AS code_id
  FROM stage s WHERE s.reason IS NULL ORDER BY s.value, s.line;

-- name: count_chosen
-- Equal rows and codes mean that no code stands twice, and the look for repeats can be left out.
SELECT count(*) FILTER (WHERE reason IS NULL) AS rows, count(reason) AS refused, (SELECT count(*) FROM chosen) AS codes
  FROM stage;

-- name: keep_refused
-- The refused rows go from table to table, so that a file that is wrong throughout costs no memory here.
INSERT INTO task_reject (project_id, task_id, line, value, reason)
SELECT %(project_id)s, %(task_id)s, line, value, reason FROM stage WHERE reason IS NOT NULL ORDER BY line LIMIT %(limit)s;

-- name: keep_repeated
-- The rows that repeat a code of the same upload; the first one counts.
INSERT INTO task_reject (project_id, task_id, line, value, reason)
SELECT %(project_id)s, %(task_id)s, s.line, s.value, %(reason)s FROM stage s JOIN chosen c ON c.value = s.value
 WHERE s.reason IS NULL AND c.line <> s.line ORDER BY s.line LIMIT %(limit)s;

-- name: list_types
-- Which pools this upload needs: a known code without a stated type stays where it is.
SELECT DISTINCT coalesce(type, '') AS type FROM chosen WHERE code_id IS NULL OR type IS NOT NULL;

-- name: mark_known
-- Codes that exist already are updated, not added; committed rows only, the insert catches the rest.
UPDATE chosen c SET code_id = k.code_id
  FROM code k WHERE k.project_id = %(project_id)s AND k.value = c.value AND c.code_id IS NULL;

-- name: mark_late
-- Codes that another upload committed while this one was inserting.
UPDATE chosen c SET code_id = k.code_id
  FROM code k JOIN lot l ON l.project_id = k.project_id AND l.lot_id = k.lot_id
 WHERE k.project_id = %(project_id)s AND k.value = c.value AND c.code_id IS NULL
   AND l.task_id IS DISTINCT FROM %(task_id)s;

-- name: add_lots
-- One closed lot for each set of attributes, in the order in which they first appear in the file.
WITH made AS (
    SELECT p.pool_id, c.discount, coalesce(c.expires_at, 'infinity') AS expires_at, min(c.line) AS line
      FROM chosen c
      JOIN unnest(%(types)s::text[], %(pool_ids)s::bigint[]) p(type, pool_id) ON p.type = coalesce(c.type, '')
     WHERE c.code_id IS NULL
     GROUP BY 1, 2, 3)
INSERT INTO lot (project_id, pool_id, task_id, discount, expires_at)
SELECT %(project_id)s, pool_id, %(task_id)s, discount, expires_at FROM made ORDER BY line;

-- name: add_codes
-- The place is the line in the file: the order counts, gaps do not. A code in use stands in no line.
WITH added AS (
    INSERT INTO code (project_id, lot_id, place, value, withdrawn_at)
    SELECT %(project_id)s, l.lot_id, CASE WHEN c.is_in_use THEN NULL ELSE c.line END, c.value,
           CASE WHEN c.is_in_use THEN %(now)s::timestamptz END
      FROM chosen c
      JOIN unnest(%(types)s::text[], %(pool_ids)s::bigint[]) p(type, pool_id) ON p.type = coalesce(c.type, '')
      JOIN lot l ON l.project_id = %(project_id)s AND l.task_id = %(task_id)s AND l.pool_id = p.pool_id
                AND l.discount IS NOT DISTINCT FROM c.discount AND l.expires_at = coalesce(c.expires_at, 'infinity')
     WHERE c.code_id IS NULL
     ORDER BY c.value
        ON CONFLICT (project_id, value) DO NOTHING
    RETURNING lot_id, place)
SELECT lot_id, count(*) AS added, count(place) AS waiting, coalesce(max(place), 0) AS last FROM added GROUP BY lot_id;

-- name: publish_lots
-- The lots open here, at the end, under the gate: claims never wait for an import.
UPDATE lot l SET tail = u.last + 1, waiting = u.waiting, is_open = u.waiting > 0
  FROM unnest(%(lot_ids)s::bigint[], %(waiting)s::bigint[], %(lasts)s::bigint[]) u(lot_id, waiting, last)
 WHERE l.project_id = %(project_id)s AND l.lot_id = u.lot_id;

-- name: list_pools_of_known
-- The gates that updating known codes needs, beside the pools that they move to.
SELECT DISTINCT l.pool_id
  FROM chosen c
  JOIN code k ON k.project_id = %(project_id)s AND k.code_id = c.code_id
  JOIN lot l ON l.project_id = k.project_id AND l.lot_id = k.lot_id;

-- name: create_known
-- Under the gates: where each known code stands, and the attributes that it shall have. What is not stated stays.
CREATE TEMP TABLE known ON COMMIT DROP AS
SELECT c.line, k.code_id, k.withdrawn_at IS NOT NULL AS is_withdrawn, k.place >= l.head AS is_free, c.is_in_use,
       c.expires_at AS wished_expires_at, l.issue_from, l.issue_until, l.use_from,
       l.pool_id AS old_pool_id, l.discount AS old_discount, l.expires_at AS old_expires_at,
       CASE WHEN c.type IS NULL THEN l.pool_id ELSE p.pool_id END AS pool_id,
       coalesce(c.discount, l.discount) AS discount, coalesce(c.expires_at, l.expires_at) AS expires_at
  FROM chosen c
  JOIN code k ON k.project_id = %(project_id)s AND k.code_id = c.code_id
  JOIN lot l ON l.project_id = k.project_id AND l.lot_id = k.lot_id
  LEFT JOIN unnest(%(types)s::text[], %(pool_ids)s::bigint[]) p(type, pool_id) ON p.type = c.type;

-- name: list_withdrawn_now
-- Free codes that the upload says are in use.
SELECT code_id FROM known WHERE is_free AND is_in_use ORDER BY line;

-- name: list_moving
-- Free codes whose attributes change: they leave their line.
SELECT code_id FROM known
 WHERE is_free AND is_in_use IS NOT TRUE
   AND (pool_id, discount, expires_at) IS DISTINCT FROM (old_pool_id, old_discount, old_expires_at) ORDER BY line;

-- name: list_freed
-- Withdrawn codes that the upload frees; a withdrawn code was never issued.
SELECT code_id FROM known WHERE is_withdrawn AND is_in_use IS FALSE ORDER BY line;

-- name: add_lots_of_moved
-- New lots for the codes that move, one for each set of attributes.
WITH made AS (
    SELECT pool_id, discount, issue_from, issue_until, use_from, expires_at, min(line) AS line
      FROM known WHERE code_id = ANY (%(code_ids)s::bigint[]) GROUP BY 1, 2, 3, 4, 5, 6)
INSERT INTO lot (project_id, pool_id, task_id, discount, issue_from, issue_until, use_from, expires_at)
SELECT %(project_id)s, pool_id, %(task_id)s, discount, issue_from, issue_until, use_from, expires_at FROM made ORDER BY line
RETURNING lot_id;

-- name: move_codes
-- They stand in no line here; join_line puts them at the end of the new one.
UPDATE code k SET lot_id = l.lot_id, withdrawn_at = NULL, withdrawn_reason = NULL
  FROM known n
  JOIN lot l ON l.project_id = %(project_id)s AND l.lot_id = ANY (%(lot_ids)s::bigint[]) AND l.pool_id = n.pool_id
            AND l.discount IS NOT DISTINCT FROM n.discount AND l.expires_at = n.expires_at
            AND (l.issue_from, l.issue_until, l.use_from) = (n.issue_from, n.issue_until, n.use_from)
 WHERE k.project_id = %(project_id)s AND k.code_id = n.code_id AND n.code_id = ANY (%(code_ids)s::bigint[]);

-- name: mark_withdrawn
-- Withdrawn codes left their line just before.
UPDATE code SET withdrawn_at = %(now)s, withdrawn_reason = %(reason)s
 WHERE project_id = %(project_id)s AND code_id = ANY (%(code_ids)s::bigint[]);

-- name: override_dates
-- A reserved or issued code stays with its owner; its new date stands on the code itself.
UPDATE code k SET expires_at = n.wished_expires_at
  FROM known n
 WHERE k.project_id = %(project_id)s AND k.code_id = n.code_id AND n.wished_expires_at IS NOT NULL
   AND NOT coalesce(n.is_free, false) AND NOT n.is_withdrawn
   AND coalesce(k.expires_at, n.old_expires_at) <> n.wished_expires_at;

-- name: leave_line
-- Takes free codes out of their lines; see 0003_lines.sql.
SELECT leave_line(%(project_id)s, %(code_ids)s::bigint[]) AS code_ids;

-- name: join_line
-- Puts codes at the end of their lots' lines, in this order; see 0003_lines.sql.
SELECT join_line(%(project_id)s, %(code_ids)s::bigint[]);
