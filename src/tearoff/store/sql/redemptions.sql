-- name: find_uses
-- One round trip for a set; see 0008_redemptions.sql. The columns are the fields of Facts, in order.
SELECT * FROM find_uses(%(project_id)s, %(asked)s::json);

-- name: use_issued
-- The plain case of a whole set, looked up and written in one call; see 0016_redemption_calls.sql. The columns are the
-- fields of IssuedUse, in order.
SELECT n, redemption_id, pool_id, pool_key, discount FROM use_issued(%(project_id)s, %(asked)s::json, %(now)s);

-- name: use_once
-- In order of code, so that two batches never wait for each other. Who loses the race for a code gets no row.
INSERT INTO redemption (project_id, code_id, pool_id, contact_id, order_id, amount, point, is_single, origin, redeemed_at)
SELECT %(project_id)s, u.code_id, u.pool_id, u.contact_id, u.order_id, u.amount, u.point, true, u.origin, u.at
  FROM json_to_recordset(%(uses)s::json)
       u(code_id bigint, pool_id bigint, contact_id bigint, order_id text, amount numeric, point text, origin text,
         at timestamptz)
 ORDER BY u.code_id
ON CONFLICT DO NOTHING
RETURNING code_id, redemption_id;

-- name: use_often
-- In order of code and contact, so that two batches never wait for each other; the function counts before it inserts.
SELECT s.n, f.redemption_id, f.outcome
  FROM (SELECT * FROM unnest(%(codes)s::bigint[], %(pools)s::bigint[], %(contacts)s::bigint[], %(orders)s::text[],
                             %(amounts)s::numeric[], %(points)s::text[], %(origins)s::text[], %(ats)s::timestamptz[],
                             %(uses_max)s::integer[], %(contact_max)s::integer[])
               WITH ORDINALITY u(code_id, pool_id, contact_id, order_id, amount, point, origin, at, uses_max, contact_max, n)
         ORDER BY u.code_id, u.contact_id NULLS FIRST, u.n OFFSET 0) s,
       LATERAL use_often(%(project_id)s, s.pool_id, s.code_id, s.contact_id, s.order_id, s.amount, s.point, s.origin, s.at,
                         s.uses_max, s.contact_max) f;

-- name: take_free
-- A code that is used while it waits in line belongs to its user from then on; the caller holds the gates.
INSERT INTO claim (project_id, scope, key, pool_id, code_id, contact_id, request, reserved_at, issued_at, exposed_at, reason)
SELECT %(project_id)s, 'task', 'redeemed:' || u.code_id, u.pool_id, u.code_id, u.contact_id, 'redeemed', %(now)s, %(now)s,
       %(now)s, 'redeemed'
  FROM unnest(%(codes)s::bigint[], %(pools)s::bigint[], %(contacts)s::bigint[]) u(code_id, pool_id, contact_id)
 WHERE u.code_id = ANY (leave_line(%(project_id)s, %(codes)s::bigint[]))
RETURNING pool_id;

-- name: list_in_use
-- Codes that an upload took out of circulation because they are in use elsewhere; those that people withdrew have a reason,
-- and a code that is everybody's is nobody's.
SELECT k.code_id, l.pool_id
  FROM unnest(%(values)s::text[]) u(value)
  JOIN code k ON k.project_id = %(project_id)s AND k.value = u.value
  JOIN lot l ON l.project_id = k.project_id AND l.lot_id = k.lot_id
  JOIN pool p ON p.project_id = l.project_id AND p.pool_id = l.pool_id
 WHERE k.withdrawn_at IS NOT NULL AND k.withdrawn_reason IS NULL AND p.code_type <> 'multi';

-- name: circulate
-- They are used, which is no withdrawal; the caller holds the gates.
UPDATE code SET withdrawn_at = NULL
 WHERE project_id = %(project_id)s AND code_id = ANY (%(codes)s::bigint[]) AND withdrawn_at IS NOT NULL AND withdrawn_reason IS NULL
RETURNING code_id;

-- name: own_circulated
-- As take_free, for codes that stood in no line.
INSERT INTO claim (project_id, scope, key, pool_id, code_id, request, reserved_at, issued_at, exposed_at, reason)
SELECT %(project_id)s, 'task', 'redeemed:' || u.code_id, u.pool_id, u.code_id, 'redeemed', %(now)s, %(now)s, %(now)s, 'redeemed'
  FROM unnest(%(codes)s::bigint[], %(pools)s::bigint[]) u(code_id, pool_id)
RETURNING pool_id;

-- name: roll_back
-- Guarded: an ended use stays as it was ended.
SELECT roll_back_use(%(project_id)s, %(redemption_id)s, %(now)s, %(reason)s) AS is_done;

-- name: roll_back_told
-- What was told to us is taken back when we are told otherwise; a use that was decided here stays. Codes
-- with counters come first, as they do when codes are used, so that two batches never wait for each other.
SELECT s.value
  FROM (SELECT k.value, d.redemption_id
          FROM unnest(%(values)s::text[]) u(value)
          JOIN code k ON k.project_id = %(project_id)s AND k.value = u.value
          JOIN LATERAL (
               SELECT x.redemption_id, x.code_id, x.is_single, x.origin FROM redemption x
                WHERE x.project_id = %(project_id)s AND x.code_id = k.code_id AND x.is_single AND x.rolled_back_at IS NULL
               UNION ALL
               SELECT x.redemption_id, x.code_id, x.is_single, x.origin FROM redemption x
                WHERE x.project_id = %(project_id)s AND x.code_id = k.code_id AND NOT x.is_single
                  AND x.rolled_back_at IS NULL) d ON true
         WHERE d.origin = 'outside' ORDER BY d.is_single, d.code_id, d.redemption_id OFFSET 0) s
 WHERE roll_back_use(%(project_id)s, s.redemption_id, %(now)s, %(reason)s);

