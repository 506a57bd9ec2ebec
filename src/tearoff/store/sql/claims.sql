-- name: claim_codes
-- One round trip takes the codes of a whole set of keys; see the function in 0003_lines.sql. The columns are the fields
-- of Claimed, in order.
SELECT key, part, code_id, value, nullif(expires_at, 'infinity') AS expires_at, discount, request, returned_at, is_fresh,
       nullif(use_from, '-infinity') AS use_from
  FROM claim_codes(%(project_id)s, %(pool_id)s, %(discount)s, %(until)s, %(now)s, %(scope)s,
                   %(keys)s::text[], %(requests)s::text[], %(parts)s::smallint[], %(contacts)s::bigint[], %(runs)s::bigint[],
                   %(field_id)s, %(hold_until)s, %(is_issued)s, %(is_exposed)s, %(use_from)s, %(use_until)s, %(workflow_id)s);

-- name: claim_fresh
-- The same for keys that were not seen before, in one row; see the function in 0024_fresh_claims.sql.
SELECT ids, vals, ends, discounts, starts
  FROM claim_fresh(%(project_id)s, %(pool_id)s, %(discount)s, %(until)s, %(now)s, %(scope)s,
                   %(keys)s::text[], %(requests)s::text[], %(parts)s::smallint[], %(contacts)s::bigint[], %(runs)s::bigint[],
                   %(field_id)s, %(hold_until)s, %(is_issued)s, %(is_exposed)s, %(use_from)s, %(use_until)s, %(workflow_id)s);

-- name: lock_gates
-- The gate is the lock of a pool's lines: every transaction that changes them takes it first. Several are locked in one
-- order, so that two such transactions cannot wait for each other.
SELECT pool_id FROM pool_gate WHERE project_id = %(project_id)s AND pool_id = ANY (%(pool_ids)s::bigint[])
 ORDER BY pool_id FOR UPDATE;

-- name: list_by_key
-- A caller sees the claims of its own scope only, and never the code of a returned one: it may be somebody else's now.
-- A key that was answered with a code which its contact had already shows the claim of that code.
SELECT u.key, c.part, c.pool_id, c.code_id, CASE WHEN c.returned_at IS NULL THEN k.value END AS value,
       nullif(least(coalesce(k.expires_at, l.expires_at), c.use_until), 'infinity') AS expires_at, l.discount,
       c.contact_id, c.run_id, u.request, c.reserved_at, c.hold_until, c.issued_at, c.exposed_at, c.returned_at, c.reason,
       nullif(greatest(l.use_from, c.use_from), '-infinity') AS use_from, c.revoked_at
  FROM (SELECT c.key, c.request, c.scope AS claim_scope, c.key AS claim_key, c.part AS claim_part FROM claim c
         WHERE c.project_id = %(project_id)s AND c.scope = %(scope)s AND c.key = %(key)s
        UNION ALL
        SELECT r.key, r.request, r.claim_scope, r.claim_key, r.claim_part FROM reissue r
         WHERE r.project_id = %(project_id)s AND r.scope = %(scope)s AND r.key = %(key)s) u
  JOIN claim c ON c.project_id = %(project_id)s AND c.scope = u.claim_scope AND c.key = u.claim_key AND c.part = u.claim_part
  JOIN code k ON k.project_id = c.project_id AND k.code_id = c.code_id
  JOIN lot l ON l.project_id = k.project_id AND l.lot_id = k.lot_id
 ORDER BY c.part;

-- name: mark_issued
-- Issuing is guarded: a returned claim stays returned, an issued one keeps its first instant; see 0003_lines.sql.
SELECT key, part, contact_id, field_id, code_id
  FROM mark_issued(%(project_id)s, %(scope)s, %(keys)s::text[], %(now)s, %(reason)s);

-- name: return_claims
-- The function holds the gate, ends the claims and puts their codes back in line.
SELECT key, part, code_id FROM return_claims(%(project_id)s, %(pool_id)s, %(scope)s, %(keys)s::text[], %(now)s,
                                             %(reason)s, %(is_forced)s);

