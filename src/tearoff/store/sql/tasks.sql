-- name: add
-- A task is numbered before its work, so that its lots and rejects can point to it.
INSERT INTO task (project_id, kind, state, total, created_at)
VALUES (%(project_id)s, %(kind)s, 'running', %(total)s, %(now)s) RETURNING task_id;

-- name: finish
-- Guarded: a finished task keeps its report.
UPDATE task SET state = %(state)s, done = %(done)s, total = %(done)s, report = %(report)s, finished_at = %(now)s
 WHERE project_id = %(project_id)s AND task_id = %(task_id)s AND finished_at IS NULL;

-- name: add_to_report
-- What was done to a task's work later on.
UPDATE task SET report = report || %(report)s WHERE project_id = %(project_id)s AND task_id = %(task_id)s;

-- name: get
-- One task with its report.
SELECT task_id, kind, state, done, total, report, created_at, started_at, finished_at FROM task
 WHERE project_id = %(project_id)s AND task_id = %(task_id)s;

-- name: list_page
-- The newest first.
SELECT task_id, kind, state, done, total, report, created_at, started_at, finished_at FROM task
 WHERE project_id = %(project_id)s AND (%(before)s::bigint IS NULL OR task_id < %(before)s)
 ORDER BY task_id DESC LIMIT %(limit)s;

-- name: list_by_ids
-- The newest first.
SELECT task_id, kind, state, done, total, report, created_at, started_at, finished_at FROM task
 WHERE project_id = %(project_id)s AND task_id = ANY (%(task_ids)s::bigint[]) ORDER BY task_id DESC;

-- name: list_rejects
-- By line, a page at a time.
SELECT line, value, reason FROM task_reject
 WHERE project_id = %(project_id)s AND task_id = %(task_id)s AND line > %(after)s ORDER BY line LIMIT %(limit)s;
