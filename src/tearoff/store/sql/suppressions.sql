-- name: find
-- Which of these addresses are never written to.
SELECT value FROM suppression
 WHERE project_id = %(project_id)s AND kind = %(kind)s AND value = ANY (%(values)s::text[]);

-- name: add
-- Asking twice is harmless.
INSERT INTO suppression (project_id, kind, value, reason, created_at)
VALUES (%(project_id)s, %(kind)s, %(value)s, %(reason)s, %(now)s) ON CONFLICT DO NOTHING;

-- name: remove
-- The address may be written to again.
DELETE FROM suppression WHERE project_id = %(project_id)s AND kind = %(kind)s AND value = %(value)s;

-- name: get
-- Why an address is never written to.
SELECT kind, value, reason, created_at FROM suppression
 WHERE project_id = %(project_id)s AND kind = %(kind)s AND value = %(value)s;

-- name: list_page
-- By address, a page at a time; a range of one kind where a beginning is asked for.
SELECT kind, value, reason, created_at FROM suppression
 WHERE project_id = %(project_id)s AND (kind, value) > (%(kind)s, %(value)s)
   AND (%(only)s::text IS NULL OR kind = %(only)s)
   AND value >= %(beginning)s AND value < %(ending)s
 ORDER BY kind, value LIMIT %(limit)s;
