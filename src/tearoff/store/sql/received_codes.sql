-- name: list_last
-- Issued codes are their contacts' for good; those that a run only holds yet count as received in that run alone.
SELECT DISTINCT ON (u.run_id, c.pool_id) u.run_id, p.key AS pool, p.parameter, k.value,
       nullif(greatest(l.use_from, c.use_from), '-infinity') AS use_from,
       nullif(least(coalesce(k.expires_at, l.expires_at), c.use_until), 'infinity') AS expires_at
  FROM unnest(%(runs)s::bigint[], %(contacts)s::bigint[]) u(run_id, contact_id)
  JOIN claim c ON c.project_id = %(project_id)s AND c.contact_id = u.contact_id AND c.returned_at IS NULL
              AND c.revoked_at IS NULL AND (c.issued_at IS NOT NULL OR c.run_id = u.run_id)
  JOIN code k ON k.project_id = c.project_id AND k.code_id = c.code_id
  JOIN lot l ON l.project_id = k.project_id AND l.lot_id = k.lot_id
  JOIN pool p ON p.project_id = l.project_id AND p.pool_id = c.pool_id
 WHERE least(coalesce(k.expires_at, l.expires_at), c.use_until) > %(now)s
 ORDER BY u.run_id, c.pool_id, c.reserved_at DESC, c.key DESC, c.part DESC;
