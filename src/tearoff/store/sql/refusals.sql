-- name: add_all
-- One insert a batch.
INSERT INTO redemption_refusal (project_id, code_id, pool_id, tried, contact_id, order_id, status, reason, refused_at)
SELECT %(project_id)s, u.code_id, u.pool_id, u.tried, u.contact_id, u.order_id, u.status, u.reason, %(now)s
  FROM unnest(%(codes)s::bigint[], %(pools)s::bigint[], %(tried)s::text[], %(contacts)s::bigint[], %(orders)s::text[],
              %(statuses)s::text[], %(reasons)s::text[]) u(code_id, pool_id, tried, contact_id, order_id, status, reason);

-- name: list_page
-- The newest first.
SELECT f.refusal_id, coalesce(k.value, f.tried) AS value, p.key AS pool_key, f.contact_id, f.order_id, f.status, f.reason,
       f.refused_at
  FROM redemption_refusal f
  LEFT JOIN code k ON k.project_id = f.project_id AND k.code_id = f.code_id
  LEFT JOIN pool p ON p.project_id = f.project_id AND p.pool_id = f.pool_id
 WHERE f.project_id = %(project_id)s AND f.refusal_id < %(before)s
   AND (%(pool_id)s::bigint IS NULL OR f.pool_id = %(pool_id)s)
   AND (%(status)s::text IS NULL OR f.status = %(status)s)
 ORDER BY f.refusal_id DESC LIMIT %(limit)s;

-- name: count_by_reason
-- The report: what was refused since an instant, by pool and reason, the most frequent first.
SELECT p.key AS pool_key, f.status, f.reason, count(*) AS refused, count(DISTINCT f.code_id) AS codes,
       max(f.refused_at) AS last_at
  FROM redemption_refusal f LEFT JOIN pool p ON p.project_id = f.project_id AND p.pool_id = f.pool_id
 WHERE f.project_id = %(project_id)s AND f.refused_at >= %(since)s
 GROUP BY p.key, f.status, f.reason ORDER BY refused DESC, f.status, p.key LIMIT %(limit)s;

-- name: list_locked
-- Who must wait, of these.
SELECT subject, locked_until FROM guess
 WHERE project_id = %(project_id)s AND subject = ANY (%(subjects)s::text[]) AND locked_until > %(now)s;

-- name: list_all_locked
-- Everybody who must wait, for the report.
SELECT subject, locked_until, misses FROM guess
 WHERE project_id = %(project_id)s AND locked_until > %(now)s ORDER BY locked_until DESC LIMIT %(limit)s;

-- name: count_misses
-- In order of subject, so that two batches never wait for each other. A window that is over begins anew.
INSERT INTO guess AS g (project_id, subject, since, misses)
SELECT %(project_id)s, u.subject, %(now)s, u.misses
  FROM unnest(%(subjects)s::text[], %(misses)s::integer[]) u(subject, misses)
 ORDER BY u.subject
ON CONFLICT (project_id, subject) DO UPDATE
   SET since = CASE WHEN g.since < %(begun_after)s THEN excluded.since ELSE g.since END,
       misses = CASE WHEN g.since < %(begun_after)s THEN 0 ELSE g.misses END + excluded.misses
RETURNING subject, misses;

-- name: lock_subjects
-- A lock that runs is not made longer, so that nobody is kept out for ever by somebody who goes on guessing. The watcher makes
-- a problem of what it was not told.
UPDATE guess SET locked_until = %(locked_until)s, misses = 0, is_told = false
 WHERE project_id = %(project_id)s AND subject = ANY (%(subjects)s::text[])
   AND (locked_until IS NULL OR locked_until <= %(now)s)
RETURNING subject;
