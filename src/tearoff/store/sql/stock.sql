-- name: list_stock
-- Exact and cheap, however many codes there are: lots count what waits in them and what was claimed from them, stock_count
-- holds the rest, and withdrawn codes have an index of their own. A pool's issue window narrows those of its lots.
SELECT p.pool_id, coalesce(q.free, 0) AS free, coalesce(q.available, 0) AS available, coalesce(q.scheduled, 0) AS scheduled,
       coalesce(q.expired, 0) AS expired, coalesce(q.expiring, 0) AS expiring,
       coalesce(q.claimed, 0) + c.claimed AS claimed, coalesce(q.issued, 0) + c.issued AS issued,
       (SELECT count(*) FROM lot w JOIN code k ON k.project_id = w.project_id AND k.lot_id = w.lot_id
         WHERE w.project_id = p.project_id AND w.pool_id = p.pool_id AND k.withdrawn_at IS NOT NULL) AS withdrawn,
       c.redeemed
  FROM pool p,
       LATERAL (SELECT sum(s.waiting)::bigint AS free, sum(s.claimed)::bigint AS claimed, sum(s.issued)::bigint AS issued,
                       (sum(s.waiting) FILTER (WHERE s.is_usable AND s.issue_from <= %(now)s))::bigint AS available,
                       (sum(s.waiting) FILTER (WHERE s.is_usable AND s.issue_from > %(now)s))::bigint AS scheduled,
                       (sum(s.waiting) FILTER (WHERE s.expires_at <= %(now)s))::bigint AS expired,
                       (sum(s.waiting) FILTER (WHERE s.is_usable AND s.issue_from <= %(now)s
                                                 AND s.expires_at <= %(soon)s))::bigint AS expiring
                  FROM (SELECT l.waiting, l.claimed, l.issued, l.expires_at,
                               greatest(l.issue_from, p.issue_from) AS issue_from,
                               l.expires_at > %(now)s AND least(l.issue_until, p.issue_until) > %(now)s AS is_usable
                          FROM lot l WHERE l.project_id = p.project_id AND l.pool_id = p.pool_id) s) q,
       LATERAL (SELECT coalesce(sum(t.claimed), 0)::bigint AS claimed, coalesce(sum(t.issued), 0)::bigint AS issued,
                       coalesce(sum(t.redeemed), 0)::bigint AS redeemed
                  FROM stock_count t WHERE t.project_id = p.project_id AND t.pool_id = p.pool_id) c
 WHERE p.project_id = %(project_id)s AND (%(pool_ids)s::bigint[] IS NULL OR p.pool_id = ANY (%(pool_ids)s::bigint[]))
 ORDER BY p.pool_id;

-- name: note
-- Added in the transaction of what it counts; nobody waits for anybody.
INSERT INTO stock_count (project_id, pool_id, claimed, issued, redeemed)
SELECT %(project_id)s, u.pool_id, u.claimed, u.issued, u.redeemed
  FROM unnest(%(pool_ids)s::bigint[], %(claimed)s::bigint[], %(issued)s::bigint[], %(redeemed)s::bigint[])
       u(pool_id, claimed, issued, redeemed);

-- name: sum_up
-- Many changes become one row with their sum. Whoever reads sees either the changes or the sum.
WITH gone AS (
    DELETE FROM stock_count t
     WHERE t.project_id = %(project_id)s AND t.pool_id IN (
           SELECT m.pool_id FROM stock_count m WHERE m.project_id = %(project_id)s
            GROUP BY m.pool_id HAVING count(*) > %(rows_max)s)
    RETURNING t.pool_id, t.claimed, t.issued, t.redeemed)
INSERT INTO stock_count (project_id, pool_id, claimed, issued, redeemed)
SELECT %(project_id)s, pool_id, sum(claimed), sum(issued), sum(redeemed) FROM gone GROUP BY pool_id;

