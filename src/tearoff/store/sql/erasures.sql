-- name: list_open_runs
-- Runs of a contact that are not over; all of its runs are found by its index.
SELECT run_id FROM run
 WHERE project_id = %(project_id)s AND contact_id = %(contact_id)s AND state NOT IN ('done', 'failed', 'stopped')
 ORDER BY run_id;

-- name: list_runs
-- Every run that was about the contact.
SELECT run_id FROM run WHERE project_id = %(project_id)s AND contact_id = %(contact_id)s ORDER BY run_id;

-- name: blank_deliveries
-- The books keep that, when and how something was sent, not to which address and with which words.
UPDATE delivery SET recipient = '', content = NULL, answer = NULL, error = CASE WHEN error IS NOT NULL THEN 'erased' END
 WHERE project_id = %(project_id)s AND run_id = ANY (%(run_ids)s::bigint[]) AND state NOT IN ('waiting', 'leased');

-- name: blank_events
-- What the events of these runs said about the person.
UPDATE event e SET params = '{}', key_value = ''
  FROM run r
 WHERE r.project_id = %(project_id)s AND r.run_id = ANY (%(run_ids)s::bigint[]) AND e.project_id = r.project_id
   AND e.event_id = r.event_id;

-- name: blank_runs
-- Claims stay with the run, by their keys; requests and answers of sources go.
UPDATE run SET data = jsonb_build_object('claims', coalesce(data -> 'claims', '[]')), answers = '{}'
 WHERE project_id = %(project_id)s AND run_id = ANY (%(run_ids)s::bigint[]);

-- name: blank_steps
-- Which blocks a run passed stays; what it had in hand goes.
UPDATE step SET input = NULL, output = NULL
 WHERE project_id = %(project_id)s AND run_id = ANY (%(run_ids)s::bigint[]);

-- name: foresee
-- What an erasure would touch, so that people can be told before; a code that was given back is not the contact's.
SELECT (SELECT count(*) FROM run
         WHERE project_id = %(project_id)s AND contact_id = %(contact_id)s) AS runs,
       (SELECT count(*) FROM run
         WHERE project_id = %(project_id)s AND contact_id = %(contact_id)s
           AND state NOT IN ('done', 'failed', 'stopped')) AS open_runs,
       (SELECT count(*) FROM run r JOIN delivery d ON d.project_id = r.project_id AND d.run_id = r.run_id
         WHERE r.project_id = %(project_id)s AND r.contact_id = %(contact_id)s) AS messages,
       (SELECT count(*) FROM claim
         WHERE project_id = %(project_id)s AND contact_id = %(contact_id)s AND returned_at IS NULL) AS codes;
