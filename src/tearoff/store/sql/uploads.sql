-- name: create_stage
-- The rows of one upload, refused ones with their reason; gone with the transaction, so that nothing depends on the session.
CREATE TEMP TABLE stage (
    line bigint, value text COLLATE "C", expires_at timestamptz, discount integer, type text COLLATE "C", is_in_use boolean,
    issue_from timestamptz, issue_until timestamptz, use_from timestamptz, reason text
) ON COMMIT DROP;

-- name: copy_stage
-- Binary COPY is two and a half times as fast as text.
COPY stage (line, value, expires_at, discount, type, is_in_use, issue_from, issue_until, use_from, reason) FROM STDIN (FORMAT BINARY);

-- name: analyze_stage
-- Without statistics the joins below are planned for an empty table.
ANALYZE stage;

-- name: create_chosen
-- The first row of each code counts; sorted by code, so that the unique index is filled in its own order.
CREATE TEMP TABLE chosen ON COMMIT DROP AS
SELECT DISTINCT ON (s.value) s.line, s.value, s.expires_at, s.discount, s.type, s.is_in_use,
       s.issue_from, s.issue_until, s.use_from, NULL::bigint AS code_id
  FROM stage s WHERE s.reason IS NULL ORDER BY s.value, s.line;

-- name: enlarge_sorts
-- Until the transaction ends: sorting a million codes in small pieces on disk takes twice as long.
SET LOCAL work_mem = '96MB';

-- name: analyze_chosen
-- What follows joins it with all the codes of the project.
ANALYZE chosen;

-- name: count_chosen
-- Equal rows and codes mean that no code stands twice, and the look for repeats can be left out.
SELECT count(*) FILTER (WHERE reason IS NULL) AS rows, count(reason) AS refused, (SELECT count(*) FROM chosen) AS codes
  FROM stage;

-- name: keep_refused
-- The refused rows go from table to table, so that a file that is wrong throughout costs no memory here.
INSERT INTO task_reject (project_id, task_id, line, value, reason)
SELECT %(project_id)s, %(task_id)s, line, value, reason FROM stage WHERE reason IS NOT NULL ORDER BY line LIMIT %(limit)s;

-- name: keep_repeated
-- The rows that repeat a code of the same upload; the first one counts. They are few, so they are found by their lines
-- first, which compare faster than codes.
WITH again AS MATERIALIZED (
    SELECT s.line, s.value FROM stage s
     WHERE s.reason IS NULL AND NOT EXISTS (SELECT FROM chosen c WHERE c.line = s.line))
INSERT INTO task_reject (project_id, task_id, line, value, reason)
SELECT %(project_id)s, %(task_id)s, a.line, a.value, format(%(reason)s, c.line) FROM again a JOIN chosen c ON c.value = a.value
 ORDER BY a.line LIMIT %(limit)s;

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
    SELECT p.pool_id, c.discount, coalesce(c.issue_from, '-infinity') AS issue_from,
           coalesce(c.issue_until, 'infinity') AS issue_until, coalesce(c.use_from, '-infinity') AS use_from,
           coalesce(c.expires_at, 'infinity') AS expires_at, min(c.line) AS line
      FROM chosen c
      JOIN unnest(%(types)s::text[], %(pool_ids)s::bigint[]) p(type, pool_id) ON p.type = coalesce(c.type, '')
     WHERE c.code_id IS NULL
     GROUP BY 1, 2, 3, 4, 5, 6)
INSERT INTO lot (project_id, pool_id, task_id, discount, issue_from, issue_until, use_from, expires_at)
SELECT %(project_id)s, pool_id, %(task_id)s, discount, issue_from, issue_until, use_from, expires_at FROM made ORDER BY line;

-- name: analyze_lots
-- Many lots at once may be new; the join below would read them all for each code without statistics.
ANALYZE lot;

-- name: count_pages
-- How long the table of chosen rows is, so that it can be stored stretch by stretch with the progress told in between.
SELECT pg_relation_size('chosen') / current_setting('block_size')::bigint AS pages;

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
                AND l.issue_from = coalesce(c.issue_from, '-infinity')
                AND l.issue_until = coalesce(c.issue_until, 'infinity') AND l.use_from = coalesce(c.use_from, '-infinity')
     WHERE c.code_id IS NULL AND c.ctid >= format('(%%s,0)', %(from_page)s::bigint)::tid
       AND c.ctid < format('(%%s,0)', %(until_page)s::bigint)::tid
     ORDER BY c.value
        ON CONFLICT (project_id, value) DO NOTHING
    RETURNING lot_id, place)
SELECT lot_id, count(*) AS added, count(place) AS waiting, coalesce(max(place), 0) AS last FROM added GROUP BY lot_id;

