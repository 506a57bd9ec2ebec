-- name: list_looks
-- What was counted in each pool at the end of each bucket, and (as 0) before the first: a range of the samples a pool,
-- which are one an hour however many codes there are. A pool without samples has one row, as -1.
SELECT p.pool_id, p.key, p.created_at, coalesce(s.n, -1) AS n, coalesce(s.issued, 0) AS issued,
       coalesce(s.redeemed, 0) AS redeemed, coalesce(s.ready, 0) AS ready
  FROM pool p
  LEFT JOIN LATERAL (SELECT DISTINCT ON (q.n) q.n, q.issued, q.redeemed, q.ready
                  FROM (SELECT width_bucket(t.at, %(starts)s::timestamptz[]) AS n, t.hour, t.issued, t.redeemed, t.ready
                          FROM stock_sample t
                         WHERE t.project_id = %(project_id)s AND t.pool_id = p.pool_id AND t.hour >= %(since)s
                           AND t.hour < %(until)s AND t.at < %(until)s
                        UNION ALL
                        (SELECT 0, t.hour, t.issued, t.redeemed, t.ready FROM stock_sample t
                          WHERE t.project_id = %(project_id)s AND t.pool_id = p.pool_id AND t.hour < %(since)s
                          ORDER BY t.hour DESC LIMIT 1)) q
                 ORDER BY q.n, q.hour DESC) s ON true
 WHERE p.project_id = %(project_id)s AND (%(pool_id)s::bigint IS NULL OR p.pool_id = %(pool_id)s)
   AND (%(pool_id)s::bigint IS NOT NULL OR p.state <> 'draft')
 ORDER BY p.pool_id, s.n;

-- name: count_deliveries
-- Deliveries by their state now, in the bucket in which they were written.
SELECT width_bucket(created_at, %(starts)s::timestamptz[]) AS n, state, count(*) AS count FROM delivery
 WHERE project_id = %(project_id)s AND created_at >= %(since)s AND created_at < %(until)s
 GROUP BY 1, 2 ORDER BY 1, 2;

-- name: count_runs
-- Runs by their state now, in the bucket in which they began.
SELECT width_bucket(started_at, %(starts)s::timestamptz[]) AS n, state, count(*) AS count FROM run
 WHERE project_id = %(project_id)s AND started_at >= %(since)s AND started_at < %(until)s
   AND (%(workflow_id)s::bigint IS NULL OR workflow_id = %(workflow_id)s)
 GROUP BY 1, 2 ORDER BY 1, 2;
