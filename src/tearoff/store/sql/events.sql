-- name: find_types
-- One look for all the types of a batch.
SELECT event_type_id, key, params FROM event_type WHERE project_id = %(project_id)s AND key = ANY (%(keys)s);

-- name: add_types
-- In order of key, so that two batches with the same new types never wait for each other.
INSERT INTO event_type (project_id, key, name, created_at)
SELECT %(project_id)s, u.key, u.key, %(now)s FROM unnest(%(keys)s::text[]) u(key) ORDER BY u.key
ON CONFLICT ON CONSTRAINT event_type_key_key DO NOTHING;

-- name: add_all
-- Ids rise in the order of the arrays: they are drawn above the sort.
INSERT INTO event (project_id, event_type_id, key_value, params, received_at)
SELECT %(project_id)s, u.event_type_id, u.key_value, u.params::jsonb, %(now)s
  FROM unnest(%(event_type_ids)s::bigint[], %(key_values)s::text[], %(params)s::text[]) WITH ORDINALITY
       u(event_type_id, key_value, params, o)
 ORDER BY u.o
RETURNING event_id;

-- name: list_page
-- The newest first; each filter may be null.
SELECT e.event_id, t.key AS type_key, e.key_value, e.params, e.received_at
  FROM event e
  JOIN event_type t ON t.project_id = e.project_id AND t.event_type_id = e.event_type_id
 WHERE e.project_id = %(project_id)s AND e.event_id < %(before)s
   AND (%(event_id)s::bigint IS NULL OR e.event_id = %(event_id)s)
   AND (%(type_key)s::text IS NULL OR t.key = %(type_key)s)
   AND (%(key_value)s::text IS NULL OR e.key_value = %(key_value)s)
 ORDER BY e.event_id DESC
 LIMIT %(limit)s;