-- name: add_many
-- As add_codes, without a look for another upload's codes at each row, which takes a quarter of the time: where another upload
-- added one of them meanwhile, it fails as a whole.
INSERT INTO code (project_id, lot_id, place, value, withdrawn_at)
SELECT %(project_id)s, l.lot_id, CASE WHEN c.is_in_use THEN NULL ELSE c.line END, c.value,
       CASE WHEN c.is_in_use THEN %(now)s::timestamptz END
  FROM chosen c
  JOIN unnest(%(types)s::text[], %(pool_ids)s::bigint[]) p(type, pool_id) ON p.type = coalesce(c.type, '')
  JOIN lot l ON l.project_id = %(project_id)s AND l.task_id = %(task_id)s AND l.pool_id = p.pool_id
            AND l.discount IS NOT DISTINCT FROM c.discount AND l.expires_at = coalesce(c.expires_at, 'infinity')
            AND l.issue_from = coalesce(c.issue_from, '-infinity')
            AND l.issue_until = coalesce(c.issue_until, 'infinity') AND l.use_from = coalesce(c.use_from, '-infinity')
 WHERE c.code_id IS NULL AND c.ctid >= format('(%%s,0)', %(from_page)s::bigint)::tid
   AND c.ctid < format('(%%s,0)', %(until_page)s::bigint)::tid
 ORDER BY c.value;

-- name: count_fresh
-- What a stretch puts into each lot.
SELECT l.lot_id, count(*) AS added, count(*) FILTER (WHERE c.is_in_use IS NOT TRUE) AS waiting,
       coalesce(max(c.line) FILTER (WHERE c.is_in_use IS NOT TRUE), 0) AS last
      FROM chosen c
      JOIN unnest(%(types)s::text[], %(pool_ids)s::bigint[]) p(type, pool_id) ON p.type = coalesce(c.type, '')
      JOIN lot l ON l.project_id = %(project_id)s AND l.task_id = %(task_id)s AND l.pool_id = p.pool_id
                AND l.discount IS NOT DISTINCT FROM c.discount AND l.expires_at = coalesce(c.expires_at, 'infinity')
                AND l.issue_from = coalesce(c.issue_from, '-infinity')
                AND l.issue_until = coalesce(c.issue_until, 'infinity') AND l.use_from = coalesce(c.use_from, '-infinity')
     WHERE c.code_id IS NULL AND c.ctid >= format('(%%s,0)', %(from_page)s::bigint)::tid
       AND c.ctid < format('(%%s,0)', %(until_page)s::bigint)::tid
     GROUP BY l.lot_id;

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
-- is_refused: the upload leaves such codes alone, because they are here already or belong to another pool.
CREATE TEMP TABLE known ON COMMIT DROP AS
SELECT q.*, CASE WHEN q.pool_id = q.old_pool_id THEN %(are_known_refused)s ELSE %(are_others_refused)s END AS is_refused,
       (q.discount, q.expires_at, q.issue_from, q.issue_until, q.use_from) IS DISTINCT FROM
       (q.old_discount, q.old_expires_at, q.old_issue_from, q.old_issue_until, q.old_use_from) AS is_other
  FROM (SELECT c.line, c.value, k.code_id, k.withdrawn_at IS NOT NULL AS is_withdrawn,
               coalesce(k.place >= l.head, false) AS is_free, c.is_in_use, c.expires_at AS wished_expires_at,
               l.pool_id AS old_pool_id, l.discount AS old_discount, l.expires_at AS old_expires_at,
               l.issue_from AS old_issue_from, l.issue_until AS old_issue_until, l.use_from AS old_use_from,
               coalesce(k.expires_at, l.expires_at) AS shown_expires_at,
               CASE WHEN c.type IS NULL THEN l.pool_id ELSE p.pool_id END AS pool_id,
               coalesce(c.discount, l.discount) AS discount, coalesce(c.expires_at, l.expires_at) AS expires_at,
               coalesce(c.issue_from, l.issue_from) AS issue_from, coalesce(c.issue_until, l.issue_until) AS issue_until,
               coalesce(c.use_from, l.use_from) AS use_from
          FROM chosen c
          JOIN code k ON k.project_id = %(project_id)s AND k.code_id = c.code_id
          JOIN lot l ON l.project_id = k.project_id AND l.lot_id = k.lot_id
          LEFT JOIN unnest(%(types)s::text[], %(pool_ids)s::bigint[]) p(type, pool_id) ON p.type = c.type) q;

-- name: analyze_known
-- The looks below would be planned for an empty table.
ANALYZE known;

-- name: count_refused
-- Known codes that the upload leaves alone, those of this pool and those of others.
SELECT count(*) FILTER (WHERE pool_id = old_pool_id) AS here, count(*) FILTER (WHERE pool_id <> old_pool_id) AS elsewhere
  FROM known WHERE is_refused;

