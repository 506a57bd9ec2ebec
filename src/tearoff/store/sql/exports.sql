-- name: list_holders
-- Who has what: each code with its live owner and its latest use in force, a page in the order of the ids. Uses of codes that
-- are used once and of those that are used often have an index each.
SELECT k.code_id, k.value AS code, p.key AS pool, p.type, l.discount,
       CASE WHEN k.withdrawn_at IS NOT NULL THEN 'withdrawn' WHEN c.revoked_at IS NOT NULL THEN 'revoked'
            WHEN c.issued_at IS NOT NULL THEN 'issued' WHEN c.key IS NOT NULL THEN 'reserved' ELSE 'free' END AS state,
       c.contact_id, t.external_id,
       (SELECT v.value FROM locator v WHERE v.project_id = k.project_id AND v.contact_id = c.contact_id AND v.kind = 'email'
         ORDER BY v.created_at DESC, v.value LIMIT 1) AS email,
       (SELECT v.value FROM locator v WHERE v.project_id = k.project_id AND v.contact_id = c.contact_id AND v.kind = 'sms'
         ORDER BY v.created_at DESC, v.value LIMIT 1) AS phone,
       c.scope AS door, c.key AS claim_key, c.run_id, c.reserved_at, c.issued_at,
       nullif(greatest(l.use_from, c.use_from), '-infinity') AS use_from,
       nullif(least(coalesce(k.expires_at, l.expires_at), c.use_until), 'infinity') AS expires_at,
       d.redeemed_at, d.order_id, d.amount
  FROM code k
  JOIN lot l ON l.project_id = k.project_id AND l.lot_id = k.lot_id
  JOIN pool p ON p.project_id = l.project_id AND p.pool_id = l.pool_id
  LEFT JOIN claim c ON c.project_id = k.project_id AND c.code_id = k.code_id AND c.returned_at IS NULL
  LEFT JOIN contact t ON t.project_id = k.project_id AND t.contact_id = c.contact_id
  LEFT JOIN LATERAL (
       SELECT u.redeemed_at, u.order_id, u.amount
         FROM (SELECT r.redemption_id, r.redeemed_at, r.order_id, r.amount FROM redemption r
                WHERE r.project_id = %(project_id)s AND r.code_id = k.code_id AND r.is_single AND r.rolled_back_at IS NULL
               UNION ALL
               SELECT r.redemption_id, r.redeemed_at, r.order_id, r.amount FROM redemption r
                WHERE r.project_id = %(project_id)s AND r.code_id = k.code_id AND NOT r.is_single AND r.rolled_back_at IS NULL) u
        ORDER BY u.redemption_id DESC LIMIT 1) d ON true
 WHERE k.project_id = %(project_id)s AND k.code_id > %(after)s
   AND (%(pool_id)s::bigint IS NULL OR l.pool_id = %(pool_id)s)
   AND (NOT %(is_owned_only)s OR c.key IS NOT NULL)
 ORDER BY k.code_id LIMIT %(limit)s;
