-- name: prune_keys
-- Answers are repeated for some days; a batch at a time, so that nobody waits long for the rows.
WITH q AS MATERIALIZED (
    SELECT door, key FROM idempotency
     WHERE project_id = %(project_id)s AND created_at < %(before)s
     ORDER BY created_at LIMIT %(limit)s)
DELETE FROM idempotency i USING q
 WHERE i.project_id = %(project_id)s AND i.door = q.door AND i.key = q.key AND i.created_at < %(before)s;

-- name: get_mark
-- Up to which id a kind was pruned: what lies behind it is never looked at again.
SELECT upto FROM prune_mark WHERE project_id = %(project_id)s AND kind = %(kind)s;

-- name: set_mark
-- In the transaction of the batch.
INSERT INTO prune_mark (project_id, kind, upto) VALUES (%(project_id)s, %(kind)s, %(upto)s)
    ON CONFLICT (project_id, kind) DO UPDATE SET upto = greatest(prune_mark.upto, excluded.upto);

-- name: list_old_deliveries
-- Ids follow time closely enough: the look ends at the first one that is young.
SELECT q.id FROM (SELECT delivery_id AS id, created_at AS at FROM delivery
                   WHERE project_id = %(project_id)s AND delivery_id > %(after)s ORDER BY delivery_id LIMIT %(limit)s) q
 WHERE q.at < %(before)s ORDER BY q.id;

-- name: list_old_runs
-- By their start: no run waits as long as these are kept.
SELECT q.id FROM (SELECT run_id AS id, started_at AS at FROM run
                   WHERE project_id = %(project_id)s AND run_id > %(after)s ORDER BY run_id LIMIT %(limit)s) q
 WHERE q.at < %(before)s ORDER BY q.id;

-- name: prune_bodies
-- What was sent stays in the books, its words do not.
UPDATE delivery SET content = NULL
 WHERE project_id = %(project_id)s AND delivery_id = ANY (%(ids)s::bigint[]) AND content IS NOT NULL
   AND state IN ('sent', 'failed', 'cancelled');

-- name: prune_steps
-- The history of runs that ended long ago; the run itself stays with its outcome, since claims name it.
DELETE FROM step s USING run r
 WHERE s.project_id = %(project_id)s AND s.run_id = ANY (%(ids)s::bigint[])
   AND r.project_id = s.project_id AND r.run_id = s.run_id AND r.state IN ('done', 'failed', 'stopped');

-- name: prune_answers
-- What data sources said in runs that ended long ago.
UPDATE run SET answers = '{}'
 WHERE project_id = %(project_id)s AND run_id = ANY (%(ids)s::bigint[]) AND state IN ('done', 'failed', 'stopped')
   AND answers <> '{}';

-- name: prune_notices
-- What subscribers were told.
DELETE FROM notice n
 WHERE n.project_id = %(project_id)s AND n.notice_id = ANY (ARRAY(
       SELECT notice_id FROM notice
        WHERE project_id = %(project_id)s AND state <> 'waiting' AND created_at < %(before)s LIMIT %(limit)s));

-- name: prune_samples
-- The hourly past of pools.
WITH q AS MATERIALIZED (
    SELECT pool_id, hour FROM stock_sample
     WHERE project_id = %(project_id)s AND hour < %(before)s LIMIT %(limit)s)
DELETE FROM stock_sample s USING q
 WHERE s.project_id = %(project_id)s AND s.pool_id = q.pool_id AND s.hour = q.hour;

-- name: prune_refusals
-- Attempts to redeem that were refused.
DELETE FROM redemption_refusal r
 WHERE r.project_id = %(project_id)s AND r.refusal_id = ANY (ARRAY(
       SELECT refusal_id FROM redemption_refusal
        WHERE project_id = %(project_id)s AND refused_at < %(before)s
        ORDER BY refused_at LIMIT %(limit)s));

-- name: prune_guesses
-- Who guessed once, and is not locked out any more.
DELETE FROM guess g
 WHERE g.project_id = %(project_id)s AND g.subject = ANY (ARRAY(
       SELECT subject FROM guess
        WHERE project_id = %(project_id)s AND since < %(before)s AND coalesce(locked_until, since) < %(before)s AND is_told
        LIMIT %(limit)s FOR UPDATE SKIP LOCKED));

-- name: prune_problems
-- Problems that ended long ago, with their logs; one whose threshold is still crossed remembers that nobody is told anew.
DELETE FROM problem b
 WHERE b.project_id = %(project_id)s AND b.problem_id = ANY (ARRAY(
       SELECT problem_id FROM problem
        WHERE project_id = %(project_id)s AND closed_at < %(before)s AND rung IS NULL
        LIMIT %(limit)s FOR UPDATE SKIP LOCKED));

-- name: prune_problem_events
-- The old part of the log of a problem that goes on.
WITH q AS MATERIALIZED (
    SELECT problem_id, event_id FROM problem_event
     WHERE project_id = %(project_id)s AND at < %(before)s LIMIT %(limit)s)
DELETE FROM problem_event e USING q
 WHERE e.project_id = %(project_id)s AND e.problem_id = q.problem_id AND e.event_id = q.event_id;

-- name: prune_rejects
-- Refused rows hold codes in full; the task and its report stay.
WITH q AS MATERIALIZED (
    SELECT x.task_id, x.line FROM task t JOIN task_reject x ON x.project_id = t.project_id AND x.task_id = t.task_id
     WHERE t.project_id = %(project_id)s AND t.finished_at < %(before)s LIMIT %(limit)s)
DELETE FROM task_reject r USING q
 WHERE r.project_id = %(project_id)s AND r.task_id = q.task_id AND r.line = q.line;

-- name: prune_previews
-- What the rows of dry runs would have come to.
WITH q AS MATERIALIZED (
    SELECT x.task_id, x.line FROM task t JOIN code_import_row x ON x.project_id = t.project_id AND x.task_id = t.task_id
     WHERE t.project_id = %(project_id)s AND t.finished_at < %(before)s LIMIT %(limit)s)
DELETE FROM code_import_row r USING q
 WHERE r.project_id = %(project_id)s AND r.task_id = q.task_id AND r.line = q.line;

-- name: prune_audit
-- The oldest lines first: their ids follow time, so the look ends where they are young.
DELETE FROM audit a
 WHERE a.project_id = %(project_id)s AND a.at < %(before)s AND a.audit_id = ANY (ARRAY(
       SELECT audit_id FROM audit
        WHERE project_id = %(project_id)s
        ORDER BY audit_id LIMIT %(limit)s));
