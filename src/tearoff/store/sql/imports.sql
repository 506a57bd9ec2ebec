-- name: add
-- What to read for a task, and how; nobody works on it before due_at.
INSERT INTO code_import (project_id, task_id, pool_id, name, url, options, due_at)
VALUES (%(project_id)s, %(task_id)s, %(pool_id)s, %(name)s, %(url)s, %(options)s, %(due_at)s);

-- name: set_task_state
-- A task that is over keeps its state.
UPDATE task SET state = %(state)s WHERE project_id = %(project_id)s AND task_id = %(task_id)s AND finished_at IS NULL;

-- name: get
-- One import with the state of its task.
SELECT i.task_id, i.pool_id, i.name, i.url, i.options, i.size, i.attempts, t.state, t.created_at
  FROM code_import i JOIN task t ON t.project_id = i.project_id AND t.task_id = i.task_id
 WHERE i.project_id = %(project_id)s AND i.task_id = %(task_id)s;

-- name: list_page
-- The imports of a pool, the newest first.
SELECT task_id FROM code_import
 WHERE project_id = %(project_id)s AND pool_id = %(pool_id)s AND (%(before)s::bigint IS NULL OR task_id < %(before)s)
 ORDER BY task_id DESC LIMIT %(limit)s;

-- name: grow
-- The guard of a piece: it must begin where the last one ended, while its sender or the worker that fetches is at it.
UPDATE code_import i SET size = i.size + %(length)s
  FROM task t
 WHERE i.project_id = %(project_id)s AND i.task_id = %(task_id)s AND i.size = %(at)s
   AND t.project_id = i.project_id AND t.task_id = i.task_id AND t.state = %(state)s;

-- name: add_piece
-- A piece of the file as it came.
INSERT INTO code_import_piece (project_id, task_id, at, bytes) VALUES (%(project_id)s, %(task_id)s, %(at)s, %(bytes)s);

-- name: copy_pieces
-- The same file again for another task, as after a dry run; the place is the guard that nothing came before.
INSERT INTO code_import_piece (project_id, task_id, at, bytes)
SELECT p.project_id, %(task_id)s, p.at, p.bytes FROM code_import_piece p
 WHERE p.project_id = %(project_id)s AND p.task_id = %(source_id)s;

-- name: copy_size
-- Goes with copy_pieces.
UPDATE code_import i SET size = s.size
  FROM code_import s
 WHERE i.project_id = %(project_id)s AND i.task_id = %(task_id)s
   AND s.project_id = i.project_id AND s.task_id = %(source_id)s;

-- name: find_piece
-- The first piece from a place on.
SELECT at, bytes AS content FROM code_import_piece
 WHERE project_id = %(project_id)s AND task_id = %(task_id)s AND at >= %(at)s ORDER BY at LIMIT 1;

-- name: remove_pieces
-- Everything that came; the next piece begins at 0.
DELETE FROM code_import_piece WHERE project_id = %(project_id)s AND task_id = %(task_id)s;

-- name: reset_size
-- Goes with remove_pieces.
UPDATE code_import SET size = 0 WHERE project_id = %(project_id)s AND task_id = %(task_id)s;

-- name: forget_pieces
-- Files are kept for a while only, also those that never came whole; the tasks and their reports stay.
DELETE FROM code_import_piece p USING task t
 WHERE p.project_id = %(project_id)s AND t.project_id = p.project_id AND t.task_id = p.task_id
   AND (t.finished_at < %(before)s OR (t.state = 'receiving' AND t.created_at < %(before)s));

-- name: set_due
-- Lets workers take the import from an instant on; null takes it away from them.
UPDATE code_import SET due_at = %(due_at)s WHERE project_id = %(project_id)s AND task_id = %(task_id)s;