-- name: list_pools_of
-- Returning needs the pool's gate, and a set of keys may span pools.
SELECT DISTINCT l.pool_id
  FROM unnest(%(keys)s::text[]) u(k),
       LATERAL (SELECT c.pool_id FROM claim c
                 WHERE c.project_id = %(project_id)s AND c.scope = %(scope)s AND c.key = u.k OFFSET 0) l
 ORDER BY l.pool_id;

-- name: lock_claims
-- Keys of several pools are returned pool by pool, so their claims are locked in the common order before.
SELECT l.key
  FROM (SELECT DISTINCT k FROM unnest(%(keys)s::text[]) k ORDER BY k) u,
       LATERAL (SELECT c.key FROM claim c
                 WHERE c.project_id = %(project_id)s AND c.scope = %(scope)s AND c.key = u.k
                 ORDER BY c.part FOR UPDATE) l;

-- name: mark_exposed
-- An exposed code never returns by itself, so this commits before the code leaves; see 0003_lines.sql.
SELECT mark_exposed(%(project_id)s, %(scope)s, %(keys)s::text[], %(now)s);

-- name: list_values
-- What a run's claims hold, for rendering; history keeps the claim, never the value. A key may stand for the claim of a
-- code that its contact had already. What was revoked is nobody's to send.
SELECT u.k AS key, c.code_id, k.value,
       nullif(least(coalesce(k.expires_at, l.expires_at), c.use_until), 'infinity') AS expires_at, l.discount
  FROM unnest(%(keys)s::text[]) u(k),
       LATERAL (SELECT c.code_id, c.returned_at, c.revoked_at, c.use_until FROM claim c
                 WHERE c.project_id = %(project_id)s AND c.scope = %(scope)s AND c.key = u.k
                 UNION ALL
                SELECT c.code_id, c.returned_at, c.revoked_at, c.use_until FROM reissue r
                  JOIN claim c ON c.project_id = r.project_id AND c.scope = r.claim_scope AND c.key = r.claim_key
                              AND c.part = r.claim_part
                 WHERE r.project_id = %(project_id)s AND r.scope = %(scope)s AND r.key = u.k OFFSET 0) c
  JOIN code k ON k.project_id = %(project_id)s AND k.code_id = c.code_id
  JOIN lot l ON l.project_id = k.project_id AND l.lot_id = k.lot_id
 WHERE c.returned_at IS NULL AND c.revoked_at IS NULL;

-- name: list_ended_holds
-- Holds past their time, found by their own index.
SELECT pool_id, key FROM claim
 WHERE project_id = %(project_id)s AND hold_until <= %(now)s AND returned_at IS NULL AND issued_at IS NULL
 ORDER BY hold_until LIMIT %(limit)s;

-- name: list_open
-- Reserved claims of runs, those too that a crash left behind, with what became of the deliveries that carry them.
SELECT c.run_id, c.key, c.pool_id, c.exposed_at IS NOT NULL AS is_exposed, count(d.delivery_id) AS deliveries,
       count(*) FILTER (WHERE d.state IN ('waiting', 'leased')) AS pending,
       count(*) FILTER (WHERE d.state = 'sent') AS sent, count(*) FILTER (WHERE d.is_doubtful) AS doubtful
  FROM claim c
  LEFT JOIN delivery_code o ON o.project_id = c.project_id AND o.code_id = c.code_id AND o.scope = c.scope AND o.key = c.key
  LEFT JOIN delivery d ON d.project_id = o.project_id AND d.delivery_id = o.delivery_id
 WHERE c.project_id = %(project_id)s AND c.run_id = ANY (%(run_ids)s::bigint[]) AND c.scope = 'run'
   AND c.issued_at IS NULL AND c.returned_at IS NULL
 GROUP BY c.key, c.part, c.run_id, c.pool_id, c.exposed_at
 ORDER BY c.key;

-- name: list_live_keys
-- Which of these keys still hold their code.
SELECT key FROM claim
 WHERE project_id = %(project_id)s AND scope = %(scope)s AND key = ANY (%(keys)s::text[]) AND returned_at IS NULL;

-- name: own
-- Claims of runs that had no contact yet; see 0021_claim_owners.sql.
SELECT own_claims(%(project_id)s, %(keys)s::text[], %(contact_ids)s::bigint[]);
