-- name: add_all
-- One statement for a batch; the ids come back in the order of the arrays.
INSERT INTO run (project_id, workflow_id, version, event_id, request_id, contact_id, block, state, wake_at, data, started_at)
SELECT %(project_id)s, u.workflow_id, u.version, u.event_id, u.request_id, u.contact_id, u.block, 'due', %(now)s, u.data, %(now)s
  FROM unnest(%(workflow_ids)s::bigint[], %(versions)s::integer[], %(event_ids)s::bigint[], %(request_ids)s::uuid[],
              %(contact_ids)s::bigint[], %(blocks)s::text[], %(datas)s::jsonb[])
       WITH ORDINALITY u(workflow_id, version, event_id, request_id, contact_id, block, data, o)
 ORDER BY u.o
RETURNING run_id;

-- name: lease
-- SKIP LOCKED over the partial index of what is due, so that runners share without waiting for each other. An array is
-- made once: a nested loop would run a subquery of FROM again for every row, and take the next ones each time.
UPDATE run r SET state = 'leased', lease = %(lease)s, lease_until = %(until)s
 WHERE r.project_id = %(project_id)s AND r.run_id = ANY (ARRAY(
       SELECT d.run_id FROM run d
        WHERE d.project_id = %(project_id)s AND d.state = 'due' AND d.wake_at <= %(now)s
        ORDER BY d.wake_at, d.run_id LIMIT %(limit)s FOR UPDATE SKIP LOCKED))
RETURNING r.run_id, r.workflow_id, r.version, r.event_id, r.request_id, r.contact_id, r.block, r.attempt, r.position,
          r.held_at, r.hold_until, r.data, r.answers, r.lease;

-- name: lease_calling
-- Runs that wait for a data source; the same lease guards them.
UPDATE run r SET state = 'leased', lease = %(lease)s, lease_until = %(until)s
 WHERE r.project_id = %(project_id)s AND r.run_id = ANY (ARRAY(
       SELECT d.run_id FROM run d
        WHERE d.project_id = %(project_id)s AND d.state = 'calling' AND d.wake_at <= %(now)s
        ORDER BY d.wake_at, d.run_id LIMIT %(limit)s FOR UPDATE SKIP LOCKED))
RETURNING r.run_id, r.workflow_id, r.version, r.event_id, r.request_id, r.contact_id, r.block, r.attempt, r.position,
          r.held_at, r.hold_until, r.data, r.answers, r.lease;

-- name: list_params
-- What the events that started these runs said.
SELECT event_id, params FROM event WHERE project_id = %(project_id)s AND event_id = ANY (%(event_ids)s::bigint[]);

-- name: lock_leased
-- Who still holds its lease may write; the others were taken over.
SELECT run_id FROM run
 WHERE project_id = %(project_id)s AND lease = %(lease)s AND state = 'leased' AND run_id = ANY (%(run_ids)s::bigint[])
 ORDER BY run_id FOR UPDATE;

-- name: list_leased
-- Without locks, for who only wants to know whether it is worth going on.
SELECT run_id FROM run
 WHERE project_id = %(project_id)s AND lease = %(lease)s AND state = 'leased' AND run_id = ANY (%(run_ids)s::bigint[]);

-- name: move_all
-- One statement moves a whole set on; the caller locked the runs by their lease.
UPDATE run r SET state = u.state, block = u.block, position = u.position, contact_id = u.contact_id, wake_at = u.wake_at,
       held_at = u.held_at, hold_pool_id = u.hold_pool_id, hold_criteria = u.hold_criteria, hold_until = u.hold_until,
       data = u.data, answers = u.answers, error = u.error,
       finished_at = CASE WHEN u.state IN ('done', 'failed', 'stopped') THEN %(now)s::timestamptz END,
       lease = NULL, lease_until = NULL
  FROM unnest(%(run_ids)s::bigint[], %(states)s::text[], %(blocks)s::text[], %(positions)s::smallint[],
              %(contact_ids)s::bigint[], %(wake_ats)s::timestamptz[], %(held_ats)s::timestamptz[],
              %(hold_pool_ids)s::bigint[], %(hold_criterias)s::text[], %(hold_untils)s::timestamptz[],
              %(datas)s::jsonb[], %(answerss)s::jsonb[], %(errors)s::jsonb[])
       u(run_id, state, block, position, contact_id, wake_at, held_at, hold_pool_id, hold_criteria, hold_until, data,
         answers, error)
 WHERE r.project_id = %(project_id)s AND r.run_id = u.run_id;

