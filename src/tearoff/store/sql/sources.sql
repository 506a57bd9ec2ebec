-- name: put
-- The source under a key, made or changed; `unchanged` when it was so already.
WITH put AS (
    INSERT INTO source (project_id, key, name, connector_id, definition, created_at)
    VALUES (%(project_id)s, %(key)s, %(name)s, %(connector_id)s, %(definition)s, %(now)s)
        ON CONFLICT ON CONSTRAINT source_key_key DO UPDATE
       SET name = excluded.name, connector_id = excluded.connector_id, definition = excluded.definition
     WHERE (source.name, source.connector_id, source.definition)
           IS DISTINCT FROM (excluded.name, excluded.connector_id, excluded.definition)
    RETURNING source_id AS id, key, CASE WHEN xmax = 0 THEN 'created' ELSE 'changed' END AS change)
SELECT id, key, change FROM put
UNION ALL
SELECT source_id, key, 'unchanged' FROM source
 WHERE project_id = %(project_id)s AND key = %(key)s AND NOT EXISTS (SELECT 1 FROM put);

-- name: find
-- The source under an id or key.
SELECT s.source_id, s.key, s.name, s.connector_id, c.key AS connector_key, s.definition, s.created_at
  FROM source s LEFT JOIN connector c ON c.project_id = s.project_id AND c.connector_id = s.connector_id
 WHERE s.project_id = %(project_id)s AND (s.source_id = %(id)s OR s.key = %(key)s);

-- name: find_by_name
-- The source that templates read by a name.
SELECT s.source_id, s.key, s.name, s.connector_id, c.key AS connector_key, s.definition, s.created_at
  FROM source s LEFT JOIN connector c ON c.project_id = s.project_id AND c.connector_id = s.connector_id
 WHERE s.project_id = %(project_id)s AND s.name = %(name)s;

-- name: list_page
-- A page of sources, in the order in which they were made.
SELECT s.source_id, s.key, s.name, s.connector_id, c.key AS connector_key, s.definition, s.created_at
  FROM source s LEFT JOIN connector c ON c.project_id = s.project_id AND c.connector_id = s.connector_id
 WHERE s.project_id = %(project_id)s AND s.source_id > %(after)s
   AND (%(words)s::text IS NULL OR strpos(lower(concat_ws(' ', s.name, s.key)), lower(%(words)s)) > 0)
 ORDER BY s.source_id LIMIT %(limit)s;

-- name: remove
-- Messages that read its name get what the event gives, or nothing.
DELETE FROM source WHERE project_id = %(project_id)s AND source_id = %(id)s;

-- name: list_readers
-- Newest texts that hold the name of a source anywhere; whether they read the source, the texts themselves must say.
SELECT 'message' AS noun, m.key, m.name, v.content AS texts
  FROM message m
  JOIN message_version v ON v.project_id = m.project_id AND v.message_id = m.message_id AND v.version = m.version
 WHERE m.project_id = %(project_id)s AND position(%(name)s IN v.content::text) > 0
UNION ALL
SELECT 'source', s.key, s.name, s.definition FROM source s
 WHERE s.project_id = %(project_id)s AND s.name <> %(name)s AND position(%(name)s IN s.definition::text) > 0
UNION ALL
SELECT 'snippet', s.key, s.name, to_jsonb(s.text) FROM snippet s
 WHERE s.project_id = %(project_id)s AND position(%(name)s IN s.text) > 0
 ORDER BY 1, 2;
