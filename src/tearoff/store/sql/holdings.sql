-- name: list_of_contact
-- What a contact holds: by use where a code is used, else by hand-out. Each claim looks up its code by key.
SELECT h.*
  FROM (SELECT k.code_id, k.value, p.key AS pool_key, p.type AS pool_type, p.name AS pool_name,
               p.description AS pool_description, nullif(greatest(l.use_from, c.use_from), '-infinity') AS use_from,
               nullif(least(coalesce(k.expires_at, l.expires_at), c.use_until), 'infinity') AS use_until,
               coalesce(c.issued_at, c.reserved_at) AS issued_at, d.redeemed_at, d.point, d.redemption_id,
               coalesce(c.revoked_at, k.withdrawn_at) AS blocked_at
          FROM claim c
          JOIN code k ON k.project_id = c.project_id AND k.code_id = c.code_id
          JOIN lot l ON l.project_id = k.project_id AND l.lot_id = k.lot_id
          JOIN pool p ON p.project_id = l.project_id AND p.pool_id = l.pool_id
          LEFT JOIN redemption d ON d.project_id = c.project_id AND d.code_id = c.code_id AND d.is_single
                                AND d.rolled_back_at IS NULL
         WHERE c.project_id = %(project_id)s AND c.contact_id = %(contact_id)s AND c.returned_at IS NULL) h
 WHERE (%(since)s::timestamptz IS NULL OR coalesce(h.redeemed_at, h.issued_at) >= %(since)s)
   AND (%(until)s::timestamptz IS NULL OR coalesce(h.redeemed_at, h.issued_at) < %(until)s)
 ORDER BY h.issued_at, h.code_id LIMIT %(limit)s OFFSET %(skip)s;

-- name: find_by_value
-- One code with its live owner and its last use, for answers that describe it; each kind of use has its own index.
SELECT k.code_id, k.value, p.key AS pool_key, p.type AS pool_type, p.name AS pool_name, p.description AS pool_description,
       nullif(greatest(l.use_from, c.use_from), '-infinity') AS use_from,
       nullif(least(coalesce(k.expires_at, l.expires_at), c.use_until), 'infinity') AS use_until,
       coalesce(c.issued_at, c.reserved_at) AS issued_at, d.redeemed_at, d.point, d.redemption_id,
       coalesce(c.revoked_at, k.withdrawn_at) AS blocked_at
  FROM code k
  JOIN lot l ON l.project_id = k.project_id AND l.lot_id = k.lot_id
  JOIN pool p ON p.project_id = l.project_id AND p.pool_id = l.pool_id
  LEFT JOIN claim c ON c.project_id = k.project_id AND c.code_id = k.code_id AND c.returned_at IS NULL
  LEFT JOIN LATERAL (
       SELECT u.redeemed_at, u.point, u.redemption_id
         FROM (SELECT x.redeemed_at, x.point, x.redemption_id FROM redemption x
                WHERE x.project_id = %(project_id)s AND x.code_id = k.code_id AND x.is_single AND x.rolled_back_at IS NULL
               UNION ALL
               SELECT x.redeemed_at, x.point, x.redemption_id FROM redemption x
                WHERE x.project_id = %(project_id)s AND x.code_id = k.code_id AND NOT x.is_single AND x.rolled_back_at IS NULL) u
        ORDER BY u.redemption_id DESC LIMIT 1) d ON true
 WHERE k.project_id = %(project_id)s AND k.value = %(value)s;
