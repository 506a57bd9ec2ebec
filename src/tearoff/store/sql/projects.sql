-- name: add_project
INSERT INTO project (name, time_zone, created_at)
VALUES (%(name)s, %(time_zone)s, %(now)s)
ON CONFLICT ON CONSTRAINT project_name_key DO NOTHING
RETURNING project_id;

-- name: get_project
SELECT project_id, name, time_zone, sender, created_at FROM project WHERE project_id = %(project_id)s;

-- name: find_project_by_name
-- The command line names projects; nobody is signed in there.
SELECT project_id, name, time_zone, sender, created_at FROM project WHERE name = %(name)s;
