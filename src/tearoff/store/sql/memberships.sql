-- name: put
-- Who is of the project already gets the new role and rights.
INSERT INTO membership (project_id, person_id, role, may_reveal, may_export, created_at)
VALUES (%(project_id)s, %(person_id)s, %(role)s, %(may_reveal)s, %(may_export)s, %(now)s)
ON CONFLICT (project_id, person_id) DO UPDATE
   SET role = excluded.role, may_reveal = excluded.may_reveal, may_export = excluded.may_export;
