-- name: list_first
-- The first code of each launched pool of multi-use codes that can be used now, soonest expiry first; one look a pool.
SELECT p.key AS pool, p.parameter, f.value, f.use_from, f.expires_at
  FROM pool p,
       LATERAL (SELECT k.value, nullif(l.use_from, '-infinity') AS use_from, nullif(l.expires_at, 'infinity') AS expires_at
                  FROM lot l
                  JOIN LATERAL (SELECT c.value FROM code c
                                 WHERE c.project_id = l.project_id AND c.lot_id = l.lot_id AND c.place >= l.head
                                 ORDER BY c.place LIMIT 1) k ON true
                 WHERE l.project_id = %(project_id)s AND l.pool_id = p.pool_id AND l.is_open
                   AND l.use_from <= %(now)s AND l.expires_at > %(now)s AND l.issue_from <= %(now)s AND l.issue_until > %(now)s
                 ORDER BY l.expires_at, l.lot_id LIMIT 1) f
 WHERE p.project_id = %(project_id)s AND p.state = 'launched' AND p.code_type = 'multi'
   AND (p.issue_from IS NULL OR p.issue_from <= %(now)s) AND (p.issue_until IS NULL OR p.issue_until > %(now)s)
 ORDER BY p.pool_id DESC;
