-- name: add
-- No row: somebody just made a message under this key.
INSERT INTO message (project_id, key, name, medium, channel_id, version, created_at, updated_at)
VALUES (%(project_id)s, %(key)s, %(name)s, %(medium)s, %(channel_id)s, 1, %(now)s, %(now)s)
    ON CONFLICT ON CONSTRAINT message_key_key DO NOTHING
RETURNING message_id;

-- name: change
-- The version goes up only when the content is another; no row: somebody changed the message since it was read.
UPDATE message
   SET name = %(name)s, medium = %(medium)s, channel_id = %(channel_id)s, updated_at = %(now)s,
       version = version + %(step)s
 WHERE project_id = %(project_id)s AND message_id = %(message_id)s AND version = %(version)s
RETURNING version;

-- name: add_version
-- Follows add and change in the same transaction.
INSERT INTO message_version (project_id, message_id, version, content, created_at)
VALUES (%(project_id)s, %(message_id)s, %(version)s, %(content)s, %(now)s);

-- name: find
-- The messages under some ids or keys, with their newest content.
SELECT m.message_id, m.key, m.name, m.medium, m.channel_id, c.key AS channel_key, m.version, v.content,
       m.created_at, m.updated_at
  FROM message m
  JOIN message_version v ON v.project_id = m.project_id AND v.message_id = m.message_id AND v.version = m.version
  LEFT JOIN channel c ON c.project_id = m.project_id AND c.channel_id = m.channel_id
 WHERE m.project_id = %(project_id)s
   AND (m.message_id = ANY (%(ids)s::bigint[]) OR m.key = ANY (%(keys)s::text[]));

-- name: list_page
-- A page of messages, in the order in which they were made.
SELECT m.message_id, m.key, m.name, m.medium, m.channel_id, c.key AS channel_key, m.version, v.content,
       m.created_at, m.updated_at
  FROM message m
  JOIN message_version v ON v.project_id = m.project_id AND v.message_id = m.message_id AND v.version = m.version
  LEFT JOIN channel c ON c.project_id = m.project_id AND c.channel_id = m.channel_id
 WHERE m.project_id = %(project_id)s AND m.message_id > %(after)s
   AND (%(words)s::text IS NULL OR strpos(lower(concat_ws(' ', m.name, m.key)), lower(%(words)s)) > 0)
 ORDER BY m.message_id LIMIT %(limit)s;

-- name: get_versions
-- What messages said in the versions that were sent.
SELECT v.message_id, v.version, v.content, v.created_at
  FROM message_version v
  JOIN unnest(%(message_ids)s::bigint[], %(versions)s::integer[]) u(message_id, version)
    ON v.message_id = u.message_id AND v.version = u.version
 WHERE v.project_id = %(project_id)s;

-- name: list_versions
-- Every version of a message, the newest first.
SELECT message_id, version, content, created_at
  FROM message_version WHERE project_id = %(project_id)s AND message_id = %(message_id)s
 ORDER BY version DESC LIMIT %(limit)s;

-- name: has_deliveries
-- Whether the message was ever sent.
SELECT EXISTS (SELECT 1 FROM delivery WHERE project_id = %(project_id)s AND message_id = %(message_id)s);

-- name: remove_versions
-- Goes before remove in the same transaction.
DELETE FROM message_version WHERE project_id = %(project_id)s AND message_id = %(message_id)s;

-- name: remove
-- Follows remove_versions in the same transaction.
DELETE FROM message WHERE project_id = %(project_id)s AND message_id = %(message_id)s;
