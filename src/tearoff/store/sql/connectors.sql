-- name: put
-- The connector under a key, made or changed; `unchanged` when it was so already.
WITH put AS (
    INSERT INTO connector (project_id, key, kind, settings, secret, created_at)
    VALUES (%(project_id)s, %(key)s, %(kind)s, %(settings)s, %(secret)s, %(now)s)
        ON CONFLICT ON CONSTRAINT connector_key_key DO UPDATE
       SET kind = excluded.kind, settings = excluded.settings, secret = excluded.secret
     WHERE (connector.kind, connector.settings, connector.secret)
           IS DISTINCT FROM (excluded.kind, excluded.settings, excluded.secret)
    RETURNING connector_id AS id, key, CASE WHEN xmax = 0 THEN 'created' ELSE 'changed' END AS change)
SELECT id, key, change FROM put
UNION ALL
SELECT connector_id, key, 'unchanged' FROM connector
 WHERE project_id = %(project_id)s AND key = %(key)s AND NOT EXISTS (SELECT 1 FROM put);

-- name: find
-- The connector under an id or key.
SELECT connector_id, key, kind, settings, secret, created_at
  FROM connector WHERE project_id = %(project_id)s AND (connector_id = %(id)s OR key = %(key)s);

-- name: list_page
-- A page of connectors, in the order in which they were made.
SELECT connector_id, key, kind, settings, secret, created_at
  FROM connector WHERE project_id = %(project_id)s AND connector_id > %(after)s
 ORDER BY connector_id LIMIT %(limit)s;

-- name: remove
-- Only one that no source uses.
DELETE FROM connector c WHERE c.project_id = %(project_id)s AND c.connector_id = %(id)s
   AND NOT EXISTS (SELECT 1 FROM source s WHERE s.project_id = %(project_id)s AND s.connector_id = %(id)s);
