-- name: list_watched
-- Pools that are watched or have an open problem; runs that wait are few, and have their own index.
SELECT p.pool_id, p.key, p.type, p.name, p.state, p.code_type, p.alert_below, b.problem_id, b.level, b.rung,
       coalesce(b.events, 0) AS events, b.problem_id IS NOT NULL AND b.closed_at IS NULL AS is_open,
       coalesce(h.held, 0) AS held, coalesce(h.fresh, 0) AS fresh,
       coalesce(h.held_at, %(epoch)s) AS held_at, coalesce(h.held_run_id, 0) AS held_run_id, b.told_at
  FROM pool p
  LEFT JOIN problem b ON b.project_id = p.project_id AND b.pool_id = p.pool_id,
       LATERAL (SELECT count(*) AS held,
                       count(*) FILTER (WHERE b.problem_id IS NULL OR (r.held_at, r.run_id) > (b.held_at, b.held_run_id)) AS fresh,
                       max(r.held_at) AS held_at,
                       (array_agg(r.run_id ORDER BY r.held_at DESC, r.run_id DESC))[1] AS held_run_id
                  FROM run r
                 WHERE r.project_id = p.project_id AND r.hold_pool_id = p.pool_id AND r.held_at IS NOT NULL
                   AND r.state = 'held') h
 WHERE p.project_id = %(project_id)s AND (p.state = 'launched' OR b.closed_at IS NULL AND b.problem_id IS NOT NULL)
 ORDER BY p.pool_id;

-- name: add
-- One problem a pool, for ever; no row where another watcher was faster.
INSERT INTO problem (project_id, pool_id, level, detail, rung, ready, events, held_at, held_run_id, first_at, opened_at, last_at,
                     told_at)
VALUES (%(project_id)s, %(pool_id)s, %(level)s, %(detail)s, %(rung)s, %(ready)s, %(count)s, %(held_at)s, %(held_run_id)s,
        %(now)s, %(now)s, %(now)s, %(told_at)s)
    ON CONFLICT ON CONSTRAINT problem_pool_key DO NOTHING
RETURNING problem_id;

-- name: reopen
-- Guarded by the number of events that the decision knew of.
UPDATE problem SET level = %(level)s, detail = %(detail)s, rung = %(rung)s, ready = %(ready)s, events = events + %(count)s,
       held_at = greatest(held_at, %(held_at)s), held_run_id = greatest(held_run_id, %(held_run_id)s), last_at = %(now)s,
       told_at = %(told_at)s,
       opened_at = CASE WHEN closed_at IS NULL THEN opened_at ELSE %(now)s END, closed_at = NULL, closed_by = NULL
 WHERE project_id = %(project_id)s AND problem_id = %(problem_id)s AND events = %(events)s
RETURNING problem_id;

-- name: move
-- The stock came back: the problem is over, or its next threshold counts again.
UPDATE problem SET rung = %(rung)s, ready = %(ready)s,
       closed_at = CASE WHEN %(is_open)s THEN closed_at ELSE coalesce(closed_at, %(now)s) END,
       closed_by = CASE WHEN %(is_open)s THEN closed_by ELSE coalesce(closed_by, %(by)s) END
 WHERE project_id = %(project_id)s AND problem_id = %(problem_id)s AND events = %(events)s
RETURNING problem_id;

-- name: add_events
-- The log of a problem.
INSERT INTO problem_event (project_id, problem_id, kind, level, detail, at)
SELECT %(project_id)s, %(problem_id)s, u.kind, u.level, u.detail, %(now)s
  FROM unnest(%(kinds)s::text[], %(levels)s::text[], %(details)s::text[]) WITH ORDINALITY u(kind, level, detail, n)
 ORDER BY u.n;

-- name: list_events
-- The newest first.
SELECT event_id, kind, level, detail, at FROM problem_event
 WHERE project_id = %(project_id)s AND problem_id = %(problem_id)s AND (%(before)s::bigint IS NULL OR event_id < %(before)s)
 ORDER BY event_id DESC LIMIT %(limit)s;

-- name: list_page
-- By id, open ones or closed ones or all; one problem when its id is asked for.
SELECT b.problem_id, b.kind, b.pool_id, p.key AS pool_key, b.level, b.detail, b.ready, b.events, b.first_at, b.opened_at, b.last_at,
       b.closed_at, b.closed_by
  FROM problem b LEFT JOIN pool p ON p.project_id = b.project_id AND p.pool_id = b.pool_id
 WHERE b.project_id = %(project_id)s AND b.problem_id > %(after)s
   AND (%(problem_id)s::bigint IS NULL OR b.problem_id = %(problem_id)s)
   AND (%(is_open)s::boolean IS NULL OR (b.closed_at IS NULL) = %(is_open)s)
 ORDER BY b.problem_id LIMIT %(limit)s;

-- name: close
-- Its thresholds stay crossed: only something new opens it again.
UPDATE problem SET closed_at = %(now)s, closed_by = %(by)s
 WHERE project_id = %(project_id)s AND problem_id = ANY (%(problem_ids)s::bigint[]) AND closed_at IS NULL
RETURNING problem_id;

-- name: take_suspects
-- Each lock becomes an event once; who comes second finds it told.
UPDATE guess SET is_told = true WHERE project_id = %(project_id)s AND NOT is_told RETURNING subject;

-- name: get_guess_state
-- One row, also where nobody ever guessed.
SELECT b.problem_id, b.problem_id IS NOT NULL AND b.closed_at IS NULL AS is_open, b.told_at,
       (SELECT count(*) FROM guess g WHERE g.project_id = %(project_id)s AND g.locked_until > %(now)s) AS locked
  FROM (VALUES (1)) one LEFT JOIN problem b ON b.project_id = %(project_id)s AND b.kind = 'guessing';

-- name: open_guessing
-- One problem a project, opened again by what is new.
INSERT INTO problem AS b (project_id, kind, level, detail, ready, events, first_at, opened_at, last_at, told_at)
VALUES (%(project_id)s, 'guessing', 'alarm', %(detail)s, 0, 1, %(now)s, %(now)s, %(now)s, %(told_at)s)
    ON CONFLICT (project_id) WHERE kind = 'guessing' DO UPDATE
   SET detail = excluded.detail, events = b.events + 1, last_at = excluded.last_at, told_at = excluded.told_at,
       opened_at = CASE WHEN b.closed_at IS NULL THEN b.opened_at ELSE excluded.opened_at END, closed_at = NULL, closed_by = NULL
RETURNING problem_id;

-- name: close_guessing
-- It is over when nobody is locked out any more.
UPDATE problem SET closed_at = %(now)s, closed_by = %(by)s
 WHERE project_id = %(project_id)s AND kind = 'guessing' AND closed_at IS NULL
   AND NOT EXISTS (SELECT FROM guess g WHERE g.project_id = %(project_id)s AND g.locked_until > %(now)s)
RETURNING problem_id;
