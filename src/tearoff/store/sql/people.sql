-- name: add
-- No row when somebody has this email.
INSERT INTO person (email, name, password_hash, is_password_temporary, is_administrator, language, created_at)
VALUES (%(email)s, %(name)s, %(password_hash)s, %(is_password_temporary)s, %(is_administrator)s, %(language)s, %(now)s)
ON CONFLICT ON CONSTRAINT person_email_key DO NOTHING
RETURNING person_id;

-- name: find_by_email
-- Sign-in knows nothing but the email.
SELECT person_id, email, name, password_hash, is_password_temporary, is_administrator, language, last_project_id,
       created_at, disabled_at, last_seen_at
  FROM person WHERE email = %(email)s;

-- name: find
-- A person by id, whatever project is open.
SELECT person_id, email, name, password_hash, is_password_temporary, is_administrator, language, last_project_id,
       created_at, disabled_at, last_seen_at
  FROM person WHERE person_id = %(person_id)s;

-- name: list_all
-- For the operator; the installation's people are few.
SELECT person_id, email, name, password_hash, is_password_temporary, is_administrator, language, last_project_id,
       created_at, disabled_at, last_seen_at
  FROM person ORDER BY person_id LIMIT %(limit)s;

-- name: lock
-- Two first starts at once make one first person.
LOCK TABLE person IN SHARE ROW EXCLUSIVE MODE;

-- name: is_anybody
-- Whether this is a first start.
SELECT EXISTS (SELECT FROM person);

-- name: lock_proved
-- Hashing takes a while: who proved a password meanwhile replaced has proved nothing.
SELECT person_id FROM person
 WHERE person_id = %(person_id)s AND password_hash = %(password_hash)s AND disabled_at IS NULL FOR NO KEY UPDATE;

-- name: set_password
-- A new password also says whether it must be changed at the next sign-in.
UPDATE person SET password_hash = %(password_hash)s, is_password_temporary = %(is_password_temporary)s
 WHERE person_id = %(person_id)s;

-- name: note_project
-- The next sign-in opens what was open last.
UPDATE person SET last_project_id = %(project_id)s, last_seen_at = %(now)s WHERE person_id = %(person_id)s;

-- name: list_open_projects
-- An administrator is an owner everywhere; others are what their membership says.
SELECT j.project_id, j.name, j.time_zone, CASE WHEN p.is_administrator THEN 'owner' ELSE m.role END AS role
  FROM person p JOIN project j ON true
  LEFT JOIN membership m ON m.project_id = j.project_id AND m.person_id = p.person_id
 WHERE p.person_id = %(person_id)s AND (p.is_administrator OR m.role IS NOT NULL)
 ORDER BY j.project_id LIMIT %(limit)s;

-- name: change
-- What people change about themselves, and administrators about others.
UPDATE person SET name = %(name)s, language = %(language)s, is_administrator = %(is_administrator)s,
       disabled_at = CASE WHEN %(is_disabled)s THEN coalesce(disabled_at, %(now)s) END
 WHERE person_id = %(person_id)s;

-- name: is_any_administrator
-- An installation without one can be helped by the command line only.
SELECT EXISTS (SELECT FROM person WHERE is_administrator AND disabled_at IS NULL);

-- name: find_letterbox
-- A project whose email channel may carry what opens this person's account: whoever can redirect that channel, its
-- owners, must gain nothing by it. So it is the only project of the person, or all its other owners are administrators.
SELECT j.project_id
  FROM person p JOIN project j ON true
  LEFT JOIN membership m ON m.project_id = j.project_id AND m.person_id = p.person_id
 WHERE p.person_id = %(person_id)s AND (p.is_administrator OR m.role IS NOT NULL)
   AND EXISTS (SELECT FROM channel c WHERE c.project_id = j.project_id AND c.medium = 'email' AND c.kind <> 'mailbox')
   AND ((NOT p.is_administrator AND (SELECT count(*) FROM membership x WHERE x.person_id = p.person_id) = 1)
        OR NOT EXISTS (SELECT FROM membership o JOIN person q ON q.person_id = o.person_id
                        WHERE o.project_id = j.project_id AND o.role = 'owner' AND o.person_id <> p.person_id
                          AND NOT q.is_administrator))
 ORDER BY j.project_id LIMIT 1;
