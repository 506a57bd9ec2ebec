-- name: list_acts
-- Everything that ever happened to one code, in order; each part reads one table by an index that names the code.
SELECT s.at, s.act, s.who, s.contact_id, s.run_id, s.reason FROM (
    SELECT coalesce(t.created_at, p.created_at) AS at, 'added' AS act, t.kind || ' ' || t.task_id AS who,
           NULL::bigint AS contact_id, NULL::bigint AS run_id, NULL::text AS reason, 0 AS n
      FROM code k JOIN lot l ON l.project_id = k.project_id AND l.lot_id = k.lot_id
      JOIN pool p ON p.project_id = l.project_id AND p.pool_id = l.pool_id
      LEFT JOIN task t ON t.project_id = l.project_id AND t.task_id = l.task_id
     WHERE k.project_id = %(project_id)s AND k.code_id = %(code_id)s
    UNION ALL
    SELECT k.withdrawn_at, 'withdrawn', NULL, NULL, NULL, k.withdrawn_reason, 9 FROM code k
     WHERE k.project_id = %(project_id)s AND k.code_id = %(code_id)s AND k.withdrawn_at IS NOT NULL
    UNION ALL
    SELECT x.at, x.act, c.scope || ' ' || c.key, c.contact_id, c.run_id,
           CASE WHEN x.act IN ('returned', 'revoked') THEN c.reason END, x.n
      FROM (SELECT * FROM claim WHERE project_id = %(project_id)s AND code_id = %(code_id)s AND returned_at IS NULL
            UNION ALL
            SELECT * FROM claim WHERE project_id = %(project_id)s AND code_id = %(code_id)s AND returned_at IS NOT NULL) c,
           LATERAL (VALUES (c.reserved_at, 'reserved', 1), (c.exposed_at, 'exposed', 2), (c.issued_at, 'issued', 4),
                           (c.returned_at, 'returned', 5), (c.revoked_at, 'revoked', 8)) x(at, act, n)
     WHERE x.at IS NOT NULL
    UNION ALL
    SELECT r.transferred_at, 'transferred', c.scope || ' ' || c.key, r.to_contact_id, c.run_id, r.reason, 6
      FROM claim c JOIN claim_transfer r ON r.project_id = c.project_id AND r.scope = c.scope AND r.key = c.key AND r.part = c.part
     WHERE c.project_id = %(project_id)s AND c.code_id = %(code_id)s AND c.returned_at IS NULL
    UNION ALL
    SELECT coalesce(d.sent_at, d.created_at), 'message ' || d.state, d.medium || ' ' || d.delivery_id, d.contact_id, d.run_id,
           d.error, 3
      FROM delivery_code o JOIN delivery d ON d.project_id = o.project_id AND d.delivery_id = o.delivery_id
     WHERE o.project_id = %(project_id)s AND o.code_id = %(code_id)s
    UNION ALL
    SELECT x.at, x.act, 'order ' || r.order_id, r.contact_id, NULL, CASE WHEN x.n = 8 THEN r.rolled_back_reason END, x.n
      FROM (SELECT * FROM redemption
             WHERE project_id = %(project_id)s AND code_id = %(code_id)s AND (NOT is_single OR rolled_back_at IS NOT NULL)
            UNION ALL
            SELECT * FROM redemption
             WHERE project_id = %(project_id)s AND code_id = %(code_id)s AND is_single AND rolled_back_at IS NULL) r,
           LATERAL (VALUES (r.redeemed_at, 'redeemed', 7), (r.rolled_back_at, 'rolled back', 8)) x(at, act, n)
     WHERE x.at IS NOT NULL) s
 ORDER BY s.at, s.n LIMIT %(limit)s;
