-- name: find_key
-- Sign-in: the one look-up that does not know its project yet.
SELECT project_id, key_id, name, hash, scope, created_at, disabled_at, last_used_at
  FROM api_key
 WHERE hash = %(hash)s;

-- name: add_key
-- Only the hash of the value is stored.
INSERT INTO api_key (project_id, name, hash, scope, created_at)
VALUES (%(project_id)s, %(name)s, %(hash)s, %(scope)s, %(now)s)
RETURNING key_id;

-- name: list_keys
-- Disabled ones too: a list of keys is also their history.
SELECT project_id, key_id, name, hash, scope, created_at, disabled_at, last_used_at
  FROM api_key
 WHERE project_id = %(project_id)s
 ORDER BY key_id;

-- name: mark_used
-- At most one write a key in `since`, so that traffic does not become updates.
UPDATE api_key SET last_used_at = %(now)s
 WHERE project_id = %(project_id)s AND key_id = %(key_id)s AND (last_used_at IS NULL OR last_used_at < %(since)s);

-- name: mark_disabled
-- Guarded: a key is disabled once, and keeps the first date.
UPDATE api_key SET disabled_at = %(now)s
 WHERE project_id = %(project_id)s AND key_id = %(key_id)s AND disabled_at IS NULL;