-- name: list_live
-- The uses of codes that are not rolled back, the newest first: what a cancellation by value means.
SELECT d.redemption_id, d.contact_id, d.order_id
  FROM code k
  JOIN LATERAL (
       SELECT x.redemption_id, x.contact_id, x.order_id FROM redemption x
        WHERE x.project_id = %(project_id)s AND x.code_id = k.code_id AND x.is_single AND x.rolled_back_at IS NULL
       UNION ALL
       SELECT x.redemption_id, x.contact_id, x.order_id FROM redemption x
        WHERE x.project_id = %(project_id)s AND x.code_id = k.code_id AND NOT x.is_single AND x.rolled_back_at IS NULL) d ON true
 WHERE k.project_id = %(project_id)s AND k.value = %(value)s
 ORDER BY d.redemption_id DESC;

-- name: list_page
-- The newest first; each filter may be null. Planned for its filters each time: the uses of one code are found by its id,
-- those of an order by its name. Live uses and ended ones are in indexes of their own.
SELECT d.redemption_id, d.code_id, k.value, d.pool_id, p.key AS pool_key, d.contact_id, d.order_id, d.amount, d.point,
       d.origin, d.redeemed_at, d.rolled_back_at, d.rolled_back_reason
  FROM redemption d
  JOIN code k ON k.project_id = d.project_id AND k.code_id = d.code_id
  JOIN pool p ON p.project_id = d.project_id AND p.pool_id = d.pool_id
 WHERE d.project_id = %(project_id)s AND d.redemption_id < %(before)s
   AND (%(redemption_id)s::bigint IS NULL OR d.redemption_id = %(redemption_id)s)
   AND (%(pool_id)s::bigint IS NULL OR d.pool_id = %(pool_id)s)
   AND (%(value)s::text IS NULL OR d.redemption_id = ANY (ARRAY(
       SELECT u.redemption_id
         FROM code c,
              LATERAL (SELECT x.redemption_id FROM redemption x
                        WHERE x.project_id = %(project_id)s AND x.code_id = c.code_id AND x.is_single
                          AND x.rolled_back_at IS NULL
                       UNION ALL
                       SELECT x.redemption_id FROM redemption x
                        WHERE x.project_id = %(project_id)s AND x.code_id = c.code_id
                          AND (NOT x.is_single OR x.rolled_back_at IS NOT NULL)) u
        WHERE c.project_id = %(project_id)s AND c.value = %(value)s)))
   AND (%(order_id)s::text IS NULL OR d.redemption_id = ANY (ARRAY(
       SELECT x.redemption_id FROM redemption x
        WHERE x.project_id = %(project_id)s AND x.order_id = %(order_id)s AND x.rolled_back_at IS NULL
       UNION ALL
       SELECT x.redemption_id FROM redemption x
        WHERE x.project_id = %(project_id)s AND x.order_id = %(order_id)s AND x.rolled_back_at IS NOT NULL)))
   AND (%(contact_id)s::bigint IS NULL OR d.contact_id = %(contact_id)s)
 ORDER BY d.redemption_id DESC LIMIT %(limit)s;

-- name: put_rule
-- The rule of a pool as a whole.
INSERT INTO redemption_rule (project_id, pool_id, uses_max, contact_uses_max, is_contact_needed)
VALUES (%(project_id)s, %(pool_id)s, %(uses_max)s, %(contact_uses_max)s, %(is_contact_needed)s)
ON CONFLICT (project_id, pool_id) DO UPDATE
   SET uses_max = excluded.uses_max, contact_uses_max = excluded.contact_uses_max,
       is_contact_needed = excluded.is_contact_needed;

-- name: find_rule
-- Absent means no limits.
SELECT uses_max, contact_uses_max, is_contact_needed FROM redemption_rule
 WHERE project_id = %(project_id)s AND pool_id = %(pool_id)s;

-- name: count_wrong
-- P9, for checks: single-use codes with several live uses or a use without an issued claim, and counters that differ from
-- the uses. Always zero. Limits are not asked: a rule may be narrower than what was used before it.
SELECT (SELECT count(*) FROM (SELECT code_id FROM redemption
                               WHERE project_id = %(project_id)s AND is_single AND rolled_back_at IS NULL
                               GROUP BY code_id HAVING count(*) > 1) twice)
     + (SELECT count(*) FROM redemption d
         WHERE d.project_id = %(project_id)s AND d.is_single AND d.rolled_back_at IS NULL
           AND NOT EXISTS (SELECT FROM claim c WHERE c.project_id = d.project_id AND c.code_id = d.code_id
                                                 AND c.issued_at IS NOT NULL))
     + (SELECT count(*)
          FROM (SELECT code_id, count(*) AS uses FROM redemption
                 WHERE project_id = %(project_id)s AND NOT is_single AND rolled_back_at IS NULL GROUP BY code_id) d
          FULL JOIN (SELECT code_id, uses FROM redemption_count
                      WHERE project_id = %(project_id)s AND contact_id = 0) t USING (code_id)
         WHERE coalesce(d.uses, 0) <> coalesce(t.uses, 0)) AS n;
