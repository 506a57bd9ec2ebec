-- name: find_next
-- The lot that the next claim of this kind would take from, and a code in it whose shape a sample takes; nothing is taken.
SELECT k.value, nullif(l.expires_at, 'infinity') AS expires_at
  FROM (SELECT l.project_id, l.lot_id, l.head, l.expires_at FROM lot l
         WHERE l.project_id = %(project_id)s AND l.pool_id = %(pool_id)s AND l.is_open
           AND (%(discount)s::integer IS NULL OR l.discount = %(discount)s)
           AND l.expires_at >= %(until)s AND l.expires_at > %(now)s AND l.issue_from <= %(now)s AND l.issue_until > %(now)s
           AND (%(use_end)s::timestamptz IS NULL OR l.use_from < %(use_end)s)
         ORDER BY l.expires_at, l.lot_id LIMIT 1) l,
       LATERAL (SELECT c.value FROM code c
                 WHERE c.project_id = %(project_id)s AND c.lot_id = l.lot_id AND c.place >= l.head
                 ORDER BY c.place LIMIT 1) k;

-- name: list_shapes
-- One code of the newest lot of each pool, whoever has it: only its shape is shown.
SELECT p.pool_id, p.key, p.type, p.parameter, k.value
  FROM pool p
  LEFT JOIN LATERAL (SELECT c.value
                       FROM (SELECT l.lot_id FROM lot l WHERE l.project_id = %(project_id)s AND l.pool_id = p.pool_id
                              ORDER BY l.lot_id DESC LIMIT 1) n,
                            LATERAL (SELECT x.value FROM code x
                                      WHERE x.project_id = %(project_id)s AND x.lot_id = n.lot_id AND x.place IS NOT NULL
                                      ORDER BY x.place LIMIT 1) c) k ON true
 WHERE p.project_id = %(project_id)s AND (%(pool_id)s::bigint IS NULL OR p.pool_id = %(pool_id)s)
 ORDER BY p.pool_id;
