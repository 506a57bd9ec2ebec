-- name: add
-- Only the hash of the token in the link.
INSERT INTO invitation (project_id, email, role, may_reveal, may_export, token_hash, invited_by, created_at, expires_at)
VALUES (%(project_id)s, %(email)s, %(role)s, %(may_reveal)s, %(may_export)s, %(token_hash)s, %(invited_by)s, %(now)s,
        %(expires_at)s)
RETURNING invitation_id;

-- name: list_page
-- What waits to be accepted, or could not be in time; the newest first.
SELECT project_id, invitation_id, email, role, may_reveal, may_export, invited_by, created_at, expires_at
  FROM invitation
 WHERE project_id = %(project_id)s AND accepted_at IS NULL AND revoked_at IS NULL
   AND (%(before)s::bigint IS NULL OR invitation_id < %(before)s)
 ORDER BY invitation_id DESC LIMIT %(limit)s;

-- name: find_by_token
-- Who opens the link is not signed in, so the token names the project.
SELECT project_id, invitation_id, email, role, may_reveal, may_export, invited_by, created_at, expires_at
  FROM invitation
 WHERE token_hash = %(token_hash)s AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > %(now)s;

-- name: mark_accepted
-- Guarded: one acceptance, however often the link is opened at once.
UPDATE invitation SET accepted_at = %(now)s
 WHERE project_id = %(project_id)s AND invitation_id = %(invitation_id)s
   AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > %(now)s;

-- name: mark_revoked
-- Guarded: what was accepted is not revoked any more.
UPDATE invitation SET revoked_at = %(now)s
 WHERE project_id = %(project_id)s AND invitation_id = %(invitation_id)s AND accepted_at IS NULL AND revoked_at IS NULL;

-- name: revoke_earlier
-- The link of the last invitation is the one that works.
UPDATE invitation SET revoked_at = %(now)s
 WHERE project_id = %(project_id)s AND email = %(email)s AND accepted_at IS NULL AND revoked_at IS NULL;
