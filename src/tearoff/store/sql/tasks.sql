-- name: add
-- A task is numbered before its work, so that its lots and rejects can point to it.
INSERT INTO task (project_id, kind, state, total, created_at, created_by, name, pool_id, is_dry_run)
VALUES (%(project_id)s, %(kind)s, 'running', %(total)s, %(now)s, %(by)s, %(name)s, %(pool_id)s, %(is_dry_run)s)
RETURNING task_id;

-- name: finish
-- Guarded: a finished task keeps its report.
UPDATE task SET state = %(state)s, done = %(done)s, total = %(done)s, report = %(report)s, finished_at = %(now)s
 WHERE project_id = %(project_id)s AND task_id = %(task_id)s AND finished_at IS NULL;

-- name: add_to_report
-- What was done to a task's work later on.
UPDATE task SET report = report || %(report)s WHERE project_id = %(project_id)s AND task_id = %(task_id)s;

-- name: stop
-- Guarded, and only what its worker looks at again between two batches: what was done until then stays.
UPDATE task SET state = 'cancelled', finished_at = %(now)s, total = done
 WHERE project_id = %(project_id)s AND task_id = %(task_id)s AND kind = ANY (%(kinds)s::text[]) AND finished_at IS NULL;

-- name: get
-- One task with its report.
SELECT t.task_id, t.kind, t.state, t.done, t.total, t.report, t.created_at, t.started_at, t.finished_at, t.created_by, t.name,
       t.is_dry_run, p.key AS pool
  FROM task t LEFT JOIN pool p ON p.project_id = t.project_id AND p.pool_id = t.pool_id
 WHERE t.project_id = %(project_id)s AND t.task_id = %(task_id)s;

-- name: list_page
-- The newest first; each filter may be null.
SELECT t.task_id, t.kind, t.state, t.done, t.total, t.report, t.created_at, t.started_at, t.finished_at, t.created_by, t.name,
       t.is_dry_run, p.key AS pool
  FROM task t LEFT JOIN pool p ON p.project_id = t.project_id AND p.pool_id = t.pool_id
 WHERE t.project_id = %(project_id)s AND (%(before)s::bigint IS NULL OR t.task_id < %(before)s)
   AND (%(kind)s::text IS NULL OR t.kind = %(kind)s) AND (%(state)s::text IS NULL OR t.state = %(state)s)
   AND (%(pool_id)s::bigint IS NULL OR t.pool_id = %(pool_id)s)
 ORDER BY t.task_id DESC LIMIT %(limit)s;

-- name: list_by_ids
-- The newest first.
SELECT t.task_id, t.kind, t.state, t.done, t.total, t.report, t.created_at, t.started_at, t.finished_at, t.created_by, t.name,
       t.is_dry_run, p.key AS pool
  FROM task t LEFT JOIN pool p ON p.project_id = t.project_id AND p.pool_id = t.pool_id
 WHERE t.project_id = %(project_id)s AND t.task_id = ANY (%(task_ids)s::bigint[]) ORDER BY t.task_id DESC;

-- name: list_rejects
-- By line, a page at a time.
SELECT line, value, reason FROM task_reject
 WHERE project_id = %(project_id)s AND task_id = %(task_id)s AND line > %(after)s ORDER BY line LIMIT %(limit)s;
