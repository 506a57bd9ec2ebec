-- name: count_free
-- Exact and cheap: the lots count what waits in their lines.
SELECT coalesce(sum(l.waiting), 0)::bigint AS n
  FROM lot l
 WHERE l.project_id = %(project_id)s AND l.is_open
   AND (%(pool_id)s::bigint IS NULL OR l.pool_id = %(pool_id)s)
   AND (%(discount)s::integer IS NULL OR l.discount = %(discount)s)
   AND l.expires_at >= %(until)s AND l.expires_at > %(now)s AND l.issue_from <= %(now)s AND l.issue_until > %(now)s
   AND (%(use_end)s::timestamptz IS NULL OR l.use_from < %(use_end)s);

-- name: list_page
-- A page in the order of the ids; in use means reserved, issued or withdrawn. Without days, expired codes are listed too.
SELECT k.code_id, k.value, nullif(coalesce(k.expires_at, l.expires_at), 'infinity') AS expires_at, l.discount, p.type,
       NOT coalesce(k.place >= l.head, false) AS is_in_use
  FROM code k
  JOIN lot l ON l.project_id = k.project_id AND l.lot_id = k.lot_id
  JOIN pool p ON p.project_id = l.project_id AND p.pool_id = l.pool_id
 WHERE k.project_id = %(project_id)s AND k.code_id > %(after)s
   AND (%(pool_id)s::bigint IS NULL OR l.pool_id = %(pool_id)s)
   AND (%(discount)s::integer IS NULL OR l.discount = %(discount)s)
   AND (%(until)s::timestamptz IS NULL OR coalesce(k.expires_at, l.expires_at) >= %(until)s)
   AND (%(is_in_use)s::boolean IS NULL OR coalesce(k.place >= l.head, false) <> %(is_in_use)s)
 ORDER BY k.code_id LIMIT %(limit)s;

-- name: list_stories
-- A page in the order of the ids, each code with its lot and its live owner; one code when a value is asked for.
SELECT s.code_id, s.value, s.pool_id, s.pool_key, s.type, s.lot_id, s.task_id, s.discount, s.issue_from, s.issue_until,
       s.use_from, s.expires_at, s.state, s.withdrawn_at, s.withdrawn_reason
  FROM (SELECT k.code_id, k.value, p.pool_id, p.key AS pool_key, p.type, l.lot_id, l.task_id, l.discount,
               CASE WHEN isfinite(l.issue_from) THEN l.issue_from END AS issue_from,
               CASE WHEN isfinite(l.issue_until) THEN l.issue_until END AS issue_until,
               CASE WHEN isfinite(l.use_from) THEN l.use_from END AS use_from,
               nullif(coalesce(k.expires_at, l.expires_at), 'infinity') AS expires_at,
               CASE WHEN k.withdrawn_at IS NOT NULL THEN 'withdrawn' WHEN k.place >= l.head THEN 'free'
                    WHEN c.issued_at IS NOT NULL THEN 'issued' ELSE 'reserved' END AS state,
               k.withdrawn_at, k.withdrawn_reason
          FROM code k
          JOIN lot l ON l.project_id = k.project_id AND l.lot_id = k.lot_id
          JOIN pool p ON p.project_id = l.project_id AND p.pool_id = l.pool_id
          LEFT JOIN claim c ON c.project_id = k.project_id AND c.code_id = k.code_id AND c.returned_at IS NULL
         WHERE k.project_id = %(project_id)s AND k.code_id > %(after)s
           AND (%(value)s::text IS NULL OR k.value = %(value)s)
           AND (%(pool_id)s::bigint IS NULL OR l.pool_id = %(pool_id)s)) s
 WHERE %(state)s::text IS NULL OR s.state = %(state)s
 ORDER BY s.code_id LIMIT %(limit)s;

-- name: count_by_state
-- One pool's codes by state. The lots know what waits; the others are counted from their own rows.
SELECT (SELECT coalesce(sum(l.waiting), 0)::bigint FROM lot l
         WHERE l.project_id = %(project_id)s AND l.pool_id = %(pool_id)s) AS free,
       count(*) FILTER (WHERE c.issued_at IS NULL) AS reserved,
       count(*) FILTER (WHERE c.issued_at IS NOT NULL) AS issued,
       (SELECT count(*) FROM code k JOIN lot l ON l.project_id = k.project_id AND l.lot_id = k.lot_id
         WHERE k.project_id = %(project_id)s AND l.pool_id = %(pool_id)s AND k.withdrawn_at IS NOT NULL) AS withdrawn
  FROM claim c
 WHERE c.project_id = %(project_id)s AND c.pool_id = %(pool_id)s AND c.returned_at IS NULL;

-- name: ledger
-- P3: each pool's codes, counted two ways. The lots count what waits; the codes and claims say where each one is.
SELECT p.pool_id, p.key,
       (SELECT count(*) FROM code k JOIN lot l USING (project_id, lot_id)
         WHERE k.project_id = p.project_id AND l.pool_id = p.pool_id) AS uploaded,
       (SELECT coalesce(sum(l.waiting), 0)::bigint FROM lot l
         WHERE l.project_id = p.project_id AND l.pool_id = p.pool_id) AS free,
       (SELECT count(*) FROM code k JOIN lot l USING (project_id, lot_id)
         WHERE k.project_id = p.project_id AND l.pool_id = p.pool_id AND k.place >= l.head) AS in_line,
       (SELECT count(*) FROM claim c JOIN code k USING (project_id, code_id) JOIN lot l USING (project_id, lot_id)
         WHERE c.project_id = p.project_id AND l.pool_id = p.pool_id
           AND c.returned_at IS NULL AND c.issued_at IS NULL) AS reserved,
       (SELECT count(*) FROM claim c JOIN code k USING (project_id, code_id) JOIN lot l USING (project_id, lot_id)
         WHERE c.project_id = p.project_id AND l.pool_id = p.pool_id
           AND c.returned_at IS NULL AND c.issued_at IS NOT NULL) AS issued,
       (SELECT count(*) FROM code k JOIN lot l USING (project_id, lot_id)
         WHERE k.project_id = p.project_id AND l.pool_id = p.pool_id AND k.withdrawn_at IS NOT NULL) AS withdrawn
  FROM pool p
 WHERE p.project_id = %(project_id)s
 ORDER BY p.pool_id;

-- name: count_doubled
-- P1: codes with more than one live owner; the constraint makes this zero, and doctor looks all the same.
SELECT count(*) AS n FROM (
    SELECT code_id FROM claim WHERE project_id = %(project_id)s AND returned_at IS NULL
     GROUP BY code_id HAVING count(*) > 1) d;

-- name: count_owned_in_line
-- P1: codes that wait in a line although somebody holds them.
SELECT count(*) AS n
  FROM claim c
  JOIN code k ON k.project_id = c.project_id AND k.code_id = c.code_id
  JOIN lot l ON l.project_id = k.project_id AND l.lot_id = k.lot_id
 WHERE c.project_id = %(project_id)s AND c.returned_at IS NULL AND k.place >= l.head;
