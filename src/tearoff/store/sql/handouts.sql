-- name: list_known
-- Keys that have a claim already, returned ones too; one look-up a key.
SELECT u.k FROM unnest(%(keys)s::text[]) u(k)
 WHERE (SELECT true FROM claim c WHERE c.project_id = %(project_id)s AND c.scope = %(scope)s AND c.key = u.k LIMIT 1);

-- name: list_reissued
-- What keys were answered with that stand for a code which their contact had already.
SELECT r.key, 0 AS part, c.code_id, k.value,
       nullif(least(coalesce(k.expires_at, l.expires_at), c.use_until), 'infinity') AS expires_at, l.discount, r.request,
       coalesce(c.returned_at, c.revoked_at) AS returned_at, false AS is_fresh,
       nullif(greatest(l.use_from, c.use_from), '-infinity') AS use_from
  FROM unnest(%(keys)s::text[]) u(k)
  JOIN reissue r ON r.project_id = %(project_id)s AND r.scope = %(scope)s AND r.key = u.k
  JOIN claim c ON c.project_id = r.project_id AND c.scope = r.claim_scope AND c.key = r.claim_key AND c.part = r.claim_part
  JOIN code k ON k.project_id = c.project_id AND k.code_id = c.code_id
  JOIN lot l ON l.project_id = k.project_id AND l.lot_id = k.lot_id;

-- name: find_held_by_contacts
-- The code that each contact took last from the pool, or in one workflow from it, and that still does. The caller holds
-- the gate, so that nobody takes one in between.
SELECT u.key, h.*
  FROM unnest(%(keys)s::text[], %(contacts)s::bigint[]) u(key, contact_id),
       LATERAL (SELECT c.scope AS claim_scope, c.key AS claim_key, c.part AS claim_part, c.run_id,
                       c.code_id, k.value, nullif(least(coalesce(k.expires_at, l.expires_at), c.use_until), 'infinity') AS expires_at,
                       l.discount, nullif(greatest(l.use_from, c.use_from), '-infinity') AS use_from
                  FROM claim c
                  JOIN code k ON k.project_id = c.project_id AND k.code_id = c.code_id
                  JOIN lot l ON l.project_id = k.project_id AND l.lot_id = k.lot_id
                 WHERE c.project_id = %(project_id)s AND c.contact_id = u.contact_id AND c.pool_id = %(pool_id)s
                   AND c.returned_at IS NULL AND c.revoked_at IS NULL
                   AND (%(workflow_id)s::bigint IS NULL OR c.workflow_id = %(workflow_id)s)
                   AND (%(discount)s::integer IS NULL OR l.discount = %(discount)s)
                   AND least(coalesce(k.expires_at, l.expires_at), c.use_until) >= %(until)s
                 ORDER BY c.reserved_at DESC, c.key DESC, c.part LIMIT 1) h;

-- name: find_held_by_runs
-- The code that each run took first from the pool; only the run's own claims count, so that one run sends one code.
SELECT u.key, h.*
  FROM unnest(%(keys)s::text[], %(runs)s::bigint[]) u(key, run_id),
       LATERAL (SELECT c.scope AS claim_scope, c.key AS claim_key, c.part AS claim_part, c.run_id,
                       c.code_id, k.value, nullif(least(coalesce(k.expires_at, l.expires_at), c.use_until), 'infinity') AS expires_at,
                       l.discount, nullif(greatest(l.use_from, c.use_from), '-infinity') AS use_from
                  FROM claim c
                  JOIN code k ON k.project_id = c.project_id AND k.code_id = c.code_id
                  JOIN lot l ON l.project_id = k.project_id AND l.lot_id = k.lot_id
                 WHERE c.project_id = %(project_id)s AND c.run_id = u.run_id AND c.pool_id = %(pool_id)s
                   AND c.scope = %(scope)s AND c.returned_at IS NULL AND c.revoked_at IS NULL
                   AND (%(discount)s::integer IS NULL OR l.discount = %(discount)s)
                   AND least(coalesce(k.expires_at, l.expires_at), c.use_until) >= %(until)s
                 ORDER BY c.reserved_at, c.key, c.part LIMIT 1) h;

-- name: add_reissues
-- A repeat of the key must give the same code, also when the policy would choose another one by then.
INSERT INTO reissue (project_id, scope, key, request, claim_scope, claim_key, claim_part, reissued_at)
SELECT %(project_id)s, %(scope)s, u.key, u.request, u.claim_scope, u.claim_key, u.claim_part, %(now)s
  FROM unnest(%(keys)s::text[], %(requests)s::text[], %(claim_scopes)s::text[], %(claim_keys)s::text[],
              %(claim_parts)s::smallint[]) u(key, request, claim_scope, claim_key, claim_part);

-- name: settle_reissued
-- A code that two keys stand for is issued: otherwise the failure of the first could take it from the second. Claims are
-- locked in the order of their keys, as by everybody who changes a set of them.
WITH h AS MATERIALIZED (
    SELECT scope, key, part FROM claim
     WHERE project_id = %(project_id)s AND (scope, key, part) IN (
           SELECT u.s, u.k, u.p
             FROM unnest(%(claim_scopes)s::text[], %(claim_keys)s::text[], %(claim_parts)s::smallint[]) u(s, k, p))
       AND issued_at IS NULL AND returned_at IS NULL
     ORDER BY scope, key, part FOR UPDATE)
UPDATE claim c SET issued_at = %(now)s, hold_until = NULL
  FROM h
 WHERE c.project_id = %(project_id)s AND c.scope = h.scope AND c.key = h.key AND c.part = h.part
RETURNING c.pool_id;

-- name: count_taken
-- How many codes each contact took from the pool since an instant; returned ones do not count.
SELECT c.contact_id, count(*) AS taken FROM claim c
 WHERE c.project_id = %(project_id)s AND c.contact_id = ANY (%(contacts)s::bigint[]) AND c.pool_id = %(pool_id)s
   AND c.returned_at IS NULL AND (%(since)s::timestamptz IS NULL OR c.reserved_at > %(since)s)
 GROUP BY c.contact_id;

-- name: renew_windows
-- A held claim begins to be valid when it is confirmed; a window that its caller asked for stays.
UPDATE claim SET use_from = %(use_from)s, use_until = %(use_until)s
 WHERE project_id = %(project_id)s AND scope = %(scope)s AND key = %(key)s AND issued_at IS NULL AND returned_at IS NULL
   AND use_from IS NOT DISTINCT FROM %(old_from)s::timestamptz AND use_until IS NOT DISTINCT FROM %(old_until)s::timestamptz;
