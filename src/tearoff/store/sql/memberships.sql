-- name: put
-- Who is of the project already gets the new role and rights.
INSERT INTO membership (project_id, person_id, role, may_reveal, may_export, created_at)
VALUES (%(project_id)s, %(person_id)s, %(role)s, %(may_reveal)s, %(may_export)s, %(now)s)
ON CONFLICT (project_id, person_id) DO UPDATE
   SET role = excluded.role, may_reveal = excluded.may_reveal, may_export = excluded.may_export;

-- name: list_all
-- Everybody who may open the project: its members, then the administrators who are not.
SELECT p.person_id, p.email, p.name, coalesce(m.role, 'owner') AS role, p.is_administrator,
       p.is_administrator OR m.may_reveal AS may_reveal, p.is_administrator OR m.may_export AS may_export,
       m.role IS NOT NULL AS is_member, p.disabled_at IS NOT NULL AS is_disabled, m.created_at AS joined_at, p.last_seen_at
  FROM person p LEFT JOIN membership m ON m.project_id = %(project_id)s AND m.person_id = p.person_id
 WHERE (m.role IS NOT NULL OR p.is_administrator) AND (%(person_id)s::bigint IS NULL OR p.person_id = %(person_id)s)
 ORDER BY m.role IS NULL, p.email LIMIT %(limit)s;

-- name: lock
-- Two owners who take each other's role away at once must not leave nobody.
SELECT project_id FROM project WHERE project_id = %(project_id)s FOR NO KEY UPDATE;

-- name: change
-- No row: not a member of this project.
UPDATE membership SET role = %(role)s, may_reveal = %(may_reveal)s, may_export = %(may_export)s
 WHERE project_id = %(project_id)s AND person_id = %(person_id)s;

-- name: remove
-- The person stays, for other projects and for what they signed here.
DELETE FROM membership WHERE project_id = %(project_id)s AND person_id = %(person_id)s;

-- name: is_owned
-- Whether somebody can still say who may do what.
SELECT EXISTS (SELECT FROM person WHERE is_administrator AND disabled_at IS NULL)
    OR EXISTS (SELECT FROM membership m JOIN person p ON p.person_id = m.person_id
                WHERE m.project_id = %(project_id)s AND m.role = 'owner' AND p.disabled_at IS NULL);
