-- name: add_all
-- COPY: a step a block and run is the most rows that the engine writes.
COPY step (project_id, run_id, position, block, kind, exit, input, output, error, at) FROM STDIN (FORMAT BINARY);

-- name: list_places
-- Where each block of these runs came first, to find the earlier of two.
SELECT run_id, block, min(position) AS position FROM step
 WHERE project_id = %(project_id)s AND run_id = ANY (%(run_ids)s::bigint[]) GROUP BY run_id, block;

-- name: list_by_run
-- In the order in which the run went.
SELECT run_id, position, block, kind, exit, input, output, error, at FROM step
 WHERE project_id = %(project_id)s AND run_id = %(run_id)s ORDER BY position;

-- name: count_passages
-- How the newest runs of a workflow left its blocks. Their number is bounded, so that the count stays quick however long
-- the history is; steps are read by the key of their run.
SELECT s.block, s.exit, s.error IS NOT NULL AS is_error, count(*) AS passages
  FROM (SELECT r.run_id FROM run r
         WHERE r.project_id = %(project_id)s AND r.workflow_id = %(workflow_id)s
           AND (%(version)s::integer IS NULL OR r.version = %(version)s)
           AND (%(since)s::timestamptz IS NULL OR r.started_at >= %(since)s)
           AND (%(until)s::timestamptz IS NULL OR r.started_at < %(until)s)
         ORDER BY r.run_id DESC LIMIT %(limit)s) c
  JOIN step s ON s.project_id = %(project_id)s AND s.run_id = c.run_id AND s.kind <> 'source'
 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;

-- name: count_chosen
-- How many runs that count looks at, in which states, and where those stand that are on their way.
SELECT c.state, CASE WHEN c.state IN ('due', 'leased', 'calling', 'held') THEN c.block END AS block, count(*) AS runs,
       min(c.started_at) AS oldest_at
  FROM (SELECT r.state, r.block, r.started_at FROM run r
         WHERE r.project_id = %(project_id)s AND r.workflow_id = %(workflow_id)s
           AND (%(version)s::integer IS NULL OR r.version = %(version)s)
           AND (%(since)s::timestamptz IS NULL OR r.started_at >= %(since)s)
           AND (%(until)s::timestamptz IS NULL OR r.started_at < %(until)s)
         ORDER BY r.run_id DESC LIMIT %(limit)s) c
 GROUP BY 1, 2 ORDER BY 1, 2;