-- name: put_samples
-- One row a pool and hour, as it was when the hour was looked at last.
INSERT INTO stock_sample (project_id, pool_id, hour, at, ready, claimed, issued, redeemed)
SELECT %(project_id)s, u.pool_id, %(hour)s, %(now)s, u.ready, u.claimed, u.issued, u.redeemed
  FROM unnest(%(pool_ids)s::bigint[], %(ready)s::bigint[], %(claimed)s::bigint[], %(issued)s::bigint[],
              %(redeemed)s::bigint[]) u(pool_id, ready, claimed, issued, redeemed)
 ORDER BY u.pool_id
    ON CONFLICT (project_id, pool_id, hour) DO UPDATE
   SET at = excluded.at, ready = excluded.ready, claimed = excluded.claimed, issued = excluded.issued,
       redeemed = excluded.redeemed
 WHERE (stock_sample.ready, stock_sample.claimed, stock_sample.issued, stock_sample.redeemed)
       IS DISTINCT FROM (excluded.ready, excluded.claimed, excluded.issued, excluded.redeemed)
    OR stock_sample.at < excluded.at - interval '10 minutes';

-- name: list_samples
-- The past of one pool, the oldest first.
SELECT hour, at, ready, claimed, issued, redeemed FROM stock_sample
 WHERE project_id = %(project_id)s AND pool_id = %(pool_id)s AND hour >= %(since)s ORDER BY hour;

-- name: list_paces
-- The first look at each pool in each window of the past: what was claimed since then tells its pace.
SELECT u.pool_id, s.at, s.claimed
  FROM unnest(%(pool_ids)s::bigint[]) u(pool_id), unnest(%(sinces)s::timestamptz[]) w(since),
       LATERAL (SELECT m.at, m.claimed FROM stock_sample m
                 WHERE m.project_id = %(project_id)s AND m.pool_id = u.pool_id AND m.hour >= w.since - interval '1 hour'
                   AND m.at >= w.since
                 ORDER BY m.hour LIMIT 1) s
 ORDER BY u.pool_id, s.at;

-- name: list_days
-- What was claimed of each pool until the end of each day, as the project's zone has it.
SELECT DISTINCT ON (pool_id, day) pool_id, (hour AT TIME ZONE %(zone)s)::date AS day, claimed
  FROM stock_sample
 WHERE project_id = %(project_id)s AND pool_id = ANY (%(pool_ids)s::bigint[]) AND hour >= %(since)s
 ORDER BY pool_id, day, hour DESC;

-- name: list_expiries
-- What waits, by when it runs out: a forecast loses it then.
SELECT pool_id, expires_at AS at, sum(waiting)::bigint AS codes FROM lot
 WHERE project_id = %(project_id)s AND pool_id = ANY (%(pool_ids)s::bigint[]) AND is_open AND expires_at > %(now)s
   AND expires_at <= %(until)s AND issue_until > %(now)s
 GROUP BY pool_id, expires_at ORDER BY pool_id, expires_at;

-- name: list_rungs
-- The thresholds beside the pools' own.
SELECT pool_id, below, level FROM alert_rung
 WHERE project_id = %(project_id)s AND (%(pool_id)s::bigint IS NULL OR pool_id = %(pool_id)s) ORDER BY pool_id, below;

-- name: remove_rungs
-- Before others take their place.
DELETE FROM alert_rung WHERE project_id = %(project_id)s AND pool_id = %(pool_id)s;

-- name: add_rungs
-- The ladder of one pool.
INSERT INTO alert_rung (project_id, pool_id, below, level)
SELECT %(project_id)s, %(pool_id)s, u.below, u.level FROM unnest(%(belows)s::bigint[], %(levels)s::text[]) u(below, level);

-- name: count_events
-- How many events of a type came since an instant: what a workflow that they start may expect.
SELECT count(*) AS n FROM event e JOIN event_type t ON t.project_id = e.project_id AND t.event_type_id = e.event_type_id
 WHERE e.project_id = %(project_id)s AND t.key = %(event_type)s AND e.received_at >= %(since)s;