-- name: keep_known
-- The refused rows of known codes, with the pool that has each.
INSERT INTO task_reject (project_id, task_id, line, value, reason)
SELECT %(project_id)s, %(task_id)s, n.line, n.value,
       CASE WHEN n.pool_id = n.old_pool_id THEN %(here)s ELSE format(%(elsewhere)s, p.key) END
  FROM known n JOIN pool p ON p.project_id = %(project_id)s AND p.pool_id = n.old_pool_id
 WHERE n.is_refused ORDER BY n.line LIMIT %(limit)s;

-- name: list_withdrawn_now
-- Free codes that the upload says are in use; a stretch of them, by line.
SELECT line, code_id FROM known
 WHERE is_free AND is_in_use AND NOT is_refused AND line > %(after)s ORDER BY line LIMIT %(limit)s;

-- name: list_moving
-- Free codes whose attributes change: they leave their line.
SELECT line, code_id FROM known
 WHERE is_free AND is_in_use IS NOT TRUE AND NOT is_refused AND (is_other OR pool_id <> old_pool_id)
   AND line > %(after)s ORDER BY line LIMIT %(limit)s;

-- name: list_freed
-- Withdrawn codes that the upload frees; a withdrawn code was never issued.
SELECT line, code_id FROM known
 WHERE is_withdrawn AND is_in_use IS FALSE AND NOT is_refused AND line > %(after)s ORDER BY line LIMIT %(limit)s;

-- name: add_lots_of_moved
-- New lots for the codes that move, one for each set of attributes; a stretch behind finds those of the one before.
WITH made AS (
    SELECT pool_id, discount, issue_from, issue_until, use_from, expires_at, min(line) AS line
      FROM known WHERE code_id = ANY (%(code_ids)s::bigint[]) GROUP BY 1, 2, 3, 4, 5, 6)
INSERT INTO lot (project_id, pool_id, task_id, discount, issue_from, issue_until, use_from, expires_at, is_moved)
SELECT %(project_id)s, m.pool_id, %(task_id)s, m.discount, m.issue_from, m.issue_until, m.use_from, m.expires_at, true
  FROM made m
 WHERE NOT EXISTS (
       SELECT FROM lot l WHERE l.project_id = %(project_id)s AND l.task_id = %(task_id)s AND l.is_moved
          AND l.pool_id = m.pool_id AND l.discount IS NOT DISTINCT FROM m.discount
          AND (l.issue_from, l.issue_until, l.use_from, l.expires_at) = (m.issue_from, m.issue_until, m.use_from, m.expires_at))
 ORDER BY m.line;

-- name: move_codes
-- They stand in no line here; join_line puts them at the end of the new one.
UPDATE code k SET lot_id = l.lot_id, withdrawn_at = NULL, withdrawn_reason = NULL
  FROM known n
  JOIN lot l ON l.project_id = %(project_id)s AND l.task_id = %(task_id)s AND l.is_moved AND l.pool_id = n.pool_id
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
   AND NOT n.is_free AND NOT n.is_withdrawn AND NOT n.is_refused
   AND coalesce(k.expires_at, n.old_expires_at) <> n.wished_expires_at;

-- name: leave_line
-- Takes free codes out of their lines; see 0003_lines.sql.
SELECT leave_line(%(project_id)s, %(code_ids)s::bigint[]) AS code_ids;

-- name: join_line
-- Puts codes at the end of their lots' lines, in this order; see 0003_lines.sql.
SELECT join_line(%(project_id)s, %(code_ids)s::bigint[]);

-- name: withdraw_absent
-- A file that replaces: the free codes of the pool that it does not name leave the line. A code whose row was refused is
-- named all the same, and stays as it is.
UPDATE code k SET place = NULL, withdrawn_at = %(now)s, withdrawn_reason = %(reason)s
  FROM lot l
 WHERE l.project_id = %(project_id)s AND l.pool_id = %(pool_id)s AND l.is_open
   AND k.project_id = l.project_id AND k.lot_id = l.lot_id AND k.place >= l.head
   AND NOT EXISTS (SELECT FROM chosen c WHERE c.value = k.value)
   AND NOT EXISTS (SELECT FROM stage s WHERE s.reason IS NOT NULL AND btrim(s.value) = k.value);

-- name: recount_lots
-- After whole sets left their lines: what still waits in each open lot of the pool, counted from its codes.
UPDATE lot l SET waiting = q.n, is_open = q.n > 0
  FROM (SELECT o.lot_id, count(k.code_id) AS n
          FROM lot o LEFT JOIN code k ON k.project_id = o.project_id AND k.lot_id = o.lot_id AND k.place >= o.head
         WHERE o.project_id = %(project_id)s AND o.pool_id = %(pool_id)s AND o.is_open GROUP BY o.lot_id) q
 WHERE l.project_id = %(project_id)s AND l.lot_id = q.lot_id AND l.waiting <> q.n;
