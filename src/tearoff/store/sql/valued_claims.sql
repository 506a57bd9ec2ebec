-- name: find
-- A code by its value with everything that decides whether it may be handed out; infinite ends are open. A code past the
-- tail is not published yet; one without a place is free when it was just made and nobody has it.
SELECT k.code_id, k.value, l.pool_id, l.discount, coalesce(k.place >= l.head AND k.place < l.tail, k.withdrawn_at IS NULL AND c.key IS NULL) AS is_free,
       k.withdrawn_at IS NOT NULL AS is_withdrawn,
       nullif(l.issue_from, '-infinity') AS issue_from, nullif(l.issue_until, 'infinity') AS issue_until,
       nullif(l.use_from, '-infinity') AS use_from, nullif(coalesce(k.expires_at, l.expires_at), 'infinity') AS expires_at,
       c.contact_id AS owner_id, c.scope AS owner_scope, c.key AS owner_key, c.part AS owner_part, c.run_id AS owner_run_id,
       c.revoked_at IS NOT NULL AS is_revoked
  FROM code k
  JOIN lot l ON l.project_id = k.project_id AND l.lot_id = k.lot_id
  LEFT JOIN claim c ON c.project_id = k.project_id AND c.code_id = k.code_id AND c.returned_at IS NULL
 WHERE k.project_id = %(project_id)s AND k.value = %(value)s;

-- name: add_claim
-- The code left its line before; the gate is held.
INSERT INTO claim (project_id, scope, key, part, pool_id, code_id, contact_id, run_id, request, field_id, reserved_at,
                   hold_until, issued_at, exposed_at, use_from, use_until, workflow_id)
VALUES (%(project_id)s, %(scope)s, %(key)s, 0, %(pool_id)s, %(code_id)s, %(contact_id)s, %(run_id)s, %(request)s, %(field_id)s,
        %(now)s, %(hold_until)s, CASE WHEN %(is_issued)s THEN %(now)s::timestamptz END,
        CASE WHEN %(is_exposed)s THEN %(now)s::timestamptz END, %(use_from)s, %(use_until)s, %(workflow_id)s);

-- name: get_values_lot
-- The pool's lot for codes that are made by being handed out; the gate is held.
SELECT values_lot_id FROM pool WHERE project_id = %(project_id)s AND pool_id = %(pool_id)s AND values_lot_id IS NOT NULL;

-- name: add_values_lot
-- Closed, since nothing waits in it.
INSERT INTO lot (project_id, pool_id) VALUES (%(project_id)s, %(pool_id)s) RETURNING lot_id;

-- name: keep_values_lot
-- Once a pool.
UPDATE pool SET values_lot_id = %(lot_id)s WHERE project_id = %(project_id)s AND pool_id = %(pool_id)s;

-- name: add_code
-- No row: somebody just added a code of this value; look again.
INSERT INTO code (project_id, lot_id, value) VALUES (%(project_id)s, %(lot_id)s, %(value)s)
    ON CONFLICT ON CONSTRAINT code_value_key DO NOTHING RETURNING code_id;

-- name: list_owned
-- The claims of live codes by their values, for whoever takes them away or passes them on.
SELECT k.value, c.pool_id, k.code_id, c.scope, c.key, c.part, c.contact_id, c.reserved_at, c.issued_at, c.exposed_at, c.revoked_at
  FROM code k
  JOIN claim c ON c.project_id = k.project_id AND c.code_id = k.code_id AND c.returned_at IS NULL
 WHERE k.project_id = %(project_id)s AND k.value = %(value)s;

-- name: revoke
-- The claim stays in the books as issued to its owner, so the code goes to nobody else; nobody can use it any more.
UPDATE claim SET revoked_at = %(now)s, issued_at = coalesce(issued_at, %(now)s), hold_until = NULL, reason = %(reason)s
 WHERE project_id = %(project_id)s AND scope = %(scope)s AND key = %(key)s AND part = %(part)s
   AND returned_at IS NULL AND revoked_at IS NULL;

-- name: stop_messages
-- Messages that no sender took yet would carry a code that is worth nothing: the sender refuses what has run out.
UPDATE delivery d SET expires_at = %(now)s
  FROM delivery_code o
 WHERE o.project_id = %(project_id)s AND o.code_id = %(code_id)s AND d.project_id = o.project_id
   AND d.delivery_id = o.delivery_id AND d.state = 'waiting';

-- name: transfer
-- The code's new owner; the books keep the one before.
UPDATE claim SET contact_id = %(to_contact_id)s
 WHERE project_id = %(project_id)s AND scope = %(scope)s AND key = %(key)s AND part = %(part)s
   AND returned_at IS NULL AND revoked_at IS NULL;

-- name: add_transfer
-- From whom to whom, when and why.
INSERT INTO claim_transfer (project_id, scope, key, part, from_contact_id, to_contact_id, reason, transferred_at)
VALUES (%(project_id)s, %(scope)s, %(key)s, %(part)s, %(from_contact_id)s, %(to_contact_id)s, %(reason)s, %(now)s);

-- name: list_transfers
-- Everybody through whose hands a claim went, in order.
SELECT from_contact_id, to_contact_id, reason, transferred_at FROM claim_transfer
 WHERE project_id = %(project_id)s AND scope = %(scope)s AND key = %(key)s AND part = %(part)s
 ORDER BY transfer_id;
