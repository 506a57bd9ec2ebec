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

-- name: list_events_naming
-- Of the newest events those that hold such a word. No index knows it: one of the keys alone took a third of the rate at
-- which events are stored, and people are erased rarely.
SELECT e.event_id, e.key_value, e.params
  FROM (SELECT event_id, key_value, params FROM event
         WHERE project_id = %(project_id)s ORDER BY event_id DESC LIMIT %(limit)s) e
 WHERE lower(e.key_value) = ANY (%(names)s::text[]) OR lower(e.params::text) LIKE ANY (%(patterns)s::text[]);

-- name: blank_named_events
-- Events that started no run, or runs that never found their contact.
UPDATE event SET params = '{}', key_value = ''
 WHERE project_id = %(project_id)s AND event_id = ANY (%(event_ids)s::bigint[]);

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
