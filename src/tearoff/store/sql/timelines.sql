-- name: list_codes
-- What a contact received, the newest first, with the claim that says why: the run, its workflow and its event. Codes that
-- went on to somebody else stay in the list of who had them first only as long as the claim is theirs.
SELECT c.reserved_at AS at, c.code_id, k.value, p.key AS pool, c.scope, c.key, c.request, c.reserved_at, c.issued_at,
       c.exposed_at, c.returned_at, c.revoked_at, c.reason, l.discount,
       nullif(least(coalesce(k.expires_at, l.expires_at), c.use_until), 'infinity') AS expires_at,
       c.run_id, w.key AS workflow, r.version, r.event_id, t.key AS event_type,
       greatest((SELECT max(d.redeemed_at) FROM redemption d
                  WHERE d.project_id = %(project_id)s AND d.code_id = c.code_id AND d.is_single AND d.rolled_back_at IS NULL
                    AND (d.contact_id IS NULL OR d.contact_id = %(contact_id)s)),
                (SELECT max(d.redeemed_at) FROM redemption d
                  WHERE d.project_id = %(project_id)s AND d.code_id = c.code_id AND NOT d.is_single AND d.rolled_back_at IS NULL
                    AND (d.contact_id IS NULL OR d.contact_id = %(contact_id)s))) AS redeemed_at
  FROM claim c
  JOIN code k ON k.project_id = %(project_id)s AND k.code_id = c.code_id
  JOIN lot l ON l.project_id = %(project_id)s AND l.lot_id = k.lot_id
  JOIN pool p ON p.project_id = %(project_id)s AND p.pool_id = c.pool_id
  LEFT JOIN run r ON r.project_id = %(project_id)s AND r.run_id = c.run_id
  LEFT JOIN workflow w ON w.project_id = %(project_id)s AND w.workflow_id = r.workflow_id
  LEFT JOIN event e ON e.project_id = %(project_id)s AND e.event_id = r.event_id
  LEFT JOIN event_type t ON t.project_id = %(project_id)s AND t.event_type_id = e.event_type_id
 WHERE c.project_id = %(project_id)s AND c.contact_id = %(contact_id)s
   AND (%(before)s::timestamptz IS NULL OR (c.reserved_at, c.code_id) < (%(before)s, %(below)s))
 ORDER BY c.reserved_at DESC, c.code_id DESC LIMIT %(limit)s;

-- name: list_messages
-- What was sent to a contact by runs about it. An index of deliveries by contact would cost every delivery; the runs have
-- one, and the deliveries of a run have their key.
SELECT d.created_at AS at, d.delivery_id, d.run_id, m.key AS message, m.name, d.medium, d.recipient, d.language, d.state,
       d.sent_at, d.error, d.attempt < 0 AS is_resent, d.content IS NOT NULL AS has_body
  FROM run r
  JOIN delivery d ON d.project_id = %(project_id)s AND d.run_id = r.run_id AND d.contact_id = r.contact_id
  LEFT JOIN message m ON m.project_id = %(project_id)s AND m.message_id = d.message_id
 WHERE r.project_id = %(project_id)s AND r.contact_id = %(contact_id)s
   AND (%(before)s::timestamptz IS NULL OR (d.created_at, d.delivery_id) < (%(before)s, %(below)s))
 ORDER BY d.created_at DESC, d.delivery_id DESC LIMIT %(limit)s;

-- name: list_runs
-- The runs about a contact with the events that started them.
SELECT r.started_at AS at, r.run_id, w.key AS workflow, r.version, r.state, r.error, r.finished_at, r.event_id,
       t.key AS event_type, e.received_at
  FROM run r
  LEFT JOIN workflow w ON w.project_id = %(project_id)s AND w.workflow_id = r.workflow_id
  LEFT JOIN event e ON e.project_id = %(project_id)s AND e.event_id = r.event_id
  LEFT JOIN event_type t ON t.project_id = %(project_id)s AND t.event_type_id = e.event_type_id
 WHERE r.project_id = %(project_id)s AND r.contact_id = %(contact_id)s
   AND (%(before)s::timestamptz IS NULL OR (r.started_at, r.run_id) < (%(before)s, %(below)s))
 ORDER BY r.started_at DESC, r.run_id DESC LIMIT %(limit)s;

-- name: list_redemptions
-- What a contact redeemed, also what was rolled back since.
SELECT d.redeemed_at AS at, d.redemption_id, d.code_id, k.value, p.key AS pool, d.order_id, d.rolled_back_at
  FROM redemption d
  JOIN code k ON k.project_id = %(project_id)s AND k.code_id = d.code_id
  JOIN pool p ON p.project_id = %(project_id)s AND p.pool_id = d.pool_id
 WHERE d.project_id = %(project_id)s AND d.contact_id = %(contact_id)s
   AND (%(before)s::timestamptz IS NULL OR (d.redeemed_at, d.redemption_id) < (%(before)s, %(below)s))
 ORDER BY d.redeemed_at DESC, d.redemption_id DESC LIMIT %(limit)s;
