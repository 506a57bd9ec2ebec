-- name: add_project
-- No row when the name is taken.
INSERT INTO project (name, time_zone, created_at)
VALUES (%(name)s, %(time_zone)s, %(now)s)
ON CONFLICT ON CONSTRAINT project_name_key DO NOTHING
RETURNING project_id;

-- name: get_project
-- The zone is in it, because the days of a project end there.
SELECT project_id, name, time_zone, sender, created_at, template_limits FROM project WHERE project_id = %(project_id)s;

-- name: find_project_by_name
-- The command line names projects; nobody is signed in there.
SELECT project_id, name, time_zone, sender, created_at, template_limits FROM project WHERE name = %(name)s;

-- name: change_project
-- No row: it was so already.
UPDATE project SET time_zone = %(time_zone)s, sender = %(sender)s, template_limits = coalesce(%(template_limits)s, template_limits)
 WHERE project_id = %(project_id)s
   AND (time_zone, sender, template_limits)
       IS DISTINCT FROM (%(time_zone)s, %(sender)s, coalesce(%(template_limits)s, template_limits));

-- name: rename_project
-- The constraint says when another project is called so.
UPDATE project SET name = %(name)s WHERE project_id = %(project_id)s;

-- name: list_projects
-- The command line takes the only project there is when none is named; two rows are enough to know.
SELECT project_id, name, time_zone, sender, created_at, template_limits FROM project ORDER BY project_id LIMIT %(limit)s;

-- name: list_troubled
-- Projects where a lease or a hold ran out, or runs wait for codes; small partial indexes answer it.
SELECT project_id FROM run WHERE state = 'leased' AND lease_until <= %(now)s
UNION SELECT project_id FROM run WHERE held_at IS NOT NULL AND state = 'held'
UNION SELECT project_id FROM delivery WHERE state = 'leased' AND lease_until <= %(now)s
UNION SELECT project_id FROM claim WHERE hold_until <= %(now)s AND returned_at IS NULL;

-- name: list_generating
-- Projects with generations to go on with, or pools that may need a refill.
SELECT g.project_id FROM generation g JOIN task t ON t.project_id = g.project_id AND t.task_id = g.task_id
 WHERE t.state = 'running'
UNION SELECT r.project_id FROM refill r;