-- name: lease
-- The oldest import that is due; an expired lease is taken over.
UPDATE code_import SET lease = %(lease)s, due_at = %(until)s, attempts = attempts + 1
 WHERE project_id = %(project_id)s
   AND task_id = (SELECT task_id FROM code_import WHERE project_id = %(project_id)s AND due_at <= %(now)s
                   ORDER BY task_id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING task_id;

-- name: mark_started
-- The first worker's instant counts for the rate.
UPDATE task SET state = 'running', started_at = coalesce(started_at, %(now)s)
 WHERE project_id = %(project_id)s AND task_id = %(task_id)s AND finished_at IS NULL;

-- name: renew
-- The lease goes on only while it is ours and the task was not cancelled.
UPDATE code_import i SET due_at = %(until)s
  FROM task t
 WHERE i.project_id = %(project_id)s AND i.task_id = %(task_id)s AND i.lease = %(lease)s AND i.due_at IS NOT NULL
   AND t.project_id = i.project_id AND t.task_id = i.task_id AND t.finished_at IS NULL;

-- name: tell
-- How far a running task is.
UPDATE task SET done = %(done)s, total = %(total)s
 WHERE project_id = %(project_id)s AND task_id = %(task_id)s AND finished_at IS NULL;

-- name: close
-- The end of an import under its lease; no row says that it was cancelled, or that another worker has it.
UPDATE code_import SET due_at = NULL, lease = NULL
 WHERE project_id = %(project_id)s AND task_id = %(task_id)s AND lease = %(lease)s AND due_at IS NOT NULL;

-- name: cancel
-- A guard, not a look: who finished first has it.
UPDATE task SET state = 'cancelled', finished_at = %(now)s
 WHERE project_id = %(project_id)s AND task_id = %(task_id)s AND kind = 'import' AND finished_at IS NULL;

-- name: mark_undone
-- Once, and only of what was done.
UPDATE task SET state = 'undone'
 WHERE project_id = %(project_id)s AND task_id = %(task_id)s AND kind = 'import' AND state = 'done';

-- name: list_pools_of_task
-- The pools in which codes of the task are now.
SELECT DISTINCT pool_id FROM lot WHERE project_id = %(project_id)s AND task_id = %(task_id)s AND NOT is_moved;

-- name: withdraw_once_claimed
-- Free codes that somebody had once stay in the books, out of circulation; those that are in use now stay as they are.
UPDATE code k SET place = NULL, withdrawn_at = %(now)s, withdrawn_reason = %(reason)s
  FROM lot l
 WHERE l.project_id = %(project_id)s AND l.task_id = %(task_id)s AND NOT l.is_moved
   AND k.project_id = l.project_id AND k.lot_id = l.lot_id AND k.place >= l.head
   AND (EXISTS (SELECT FROM claim c WHERE c.project_id = k.project_id AND c.code_id = k.code_id)
     OR EXISTS (SELECT FROM redemption r WHERE r.project_id = k.project_id AND r.code_id = k.code_id))
   AND NOT EXISTS (SELECT FROM redemption r
                    WHERE r.project_id = k.project_id AND r.code_id = k.code_id AND r.rolled_back_at IS NULL);

-- name: remove_free
-- What nobody ever had goes as if it had never come: the free codes, and those that the file itself withdrew. A code that is
-- everybody's waits in line for ever; where somebody uses it, it stays.
DELETE FROM code k USING lot l
 WHERE l.project_id = %(project_id)s AND l.task_id = %(task_id)s AND NOT l.is_moved
   AND k.project_id = l.project_id AND k.lot_id = l.lot_id
   AND ((k.place >= l.head
         AND NOT EXISTS (SELECT FROM redemption r WHERE r.project_id = k.project_id AND r.code_id = k.code_id))
     OR (k.withdrawn_at IS NOT NULL AND k.withdrawn_reason IS NULL
         AND NOT EXISTS (SELECT FROM claim c WHERE c.project_id = k.project_id AND c.code_id = k.code_id)
         AND NOT EXISTS (SELECT FROM redemption r WHERE r.project_id = k.project_id AND r.code_id = k.code_id)));

-- name: recount_lots
-- What still waits in them: codes that are in use.
UPDATE lot l SET waiting = q.n, is_open = q.n > 0
  FROM (SELECT o.lot_id, count(k.code_id) AS n
          FROM lot o LEFT JOIN code k ON k.project_id = o.project_id AND k.lot_id = o.lot_id AND k.place >= o.head
         WHERE o.project_id = %(project_id)s AND o.task_id = %(task_id)s AND NOT o.is_moved AND o.waiting > 0
         GROUP BY o.lot_id) q
 WHERE l.project_id = %(project_id)s AND l.lot_id = q.lot_id;

-- name: count_waiting
-- After the recount these are the codes that stayed because they are in use.
SELECT coalesce(sum(waiting), 0)::bigint AS n FROM lot
 WHERE project_id = %(project_id)s AND task_id = %(task_id)s AND NOT is_moved;

-- name: list_replaced
-- Codes that the task took out of circulation to take their place; a stretch of them.
SELECT code_id FROM code
 WHERE project_id = %(project_id)s AND code_id > %(after)s AND withdrawn_reason = %(reason)s
   AND lot_id IN (SELECT lot_id FROM lot WHERE project_id = %(project_id)s AND pool_id = ANY (%(pool_ids)s::bigint[]))
 ORDER BY code_id LIMIT %(limit)s;

-- name: count_kept
-- Codes of the task that somebody holds or held.
SELECT count(*) AS n
  FROM lot l JOIN code k ON k.project_id = l.project_id AND k.lot_id = l.lot_id
 WHERE l.project_id = %(project_id)s AND l.task_id = %(task_id)s AND NOT l.is_moved;

-- name: free_again
-- Before they join their lines again.
UPDATE code SET withdrawn_at = NULL, withdrawn_reason = NULL
 WHERE project_id = %(project_id)s AND code_id = ANY (%(code_ids)s::bigint[]);

-- name: keep_preview
-- What the first rows of a file would do, were it not a dry run.
INSERT INTO code_import_row (project_id, task_id, line, value, outcome, detail)
SELECT %(project_id)s, %(task_id)s, s.line, s.value,
       CASE WHEN s.reason IS NOT NULL THEN 'refused'
            WHEN a.line IS NOT NULL THEN 'alike'
            WHEN c.line <> s.line THEN 'repeated'
            WHEN n.code_id IS NULL THEN 'added'
            WHEN n.is_refused THEN CASE WHEN n.pool_id = n.old_pool_id THEN 'known' ELSE 'elsewhere' END
            WHEN n.is_free AND n.is_in_use THEN 'withdrawn'
            WHEN n.is_withdrawn AND n.is_in_use IS FALSE THEN 'freed'
            WHEN n.is_free AND n.pool_id <> n.old_pool_id THEN 'moved'
            WHEN n.is_free AND n.is_other THEN 'changed'
            WHEN NOT n.is_free AND NOT n.is_withdrawn AND n.wished_expires_at <> n.shown_expires_at THEN 'changed'
            ELSE 'unchanged' END,
       coalesce(s.reason, CASE WHEN a.line IS NOT NULL THEN %(alike)s
                               WHEN c.line <> s.line THEN format(%(repeated)s, c.line)
                               WHEN n.is_refused AND n.pool_id = n.old_pool_id THEN %(here)s
                               WHEN n.pool_id <> n.old_pool_id THEN format(%(elsewhere)s, p.key) END)
  FROM stage s
  LEFT JOIN chosen c ON c.value = s.value AND s.reason IS NULL
  LEFT JOIN alike a ON a.value = s.value AND s.reason IS NULL
  LEFT JOIN known n ON n.value = c.value
  LEFT JOIN pool p ON p.project_id = %(project_id)s AND p.pool_id = n.old_pool_id
 ORDER BY s.line LIMIT %(limit)s;

-- name: count_preview
-- How many codes each fate awaits, over the whole file.
SELECT count(*) FILTER (WHERE NOT is_refused AND is_free AND is_in_use) AS withdrawn,
       count(*) FILTER (WHERE NOT is_refused AND is_withdrawn AND is_in_use IS FALSE) AS freed,
       count(*) FILTER (WHERE NOT is_refused AND is_free AND is_in_use IS NOT TRUE
                              AND (is_other OR pool_id <> old_pool_id)) AS moved,
       count(*) FILTER (WHERE NOT is_refused AND NOT is_free AND NOT is_withdrawn
                              AND wished_expires_at <> shown_expires_at) AS redated
  FROM known;

-- name: count_absent
-- How many free codes of the pool a file that replaces would withdraw: as withdraw_absent does.
SELECT count(*) AS n
  FROM lot l JOIN code k ON k.project_id = l.project_id AND k.lot_id = l.lot_id AND k.place >= l.head
 WHERE l.project_id = %(project_id)s AND l.pool_id = %(pool_id)s AND l.is_open
   AND NOT EXISTS (SELECT FROM chosen c WHERE c.value = k.value)
   AND NOT EXISTS (SELECT FROM stage s WHERE s.reason IS NOT NULL AND btrim(s.value) = k.value);

-- name: list_preview
-- By line, a page at a time.
SELECT line, value, outcome, detail FROM code_import_row
 WHERE project_id = %(project_id)s AND task_id = %(task_id)s AND line > %(after)s ORDER BY line LIMIT %(limit)s;