-- name: take_over
-- Leases that ran out: their holder is gone or too late, and its writes will be refused. One that writes right now holds
-- the locks and is skipped.
UPDATE run r SET state = 'due', lease = NULL, lease_until = NULL
 WHERE r.project_id = %(project_id)s AND r.run_id = ANY (ARRAY(
       SELECT l.run_id FROM run l
        WHERE l.project_id = %(project_id)s AND l.state = 'leased' AND l.lease_until <= %(now)s
        ORDER BY l.run_id FOR UPDATE SKIP LOCKED));

-- name: list_queues
-- The queues of held runs, one for each pool and criteria.
SELECT hold_pool_id AS pool_id, hold_criteria AS criteria, count(*) AS waiting
  FROM run
 WHERE project_id = %(project_id)s AND held_at IS NOT NULL AND state = 'held'
   AND (%(pool_id)s::bigint IS NULL OR hold_pool_id = %(pool_id)s)
 GROUP BY 1, 2 ORDER BY 1, 2;

-- name: wake
-- The oldest first, at most as many as there is stock; held_at stays, so that they keep their turn.
UPDATE run r SET state = 'due', wake_at = %(now)s
 WHERE r.project_id = %(project_id)s AND r.run_id = ANY (ARRAY(
       SELECT h.run_id FROM run h
        WHERE h.project_id = %(project_id)s AND h.hold_pool_id = %(pool_id)s AND h.hold_criteria = %(criteria)s
          AND h.held_at IS NOT NULL AND h.state = 'held'
        ORDER BY h.held_at, h.run_id LIMIT %(limit)s FOR UPDATE SKIP LOCKED));

-- name: count_waiting
-- Runs of a queue that are not among those asking now: while any wait, new ones queue behind them.
SELECT count(*) AS n FROM (
    SELECT 1 FROM run
     WHERE project_id = %(project_id)s AND hold_pool_id = %(pool_id)s AND hold_criteria = %(criteria)s
       AND held_at IS NOT NULL AND state IN ('held', 'due', 'leased') AND NOT run_id = ANY (%(run_ids)s::bigint[])
     LIMIT 1) q;

-- name: count_woken
-- Runs of a queue that were woken and have not asked yet: the stock is theirs first.
SELECT count(*) AS n FROM run
 WHERE project_id = %(project_id)s AND hold_pool_id = %(pool_id)s AND hold_criteria = %(criteria)s
   AND held_at IS NOT NULL AND state IN ('due', 'leased');

-- name: fail_expired_holds
-- Held too long: the run fails and can be retried by hand. The locks are taken in order, before any gate.
UPDATE run r SET state = 'failed', finished_at = %(now)s, error = %(error)s,
       held_at = NULL, hold_pool_id = NULL, hold_criteria = NULL, hold_until = NULL
 WHERE r.project_id = %(project_id)s AND r.run_id = ANY (ARRAY(
       SELECT h.run_id FROM run h
        WHERE h.project_id = %(project_id)s AND h.held_at IS NOT NULL AND h.state = 'held' AND h.hold_until <= %(now)s
        ORDER BY h.run_id LIMIT %(limit)s FOR UPDATE SKIP LOCKED))
RETURNING r.run_id;

-- name: mark_failed
-- A run whose message surely did not go out did not do its job; it failed at the block of that message.
UPDATE run r SET state = 'failed', block = u.block, error = u.error, finished_at = %(now)s
  FROM unnest(%(run_ids)s::bigint[], %(blocks)s::text[], %(errors)s::jsonb[]) u(run_id, block, error)
 WHERE r.project_id = %(project_id)s AND r.run_id = u.run_id AND r.state = 'done'
RETURNING r.run_id;

-- name: stop
-- Only what nobody works on right now can be stopped; a leased run is asked again later.
UPDATE run SET state = 'stopped', finished_at = %(now)s,
       held_at = NULL, hold_pool_id = NULL, hold_criteria = NULL, hold_until = NULL
 WHERE project_id = %(project_id)s AND run_id = ANY (%(run_ids)s::bigint[]) AND state IN ('due', 'held', 'calling')
RETURNING run_id;

-- name: lock
-- In one order, so that nobody who changes several runs waits for somebody who waits for him.
SELECT run_id, state FROM run
 WHERE project_id = %(project_id)s AND run_id = ANY (%(run_ids)s::bigint[]) ORDER BY run_id FOR UPDATE;

