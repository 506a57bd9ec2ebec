-- name: list_progress
-- The last delivery of each request speaks for it; a request that is not there has no run state.
SELECT u.request_id::text AS request_id, r.state AS run_state, r.error, d.state AS delivery_state, d.medium
  FROM unnest(%(request_ids)s::uuid[]) WITH ORDINALITY u(request_id, o)
  LEFT JOIN run r ON r.project_id = %(project_id)s AND r.request_id = u.request_id
  LEFT JOIN LATERAL (SELECT l.state, l.medium FROM delivery l
                      WHERE l.project_id = %(project_id)s AND l.run_id = r.run_id
                      ORDER BY l.delivery_id DESC LIMIT 1) d ON true
 ORDER BY u.o;
