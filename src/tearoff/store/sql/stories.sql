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

-- name: list_owners
-- Everybody who ever held a code, in order, with what led to it; each half of the claims has its own partial index.
SELECT c.scope, c.key, c.contact_id, c.reserved_at, c.hold_until, c.issued_at, c.exposed_at, c.returned_at, c.revoked_at, c.reason,
       c.use_from, c.use_until, c.run_id, r.state AS run_state, w.key AS workflow, r.version, e.event_id, t.key AS event_type,
       e.key_value
  FROM (SELECT * FROM claim WHERE project_id = %(project_id)s AND code_id = %(code_id)s AND returned_at IS NULL
        UNION ALL
        SELECT * FROM claim WHERE project_id = %(project_id)s AND code_id = %(code_id)s AND returned_at IS NOT NULL) c
  LEFT JOIN run r ON r.project_id = c.project_id AND r.run_id = c.run_id
  LEFT JOIN workflow w ON w.project_id = c.project_id AND w.workflow_id = coalesce(r.workflow_id, c.workflow_id)
  LEFT JOIN event e ON e.project_id = r.project_id AND e.event_id = r.event_id
  LEFT JOIN event_type t ON t.project_id = e.project_id AND t.event_type_id = e.event_type_id
 ORDER BY c.reserved_at, c.key;

-- name: list_deliveries
-- The messages that carry a code, in order.
SELECT d.delivery_id, d.medium, d.state, m.key AS message, d.version, d.run_id, d.block, d.contact_id, d.created_at, d.sent_at,
       d.error
  FROM delivery_code o
  JOIN delivery d ON d.project_id = o.project_id AND d.delivery_id = o.delivery_id
  JOIN message m ON m.project_id = d.project_id AND m.message_id = d.message_id
 WHERE o.project_id = %(project_id)s AND o.code_id = %(code_id)s
 ORDER BY d.delivery_id LIMIT %(limit)s;

-- name: list_transfers
-- Through whose hands a code went, in order.
SELECT r.from_contact_id, r.to_contact_id, r.reason, r.transferred_at
  FROM claim c
  JOIN claim_transfer r ON r.project_id = c.project_id AND r.scope = c.scope AND r.key = c.key AND r.part = c.part
 WHERE c.project_id = %(project_id)s AND c.code_id = %(code_id)s AND c.returned_at IS NULL
 ORDER BY r.transfer_id;

-- name: list_uses
-- The newest uses of a code, those that were taken back among them.
SELECT u.* FROM (
    SELECT redemption_id, contact_id, order_id, amount, point, origin, redeemed_at, rolled_back_at, rolled_back_reason FROM redemption
     WHERE project_id = %(project_id)s AND code_id = %(code_id)s AND (NOT is_single OR rolled_back_at IS NOT NULL)
    UNION ALL
    SELECT redemption_id, contact_id, order_id, amount, point, origin, redeemed_at, rolled_back_at, rolled_back_reason FROM redemption
     WHERE project_id = %(project_id)s AND code_id = %(code_id)s AND is_single AND rolled_back_at IS NULL) u
 ORDER BY u.redemption_id DESC LIMIT %(limit)s;
