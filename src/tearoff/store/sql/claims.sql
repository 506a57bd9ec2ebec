-- name: claim_codes
-- One round trip takes the codes of a whole set of keys; see the function in 0003_lines.sql.
SELECT key, part, code_id, value, nullif(expires_at, 'infinity') AS expires_at, discount, request, returned_at, is_fresh
  FROM claim_codes(%(project_id)s, %(pool_id)s, %(discount)s, %(until)s, %(now)s, %(scope)s,
                   %(keys)s::text[], %(requests)s::text[], %(parts)s::smallint[], %(contacts)s::bigint[], %(runs)s::bigint[],
                   %(field_id)s, %(hold_until)s, %(is_issued)s, %(is_exposed)s);

-- name: touch_gate
-- The gate is the lock of a pool's lines: every transaction that changes them updates it first.
UPDATE pool_gate SET calls = calls + 1 WHERE project_id = %(project_id)s AND pool_id = ANY (%(pool_ids)s::bigint[]);

-- name: lock_gates
-- Several gates are locked in one order, so that two such transactions cannot wait for each other.
SELECT pool_id FROM pool_gate WHERE project_id = %(project_id)s AND pool_id = ANY (%(pool_ids)s::bigint[])
 ORDER BY pool_id FOR UPDATE;

-- name: list_by_key
-- A caller sees the claims of its own scope only, and never the code of a returned one: it may be somebody else's now.
SELECT c.key, c.part, c.pool_id, c.code_id, CASE WHEN c.returned_at IS NULL THEN k.value END AS value,
       nullif(coalesce(k.expires_at, l.expires_at), 'infinity') AS expires_at, l.discount,
       c.contact_id, c.run_id, c.request, c.reserved_at, c.hold_until, c.issued_at, c.exposed_at, c.returned_at, c.reason
  FROM claim c
  JOIN code k ON k.project_id = c.project_id AND k.code_id = c.code_id
  JOIN lot l ON l.project_id = k.project_id AND l.lot_id = k.lot_id
 WHERE c.project_id = %(project_id)s AND c.scope = %(scope)s AND c.key = %(key)s
 ORDER BY c.part;

-- name: list_by_code
-- Everybody who ever held a code, in order; each half has its own partial index.
SELECT scope, key, part, contact_id, run_id, reserved_at, hold_until, issued_at, exposed_at, returned_at, reason
  FROM claim WHERE project_id = %(project_id)s AND code_id = %(code_id)s AND returned_at IS NULL
 UNION ALL
SELECT scope, key, part, contact_id, run_id, reserved_at, hold_until, issued_at, exposed_at, returned_at, reason
  FROM claim WHERE project_id = %(project_id)s AND code_id = %(code_id)s AND returned_at IS NOT NULL
 ORDER BY reserved_at, key;

-- name: mark_issued
-- Issuing is guarded: a returned claim stays returned, an issued one keeps its first instant. Everybody who changes a set
-- of claims locks them in the order of their keys; one look-up a key, because `= ANY` filters the whole project while
-- the table has no statistics.
WITH held AS MATERIALIZED (
    SELECT l.key, l.part
      FROM (SELECT DISTINCT k FROM unnest(%(keys)s::text[]) k ORDER BY k) u,
           LATERAL (SELECT c.key, c.part FROM claim c
                     WHERE c.project_id = %(project_id)s AND c.scope = %(scope)s AND c.key = u.k
                       AND c.issued_at IS NULL AND c.returned_at IS NULL
                     ORDER BY c.part FOR UPDATE) l)
UPDATE claim c SET issued_at = %(now)s, hold_until = NULL, reason = coalesce(%(reason)s, c.reason)
  FROM held h
 WHERE c.project_id = %(project_id)s AND c.scope = %(scope)s AND c.key = h.key AND c.part = h.part
   AND c.issued_at IS NULL AND c.returned_at IS NULL
RETURNING c.key, c.part, c.contact_id, c.field_id, c.code_id;

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
-- An exposed code never returns by itself, so this commits before the code leaves.
WITH held AS MATERIALIZED (
    SELECT l.key, l.part
      FROM (SELECT DISTINCT k FROM unnest(%(keys)s::text[]) k ORDER BY k) u,
           LATERAL (SELECT c.key, c.part FROM claim c
                     WHERE c.project_id = %(project_id)s AND c.scope = %(scope)s AND c.key = u.k
                       AND c.exposed_at IS NULL AND c.returned_at IS NULL
                     ORDER BY c.part FOR UPDATE) l)
UPDATE claim c SET exposed_at = %(now)s
  FROM held h
 WHERE c.project_id = %(project_id)s AND c.scope = %(scope)s AND c.key = h.key AND c.part = h.part
   AND c.exposed_at IS NULL AND c.returned_at IS NULL;

-- name: list_values
-- What a run's claims hold, for rendering; history keeps the claim, never the value.
SELECT c.key, c.code_id, k.value, nullif(coalesce(k.expires_at, l.expires_at), 'infinity') AS expires_at, l.discount
  FROM unnest(%(keys)s::text[]) u(k),
       LATERAL (SELECT c.key, c.code_id FROM claim c
                 WHERE c.project_id = %(project_id)s AND c.scope = %(scope)s AND c.key = u.k AND c.returned_at IS NULL
                OFFSET 0) c
  JOIN code k ON k.project_id = %(project_id)s AND k.code_id = c.code_id
  JOIN lot l ON l.project_id = k.project_id AND l.lot_id = k.lot_id;

-- name: list_ended_holds
-- Holds past their time, found by their own index.
SELECT pool_id, key FROM claim
 WHERE project_id = %(project_id)s AND hold_until <= %(now)s AND returned_at IS NULL AND issued_at IS NULL
 ORDER BY hold_until LIMIT %(limit)s;
