-- name: find
-- Asked at each request of a browser, so that a person who was disabled or has left a project is out at once.
SELECT s.session_hash, s.csrf_token, s.seen_at, s.project_id, p.person_id, p.email, p.name, p.language,
       p.is_administrator, p.is_password_temporary,
       CASE WHEN s.project_id IS NULL THEN NULL WHEN p.is_administrator THEN 'owner' ELSE m.role END AS role,
       p.is_administrator OR coalesce(m.may_reveal, false) AS may_reveal,
       p.is_administrator OR coalesce(m.may_export, false) AS may_export
  FROM session s JOIN person p ON p.person_id = s.person_id
  LEFT JOIN membership m ON m.project_id = s.project_id AND m.person_id = s.person_id
 WHERE s.session_hash = %(hash)s AND s.expires_at > %(now)s AND s.seen_at > %(idle_since)s AND p.disabled_at IS NULL;

-- name: add
-- Only the hash of what the cookie holds.
INSERT INTO session (session_hash, person_id, project_id, csrf_token, created_at, seen_at, expires_at)
VALUES (%(hash)s, %(person_id)s, %(project_id)s, %(csrf_token)s, %(now)s, %(now)s, %(expires_at)s);

-- name: mark_seen
-- At most one write a session in `since`, so that looking around does not become updates.
WITH seen AS (
    UPDATE session SET seen_at = %(now)s WHERE session_hash = %(hash)s AND seen_at < %(since)s RETURNING person_id)
UPDATE person SET last_seen_at = %(now)s WHERE person_id IN (SELECT person_id FROM seen);

-- name: set_project
-- Which project is open is a matter of the browser, not of the person.
UPDATE session SET project_id = %(project_id)s WHERE session_hash = %(hash)s;

-- name: remove
-- Signing out.
DELETE FROM session WHERE session_hash = %(hash)s;

-- name: remove_all
-- A new password, or the end of a person's access, ends what is open in every browser.
DELETE FROM session WHERE person_id = %(person_id)s;

-- name: remove_expired
-- Done at sign-in, which is rare enough; nothing else looks at them.
DELETE FROM session WHERE expires_at <= %(now)s OR seen_at <= %(idle_since)s;

-- name: count_tries
-- Counted before the password is looked at, so that tries at the same moment do not slip through; a new window starts
-- when the last one is over.
INSERT INTO sign_in_try AS t (subject, since, tries)
SELECT s, %(now)s, 1 FROM unnest(%(subjects)s::text[]) s ORDER BY s
ON CONFLICT (subject) DO UPDATE
   SET tries = CASE WHEN t.since <= %(window_since)s THEN 1 ELSE t.tries + 1 END,
       since = CASE WHEN t.since <= %(window_since)s THEN %(now)s ELSE t.since END
RETURNING subject, since, tries;

-- name: forgive_tries
-- Success clears the email and takes back its own try from the address.
UPDATE sign_in_try SET tries = CASE WHEN subject LIKE 'email:%%' THEN 0 ELSE greatest(tries - 1, 0) END
 WHERE subject = ANY(%(subjects)s);

-- name: remove_old_tries
-- What lies before the window counts for nothing.
DELETE FROM sign_in_try WHERE since <= %(window_since)s;
