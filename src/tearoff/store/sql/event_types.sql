-- name: list_page
-- By id, so that a page goes on where the last one ended.
SELECT event_type_id, key, name, description, params, created_at
  FROM event_type
 WHERE project_id = %(project_id)s AND event_type_id > %(after)s
   AND (%(key)s::text IS NULL OR key = %(key)s)
   AND (%(words)s::text IS NULL OR strpos(lower(concat_ws(' ', name, key)), lower(%(words)s)) > 0)
 ORDER BY event_type_id
 LIMIT %(limit)s;

-- name: put
-- What is not given keeps its value.
INSERT INTO event_type (project_id, key, name, description, params, created_at)
VALUES (%(project_id)s, %(key)s, coalesce(%(name)s, %(key)s), coalesce(%(description)s, ''), %(params)s, %(now)s)
ON CONFLICT ON CONSTRAINT event_type_key_key DO UPDATE
   SET name = coalesce(%(name)s, event_type.name), description = coalesce(%(description)s, event_type.description),
       params = CASE WHEN %(sets_params)s THEN excluded.params ELSE event_type.params END
RETURNING event_type_id;
