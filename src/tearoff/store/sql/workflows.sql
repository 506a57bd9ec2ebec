-- name: put
-- The draft under a key, made or changed; `unchanged` when it was so already, or is not the one that this is based on.
WITH put AS (
    INSERT INTO workflow (project_id, key, name, draft, drafted_at, drafted_by, created_at, updated_at)
    VALUES (%(project_id)s, %(key)s, %(name)s, %(draft)s, %(now)s, %(by)s, %(now)s, %(now)s)
        ON CONFLICT ON CONSTRAINT workflow_key_key DO UPDATE
       SET name = excluded.name, draft = excluded.draft, draft_version = workflow.draft_version + 1,
           drafted_at = excluded.drafted_at, drafted_by = excluded.drafted_by, updated_at = excluded.updated_at
     WHERE (workflow.name, workflow.draft) IS DISTINCT FROM (excluded.name, excluded.draft)
       AND workflow.draft_version = coalesce(%(based_on)s, workflow.draft_version)
    RETURNING workflow_id AS id, key, CASE WHEN xmax = 0 THEN 'created' ELSE 'changed' END AS change)
SELECT id, key, change FROM put
UNION ALL
SELECT workflow_id, key, 'unchanged' FROM workflow
 WHERE project_id = %(project_id)s AND key = %(key)s AND NOT EXISTS (SELECT 1 FROM put);

-- name: find
-- The workflow under an id or key.
SELECT workflow_id, key, name, is_active, version, draft, draft_version, drafted_at, drafted_by, created_at, updated_at
  FROM workflow WHERE project_id = %(project_id)s AND (workflow_id = %(id)s OR key = %(key)s);

-- name: find_by_key
-- The workflow under a key.
SELECT workflow_id, key, name, is_active, version, draft, draft_version, drafted_at, drafted_by, created_at, updated_at
  FROM workflow WHERE project_id = %(project_id)s AND key = %(key)s;

-- name: list_page
-- A page of workflows, in the order in which they were made.
SELECT workflow_id, key, name, is_active, version, draft, draft_version, drafted_at, drafted_by, created_at, updated_at
  FROM workflow WHERE project_id = %(project_id)s AND workflow_id > %(after)s
   AND (%(words)s::text IS NULL OR strpos(lower(concat_ws(' ', name, key)), lower(%(words)s)) > 0)
   AND (%(state)s::text IS NULL OR %(state)s = CASE WHEN is_active THEN 'live' WHEN version > 0 THEN 'stopped' ELSE 'draft' END)
 ORDER BY workflow_id LIMIT %(limit)s;

-- name: list_activity
-- Counted over the newest runs only: they stand together in the index run_workflow, and no index knows when a run began.
SELECT w.workflow_id, w.key, v.published_at, r.started, r.failed
  FROM (SELECT project_id, workflow_id, key, version FROM workflow
         WHERE project_id = %(project_id)s AND workflow_id > %(after)s
         AND (%(words)s::text IS NULL OR strpos(lower(concat_ws(' ', name, key)), lower(%(words)s)) > 0)
         AND (%(state)s::text IS NULL OR %(state)s = CASE WHEN is_active THEN 'live' WHEN version > 0 THEN 'stopped' ELSE 'draft' END)
         ORDER BY workflow_id LIMIT %(limit)s) w
  LEFT JOIN workflow_version v
    ON v.project_id = w.project_id AND v.workflow_id = w.workflow_id AND v.version = w.version
 CROSS JOIN LATERAL (
       SELECT count(*) FILTER (WHERE n.started_at >= %(since)s) AS started,
              count(*) FILTER (WHERE n.started_at >= %(since)s AND n.state = 'failed') AS failed
         FROM (SELECT started_at, state FROM run
                WHERE project_id = %(project_id)s AND workflow_id = w.workflow_id
                ORDER BY run_id DESC LIMIT %(runs_max)s) n) r
 ORDER BY w.workflow_id;

-- name: list_active
-- The live versions that an event of one of these types may start.
SELECT v.workflow_id, v.version, v.event_type_key, v.definition
  FROM workflow_version v
  JOIN workflow w ON w.project_id = v.project_id AND w.workflow_id = v.workflow_id AND w.version = v.version
 WHERE v.project_id = %(project_id)s AND w.project_id = %(project_id)s AND w.is_active
   AND v.event_type_key = ANY (%(event_type_keys)s::text[])
 ORDER BY v.workflow_id;

-- name: get_versions
-- The versions that runs keep, whatever was published since.
SELECT v.workflow_id, v.version, v.event_type_key, v.definition, v.published_at
  FROM workflow_version v
  JOIN unnest(%(workflow_ids)s::bigint[], %(versions)s::integer[]) u(workflow_id, version)
    ON v.workflow_id = u.workflow_id AND v.version = u.version
 WHERE v.project_id = %(project_id)s;

-- name: list_versions
-- Every version of a workflow, the newest first.
SELECT workflow_id, version, event_type_key, definition, published_at
  FROM workflow_version WHERE project_id = %(project_id)s AND workflow_id = %(workflow_id)s
 ORDER BY version DESC LIMIT %(limit)s;

-- name: mark_published
-- No row: somebody published or changed the draft since it was read and checked.
UPDATE workflow SET version = version + 1, is_active = true, updated_at = %(now)s
 WHERE project_id = %(project_id)s AND workflow_id = %(workflow_id)s AND version = %(version)s AND draft = %(draft)s
RETURNING version;

-- name: add_version
-- Follows mark_published in the same transaction.
INSERT INTO workflow_version (project_id, workflow_id, version, event_type_key, definition, published_at)
VALUES (%(project_id)s, %(workflow_id)s, %(version)s, %(event_type_key)s, %(definition)s, %(now)s);

-- name: mark_active
-- Starting needs a published version.
UPDATE workflow SET is_active = %(is_active)s, updated_at = %(now)s
 WHERE project_id = %(project_id)s AND workflow_id = %(workflow_id)s AND is_active <> %(is_active)s
   AND (version > 0 OR NOT %(is_active)s);

-- name: remove
-- Only one that was never published: runs keep their versions.
DELETE FROM workflow WHERE project_id = %(project_id)s AND workflow_id = %(workflow_id)s AND version = 0;

-- name: list_candidates
-- The workflows whose newest version starts by a type of events, and those that were never published, whose drafts may.
SELECT w.workflow_id, w.key, w.name, w.is_active, w.version, coalesce(v.definition, w.draft) AS definition, v.published_at
  FROM workflow w
  LEFT JOIN workflow_version v
    ON v.project_id = %(project_id)s AND v.workflow_id = w.workflow_id AND v.version = w.version
 WHERE w.project_id = %(project_id)s AND (v.event_type_key = %(event_type_key)s OR w.version = 0)
 ORDER BY w.workflow_id LIMIT %(limit)s;

-- name: names
-- What a workflow may name.
SELECT 'message' AS kind, message_id::text AS id, key FROM message WHERE project_id = %(project_id)s
UNION ALL
SELECT 'pool', pool_id::text, type FROM pool WHERE project_id = %(project_id)s
UNION ALL
SELECT 'field', field_id::text, key FROM field WHERE project_id = %(project_id)s AND section = 'PERSONAL'
UNION ALL
SELECT 'field', field_id::text, section || '.' || key FROM field WHERE project_id = %(project_id)s;
