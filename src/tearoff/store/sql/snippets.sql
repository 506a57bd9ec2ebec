-- name: put
-- The snippet under a key, made or changed; `unchanged` when it was so already.
WITH put AS (
    INSERT INTO snippet (project_id, key, name, text, created_at, updated_at)
    VALUES (%(project_id)s, %(key)s, %(name)s, %(text)s, %(now)s, %(now)s)
        ON CONFLICT ON CONSTRAINT snippet_key_key DO UPDATE
       SET name = excluded.name, text = excluded.text, version = snippet.version + 1, updated_at = excluded.updated_at
     WHERE (snippet.name, snippet.text) IS DISTINCT FROM (excluded.name, excluded.text)
    RETURNING snippet_id AS id, key, CASE WHEN xmax = 0 THEN 'created' ELSE 'changed' END AS change)
SELECT id, key, change FROM put
UNION ALL
SELECT snippet_id, key, 'unchanged' FROM snippet
 WHERE project_id = %(project_id)s AND key = %(key)s AND NOT EXISTS (SELECT 1 FROM put);

-- name: find
-- The snippet under an id or key.
SELECT snippet_id, key, name, text, version, created_at, updated_at FROM snippet
 WHERE project_id = %(project_id)s AND (snippet_id = %(id)s OR key = %(key)s);

-- name: list_page
-- A page of snippets, in the order in which they were made.
SELECT snippet_id, key, name, text, version, created_at, updated_at FROM snippet
 WHERE project_id = %(project_id)s AND snippet_id > %(after)s
   AND (%(words)s::text IS NULL OR strpos(lower(concat_ws(' ', name, key)), lower(%(words)s)) > 0)
 ORDER BY snippet_id LIMIT %(limit)s;

-- name: list_texts
-- All of a project's snippets: a template may name any of them.
SELECT name, text FROM snippet WHERE project_id = %(project_id)s ORDER BY name LIMIT %(limit)s;

-- name: count
-- A project has a limited number of them, because a template may name all.
SELECT count(*) FROM snippet WHERE project_id = %(project_id)s;

-- name: turn
-- Comes first in every change, and waits for who is just keeping a template that names a snippet.
INSERT INTO snippet_shelf (project_id, mark) VALUES (%(project_id)s, gen_random_uuid())
    ON CONFLICT (project_id) DO UPDATE SET mark = excluded.mark;

-- name: get_mark
-- No row: the project never had a snippet.
SELECT mark FROM snippet_shelf WHERE project_id = %(project_id)s;

-- name: hold
-- Until the transaction ends, no snippet changes; no row: the project never had one.
SELECT mark FROM snippet_shelf WHERE project_id = %(project_id)s FOR SHARE;

-- name: list_readers
-- Newest texts of messages that may name a snippet; which one, the templates themselves must say.
SELECT 'message' AS noun, m.key, v.content AS texts
  FROM message m
  JOIN message_version v ON v.project_id = m.project_id AND v.message_id = m.message_id AND v.version = m.version
 WHERE m.project_id = %(project_id)s AND v.content::text ~ 'parse|include'
UNION ALL
SELECT 'source', s.key, s.definition FROM source s
 WHERE s.project_id = %(project_id)s AND s.definition::text ~ 'parse|include'
UNION ALL
SELECT 'snippet', s.key, to_jsonb(s.text) FROM snippet s
 WHERE s.project_id = %(project_id)s AND s.text ~ 'parse|include'
 ORDER BY 1, 2;

-- name: remove
-- Only after turn, in the same transaction, and when nothing names it.
DELETE FROM snippet WHERE project_id = %(project_id)s AND snippet_id = %(id)s;
