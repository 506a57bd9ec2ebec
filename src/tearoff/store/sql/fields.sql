-- name: list
-- All of them: a project has tens of fields, not thousands.
SELECT field_id, key, name, section, type, is_required, is_read_only, allowed
  FROM field WHERE project_id = %(project_id)s ORDER BY section, field_id;

-- name: find
-- By id, or by SECTION.KEY; a key alone means the section PERSONAL.
SELECT field_id, key, name, section, type, is_required, is_read_only, allowed
  FROM field
 WHERE project_id = %(project_id)s AND (field_id = ANY (%(ids)s) OR section || '.' || key = ANY (%(names)s));

-- name: add
-- No row when the section has a field of this key.
INSERT INTO field (project_id, key, name, section, type, is_required, is_read_only, allowed, created_at)
VALUES (%(project_id)s, %(key)s, %(name)s, %(section)s, %(type)s, %(is_required)s, %(is_read_only)s, %(allowed)s,
        %(now)s)
ON CONFLICT ON CONSTRAINT field_key_key DO NOTHING
RETURNING field_id;

-- name: change
-- Key, section and type stay: values of the old type are kept in the profiles.
UPDATE field SET name = %(name)s, is_required = %(is_required)s, is_read_only = %(is_read_only)s, allowed = %(allowed)s
 WHERE project_id = %(project_id)s AND field_id = %(field_id)s;

-- name: remove
-- Profiles keep their values under the number, where nothing reads them.
DELETE FROM field WHERE project_id = %(project_id)s AND field_id = %(field_id)s;

-- name: list_of_codes
-- Where codes were ever saved to: published versions stay for ever, and so do the tasks that issued codes. A field that
-- was removed meanwhile is known by the claims of these contacts.
SELECT f.field_id
  FROM (SELECT DISTINCT s.name #>> '{}' AS ref
          FROM workflow_version v, LATERAL jsonb_path_query(v.definition, '$.blocks.*.saveToField') s(name)
         WHERE v.project_id = %(project_id)s) r
  JOIN field f ON f.project_id = %(project_id)s
   AND r.ref IN (f.field_id::text, f.section || '.' || f.key, CASE WHEN f.section = 'PERSONAL' THEN f.key END)
UNION
SELECT field_id FROM issuance WHERE project_id = %(project_id)s AND field_id IS NOT NULL
UNION
SELECT field_id FROM claim
 WHERE project_id = %(project_id)s AND contact_id = ANY (%(contact_ids)s::bigint[]) AND field_id IS NOT NULL;
