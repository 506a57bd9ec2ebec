-- name: get_server
-- What kind of server this is, and whether it keeps what it has confirmed.
SELECT current_setting('server_version') AS version,
       current_setting('fsync') = 'on' AND current_setting('full_page_writes') = 'on'
       AND current_setting('synchronous_commit') <> 'off' AS is_durable,
       NOT pg_is_in_recovery() AS is_writable;

-- name: get_queues
-- What waits in a project and since when: due means that an engine should have taken it at that instant.
SELECT r.due AS due_runs, r.due_since, r.held AS held_runs, r.held_since, d.due AS due_deliveries, d.due_since AS delivery_since
  FROM (SELECT count(*) FILTER (WHERE state IN ('due', 'calling')) AS due,
               min(wake_at) FILTER (WHERE state IN ('due', 'calling')) AS due_since,
               count(*) FILTER (WHERE state = 'held') AS held, min(held_at) FILTER (WHERE state = 'held') AS held_since
          FROM run
         WHERE project_id = %(project_id)s AND (state = 'held' OR (state IN ('due', 'calling') AND wake_at <= %(now)s))) r,
       (SELECT count(*) AS due, min(due_at) AS due_since FROM delivery
         WHERE project_id = %(project_id)s AND state = 'waiting' AND due_at <= %(now)s) d;

-- name: count_abandoned
-- Leases that ran out: an engine took the work, and none has come to take it over.
SELECT (SELECT count(*) FROM run WHERE project_id = %(project_id)s AND state = 'leased' AND lease_until <= %(before)s)
     + (SELECT count(*) FROM delivery WHERE project_id = %(project_id)s AND state = 'leased' AND lease_until <= %(before)s) AS n;

-- name: count_ambiguous_keys
-- P2: live keys with two codes for one part, or asked with two requests; the primary key and the claim make this zero.
SELECT count(*) AS n FROM (
    SELECT key FROM claim WHERE project_id = %(project_id)s AND returned_at IS NULL
     GROUP BY scope, key HAVING count(*) > count(DISTINCT part) OR count(DISTINCT request) > 1) q;