-- name: lock_free
-- As lock, without waiting: whoever holds a run settles it himself.
SELECT run_id FROM run
 WHERE project_id = %(project_id)s AND run_id = ANY (%(run_ids)s::bigint[]) ORDER BY run_id FOR UPDATE SKIP LOCKED;

-- name: list_failed
-- What a retry needs to know of failed runs; the caller locked them.
SELECT run_id, block, data FROM run
 WHERE project_id = %(project_id)s AND run_id = ANY (%(run_ids)s::bigint[]) AND state = 'failed' ORDER BY run_id;

-- name: fail_leased
-- A run that nobody can work on, whatever the reason: it fails alone, if the lease still holds it.
UPDATE run SET state = 'failed', error = %(error)s, finished_at = %(now)s, lease = NULL, lease_until = NULL,
       held_at = NULL, hold_pool_id = NULL, hold_criteria = NULL, hold_until = NULL
 WHERE project_id = %(project_id)s AND run_id = %(run_id)s AND lease = %(lease)s AND state = 'leased'
RETURNING run_id;

-- name: restart
-- Under the next attempt, so that the keys of returned claims stay spent; the caller locked the runs.
UPDATE run r SET state = 'due', wake_at = %(now)s, attempt = r.attempt + 1, error = NULL, finished_at = NULL,
       block = u.block, data = u.data
  FROM unnest(%(run_ids)s::bigint[], %(blocks)s::text[], %(datas)s::jsonb[]) u(run_id, block, data)
 WHERE r.project_id = %(project_id)s AND r.run_id = u.run_id AND r.state = 'failed'
RETURNING r.run_id;

-- name: list_page
-- The newest first, with the names a person knows. Planned for its filters each time, so that each finds its index.
SELECT r.run_id, w.key AS workflow, r.version, r.event_id, r.contact_id, r.block, r.state, r.attempt, r.held_at,
       r.hold_until, r.error, r.started_at, r.finished_at
  FROM run r LEFT JOIN workflow w ON w.project_id = r.project_id AND w.workflow_id = r.workflow_id
 WHERE r.project_id = %(project_id)s AND (%(before)s::bigint IS NULL OR r.run_id < %(before)s)
   AND (%(state)s::text IS NULL OR r.state = %(state)s)
   AND (%(workflow_id)s::bigint IS NULL OR r.workflow_id = %(workflow_id)s)
   AND (%(state)s::text IS DISTINCT FROM 'held' OR r.held_at IS NOT NULL)
   AND (%(error)s::text IS NULL OR r.state IN ('failed', 'stopped'))
   AND (%(error)s::text IS NULL OR strpos(lower(r.error::text), lower(%(error)s)) > 0)
   AND (%(run_id)s::bigint IS NULL OR r.run_id = %(run_id)s)
   AND (%(event_id)s::bigint IS NULL OR r.event_id = %(event_id)s)
   AND (%(contact_id)s::bigint IS NULL OR r.contact_id = %(contact_id)s)
 ORDER BY r.run_id DESC LIMIT %(limit)s;

-- name: list_stoppable
-- What stopping all of a workflow takes next, a set at a time, from the indexes of what is on its way.
SELECT q.run_id FROM (
    SELECT run_id FROM run
     WHERE project_id = %(project_id)s AND workflow_id = %(workflow_id)s AND state IN ('due', 'calling') AND run_id > %(after)s
    UNION ALL
    SELECT run_id FROM run
     WHERE project_id = %(project_id)s AND workflow_id = %(workflow_id)s AND state = 'held' AND held_at IS NOT NULL
       AND run_id > %(after)s) q
 ORDER BY q.run_id LIMIT %(limit)s;

-- name: count_live
-- The runs of a workflow that are on their way: what stopping them all would stop.
SELECT q.state, count(*) AS runs FROM (
    SELECT state FROM run
     WHERE project_id = %(project_id)s AND workflow_id = %(workflow_id)s AND state IN ('due', 'calling')
    UNION ALL
    SELECT state FROM run WHERE project_id = %(project_id)s AND workflow_id = %(workflow_id)s AND state = 'leased'
    UNION ALL
    SELECT state FROM run
     WHERE project_id = %(project_id)s AND workflow_id = %(workflow_id)s AND state = 'held' AND held_at IS NOT NULL) q
 GROUP BY q.state;

-- name: list_held_pools
-- The pools that runs of a workflow wait for.
SELECT DISTINCT hold_pool_id FROM run
 WHERE project_id = %(project_id)s AND workflow_id = %(workflow_id)s AND held_at IS NOT NULL AND state = 'held'
 ORDER BY hold_pool_id;
