-- name: add
-- In the transaction of what it tells, or before anything is shown.
INSERT INTO audit (project_id, at, actor, action, subject, detail)
VALUES (%(project_id)s, %(now)s, %(actor)s, %(action)s, %(subject)s, %(detail)s);

-- name: list_page
-- The newest first.
SELECT audit_id, at, actor, action, subject, detail FROM audit
 WHERE project_id = %(project_id)s AND (%(before)s::bigint IS NULL OR audit_id < %(before)s)
   AND (%(action)s::text IS NULL OR action = %(action)s)
 ORDER BY audit_id DESC LIMIT %(limit)s;
