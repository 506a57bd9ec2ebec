-- name: put
-- The channel under a key, made or changed; `unchanged` when it was so already.
WITH put AS (
    INSERT INTO channel (project_id, key, kind, medium, settings, secret, created_at)
    VALUES (%(project_id)s, %(key)s, %(kind)s, %(medium)s, %(settings)s, %(secret)s, %(now)s)
        ON CONFLICT ON CONSTRAINT channel_key_key DO UPDATE
       SET kind = excluded.kind, medium = excluded.medium, settings = excluded.settings, secret = excluded.secret
     WHERE (channel.kind, channel.medium, channel.settings, channel.secret)
           IS DISTINCT FROM (excluded.kind, excluded.medium, excluded.settings, excluded.secret)
    RETURNING channel_id AS id, key, CASE WHEN xmax = 0 THEN 'created' ELSE 'changed' END AS change)
SELECT id, key, change FROM put
UNION ALL
SELECT channel_id, key, 'unchanged' FROM channel
 WHERE project_id = %(project_id)s AND key = %(key)s AND NOT EXISTS (SELECT 1 FROM put);

-- name: find
-- The channel under an id or key.
SELECT channel_id, key, kind, medium, settings, secret, created_at
  FROM channel WHERE project_id = %(project_id)s AND (channel_id = %(id)s OR key = %(key)s);

-- name: find_first
-- The channel that a message without one goes out by: the oldest of its medium.
SELECT channel_id, key, kind, medium, settings, secret, created_at
  FROM channel WHERE project_id = %(project_id)s AND medium = %(medium)s
 ORDER BY channel_id LIMIT 1;

-- name: list_page
-- A page of channels, in the order in which they were made.
SELECT channel_id, key, kind, medium, settings, secret, created_at
  FROM channel WHERE project_id = %(project_id)s AND channel_id > %(after)s
 ORDER BY channel_id LIMIT %(limit)s;

-- name: remove
-- Only one that no message uses and by which nothing waits to go out.
DELETE FROM channel c WHERE c.project_id = %(project_id)s AND c.channel_id = %(id)s
   AND NOT EXISTS (SELECT 1 FROM message m WHERE m.project_id = %(project_id)s AND m.channel_id = %(id)s)
   AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.project_id = %(project_id)s AND d.channel_id = %(id)s
                      AND d.state IN ('waiting', 'leased'));
