-- name: bump
-- Locks the project's row until the commit, so that `settle` cannot overlook work that is about to be committed.
INSERT INTO due (project_id, actor, due_at) VALUES (%(project_id)s, %(actor)s, %(due_at)s)
    ON CONFLICT (project_id, actor) DO UPDATE SET due_at = least(due.due_at, excluded.due_at);

-- name: notify
-- A hint, once a transaction; polling is the truth.
SELECT pg_notify('tearoff', %(actor)s);

-- name: list_projects
-- Which projects have work for an actor now, the longest waiting first.
SELECT project_id FROM due WHERE actor = %(actor)s AND due_at <= %(now)s ORDER BY due_at LIMIT %(limit)s;

-- name: lock
-- Taken before looking for what is left, so that the look sees every committed bump.
SELECT project_id FROM due WHERE project_id = %(project_id)s AND actor = %(actor)s FOR UPDATE;

-- name: settle_runner
-- The next instant at which a run of the project wants the runner; far away when none does.
UPDATE due SET due_at = coalesce((
        SELECT min(r.wake_at) FROM run r WHERE r.project_id = %(project_id)s AND r.state IN ('due', 'calling')), 'infinity')
 WHERE project_id = %(project_id)s AND actor = 'runner';

-- name: settle_sender
-- The next instant at which a delivery of the project wants the sender; far away when none does.
UPDATE due SET due_at = coalesce((
        SELECT min(d.due_at) FROM delivery d WHERE d.project_id = %(project_id)s AND d.state = 'waiting'), 'infinity')
 WHERE project_id = %(project_id)s AND actor = 'sender';
