-- name: bump
-- Locks the project's row until the commit, so that `settle` cannot overlook work that is about to be committed; also
-- where it need not be written, because the actor is due before.
INSERT INTO due (project_id, actor, due_at) VALUES (%(project_id)s, %(actor)s, %(due_at)s)
    ON CONFLICT (project_id, actor) DO UPDATE SET due_at = excluded.due_at WHERE due.due_at > excluded.due_at;

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

-- name: settle_importer
-- The next instant at which an import of the project wants a worker; far away when none does.
UPDATE due SET due_at = coalesce((
        SELECT min(i.due_at) FROM code_import i WHERE i.project_id = %(project_id)s AND i.due_at IS NOT NULL), 'infinity')
 WHERE project_id = %(project_id)s AND actor = 'importer';

-- name: settle_issuer
-- When somebody who died would be missed at a task; far away when there is no task to go on with.
UPDATE due SET due_at = coalesce((
        SELECT min(coalesce(i.lease_until, '-infinity')) FROM issuance i
          JOIN task t ON t.project_id = i.project_id AND t.task_id = i.task_id
         WHERE i.project_id = %(project_id)s AND t.state = 'running'), 'infinity')
 WHERE project_id = %(project_id)s AND actor = 'issuer';

-- name: begin
-- Every project has a row for an actor that comes round by itself.
INSERT INTO due (project_id, actor, due_at)
SELECT p.project_id, %(actor)s, %(now)s FROM project p
 WHERE NOT EXISTS (SELECT FROM due d WHERE d.project_id = p.project_id AND d.actor = %(actor)s)
    ON CONFLICT DO NOTHING;

-- name: take_turn
-- Of several engines one gets the turn of a project.
UPDATE due SET due_at = %(until)s WHERE project_id = %(project_id)s AND actor = %(actor)s AND due_at <= %(now)s
RETURNING project_id;
