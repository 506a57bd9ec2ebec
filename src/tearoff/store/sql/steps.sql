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
