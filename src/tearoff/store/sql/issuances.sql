-- name: add
-- The task's own settings; the gate is not needed before codes are taken.
INSERT INTO issuance (project_id, task_id, pool_id, discount, days, field_id)
VALUES (%(project_id)s, %(task_id)s, %(pool_id)s, %(discount)s, %(days)s, %(field_id)s);

-- name: add_filtered
-- Each filter may be null; email and phone are prefixes, as in the list of contacts. A sample is drawn at random.
INSERT INTO issuance_line (project_id, task_id, line, contact_id)
SELECT %(project_id)s, %(task_id)s, row_number() OVER (ORDER BY q.contact_id), q.contact_id
  FROM (SELECT c.contact_id, count(*) OVER () AS total,
               row_number() OVER (ORDER BY CASE WHEN %(is_sampled)s THEN random() ELSE 0 END, c.contact_id) AS nth
          FROM contact c
         WHERE c.project_id = %(project_id)s
           AND (%(contact_ids)s::bigint[] IS NULL OR c.contact_id = ANY (%(contact_ids)s))
           AND (%(external_id)s::text IS NULL OR c.external_id = %(external_id)s)
           AND (%(first_name)s::text IS NULL OR lower(c.first_name) = lower(%(first_name)s))
           AND (%(last_name)s::text IS NULL OR lower(c.last_name) = lower(%(last_name)s))
           AND (%(email)s::text IS NULL OR c.contact_id IN (
                   SELECT l.contact_id FROM locator l
                    WHERE l.project_id = %(project_id)s AND l.kind = 'email' AND starts_with(l.value, %(email)s)))
           AND (%(phone)s::text IS NULL OR c.contact_id IN (
                   SELECT l.contact_id FROM locator l
                    WHERE l.project_id = %(project_id)s AND l.kind = 'sms' AND starts_with(l.value, %(phone)s)))
           AND (%(with_code_of)s::bigint IS NULL OR EXISTS (
                   SELECT 1 FROM claim m WHERE m.project_id = %(project_id)s AND m.contact_id = c.contact_id
                      AND m.pool_id = %(with_code_of)s AND m.returned_at IS NULL AND m.revoked_at IS NULL))
           AND (%(without_code_of)s::bigint IS NULL OR NOT EXISTS (
                   SELECT 1 FROM claim m WHERE m.project_id = %(project_id)s AND m.contact_id = c.contact_id
                      AND m.pool_id = %(without_code_of)s AND m.returned_at IS NULL AND m.revoked_at IS NULL))) q
 WHERE (%(sample)s::bigint IS NULL OR q.nth <= %(sample)s)
   AND (%(percent)s::bigint IS NULL OR (q.nth - 1) * 100 < q.total * %(percent)s);

-- name: add_listed
-- The lines of a list, under their own numbers.
INSERT INTO issuance_line (project_id, task_id, line, contact_id)
SELECT %(project_id)s, %(task_id)s, u.line, u.contact_id
  FROM unnest(%(lines)s::bigint[], %(contact_ids)s::bigint[]) u(line, contact_id);

-- name: add_rejects
-- Lines for which there is no code, with the reason.
INSERT INTO task_reject (project_id, task_id, line, value, reason)
SELECT %(project_id)s, %(task_id)s, u.line, u.value, u.reason
  FROM unnest(%(lines)s::bigint[], %(values)s::text[], %(reasons)s::text[]) u(line, value, reason);

-- name: set_total
-- How many lines the task has, those included that were refused at once.
UPDATE task SET total = %(total)s, done = %(done)s WHERE project_id = %(project_id)s AND task_id = %(task_id)s;

-- name: lease
-- One task at a time and project; a task whose issuer died is taken over when its lease is out.
UPDATE issuance i SET lease = %(lease)s, lease_until = %(until)s
 WHERE i.project_id = %(project_id)s AND i.task_id = (
       SELECT q.task_id FROM issuance q JOIN task t ON t.project_id = q.project_id AND t.task_id = q.task_id
        WHERE q.project_id = %(project_id)s AND t.state = 'running' AND (q.lease IS NULL OR q.lease_until <= %(now)s)
        ORDER BY q.task_id LIMIT 1 FOR UPDATE OF q SKIP LOCKED)
RETURNING i.task_id, i.pool_id, i.discount, i.days, i.field_id, i.reached, i.issued, i.refused;

-- name: list_lines
-- The next lines, in order.
SELECT line, contact_id FROM issuance_line
 WHERE project_id = %(project_id)s AND task_id = %(task_id)s AND line > %(reached)s
 ORDER BY line LIMIT %(limit)s;

-- name: advance
-- Guarded by the lease, which ends here: the next turn takes it anew. No row: somebody else took the task over.
UPDATE issuance SET reached = %(reached)s, issued = issued + %(issued)s, refused = refused + %(refused)s, lease = NULL,
       lease_until = NULL
 WHERE project_id = %(project_id)s AND task_id = %(task_id)s AND lease = %(lease)s;

-- name: count_done
-- The task's progress.
UPDATE task SET done = done + %(count)s, started_at = coalesce(started_at, created_at)
 WHERE project_id = %(project_id)s AND task_id = %(task_id)s AND state = 'running';

-- name: count
-- What a task did so far; what its list named wrongly was refused before it began.
SELECT i.issued,
       (SELECT count(*) FROM task_reject r WHERE r.project_id = i.project_id AND r.task_id = i.task_id) AS refused
  FROM issuance i WHERE i.project_id = %(project_id)s AND i.task_id = %(task_id)s;
