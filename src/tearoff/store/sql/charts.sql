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
-- Ids rise with time, but for moments in which several write at once: the first id of the range is found by halves, a
-- little early, so that no index has to know times.
WITH RECURSIVE half (low, high) AS (
    SELECT coalesce(min(delivery_id), 1), coalesce(max(delivery_id), 0) + 1 FROM delivery WHERE project_id = %(project_id)s
    UNION ALL
    SELECT CASE WHEN m.created_at < %(early)s THEN m.delivery_id + 1 ELSE h.low END,
           CASE WHEN m.created_at < %(early)s THEN h.high ELSE (h.low + h.high) / 2 END
      FROM half h
      LEFT JOIN LATERAL (SELECT x.delivery_id, x.created_at FROM delivery x
                          WHERE x.project_id = %(project_id)s AND x.delivery_id >= (h.low + h.high) / 2 AND x.delivery_id < h.high
                          ORDER BY x.delivery_id LIMIT 1) m ON true
     WHERE h.low < h.high)
SELECT width_bucket(created_at, %(starts)s::timestamptz[]) AS n, state, count(*) AS count FROM delivery
 WHERE project_id = %(project_id)s AND delivery_id >= (SELECT low FROM half WHERE low >= high)
   AND created_at >= %(since)s AND created_at < %(until)s
 GROUP BY 1, 2 ORDER BY 1, 2;

-- name: count_runs
-- Runs by their state now, in the bucket in which they began.
-- Ids rise with time, but for moments in which several write at once: the first id of the range is found by halves, a
-- little early, so that no index has to know times.
WITH RECURSIVE half (low, high) AS (
    SELECT coalesce(min(run_id), 1), coalesce(max(run_id), 0) + 1 FROM run WHERE project_id = %(project_id)s
    UNION ALL
    SELECT CASE WHEN m.started_at < %(early)s THEN m.run_id + 1 ELSE h.low END,
           CASE WHEN m.started_at < %(early)s THEN h.high ELSE (h.low + h.high) / 2 END
      FROM half h
      LEFT JOIN LATERAL (SELECT x.run_id, x.started_at FROM run x
                          WHERE x.project_id = %(project_id)s AND x.run_id >= (h.low + h.high) / 2 AND x.run_id < h.high
                          ORDER BY x.run_id LIMIT 1) m ON true
     WHERE h.low < h.high)
SELECT width_bucket(started_at, %(starts)s::timestamptz[]) AS n, state, count(*) AS count FROM run
 WHERE project_id = %(project_id)s AND run_id >= (SELECT low FROM half WHERE low >= high)
   AND started_at >= %(since)s AND started_at < %(until)s
   AND (%(workflow_id)s::bigint IS NULL OR workflow_id = %(workflow_id)s)
 GROUP BY 1, 2 ORDER BY 1, 2;
