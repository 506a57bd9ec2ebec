-- name: add
-- No row: the same person is told of the same in the same rhythm already.
INSERT INTO subscription (project_id, kind, target, frequency, pools, channel_id, next_at, secret, created_at)
VALUES (%(project_id)s, %(kind)s, %(target)s, %(frequency)s, %(pools)s, %(channel_id)s, %(next_at)s, %(secret)s, %(now)s)
    ON CONFLICT ON CONSTRAINT subscription_key DO NOTHING
RETURNING subscription_id;

-- name: list_page
-- By id; one when its id is asked for.
SELECT subscription_id, kind, target, frequency, pools, channel_id, next_at, created_at FROM subscription
 WHERE project_id = %(project_id)s AND subscription_id > %(after)s
   AND (%(subscription_id)s::bigint IS NULL OR subscription_id = %(subscription_id)s)
 ORDER BY subscription_id LIMIT %(limit)s;

-- name: remove
-- Its notices go with it.
DELETE FROM subscription WHERE project_id = %(project_id)s AND subscription_id = %(subscription_id)s;

-- name: list_told_at_once
-- Who wants to know of this pool now; what is of no pool is for those who want to know of all.
SELECT subscription_id, kind, target, frequency, pools, channel_id, next_at, created_at FROM subscription
 WHERE project_id = %(project_id)s AND frequency = 'at-once' AND (pools IS NULL OR %(pool_id)s = ANY (pools))
 ORDER BY subscription_id;

-- name: list_digests_due
-- Locked, so that one watcher makes each digest.
SELECT subscription_id, kind, target, frequency, pools, channel_id, next_at, created_at FROM subscription
 WHERE project_id = %(project_id)s AND next_at <= %(now)s ORDER BY subscription_id FOR UPDATE SKIP LOCKED;

-- name: set_next
-- When the next digest is due.
UPDATE subscription SET next_at = %(next_at)s WHERE project_id = %(project_id)s AND subscription_id = %(subscription_id)s;

-- name: add_notices
-- One notice a subscriber.
INSERT INTO notice (project_id, subscription_id, content, state, due_at, created_at)
SELECT %(project_id)s, u.subscription_id, u.content, 'waiting', %(now)s, %(now)s
  FROM unnest(%(subscription_ids)s::bigint[], %(contents)s::jsonb[]) u(subscription_id, content);

-- name: lease_notices
-- The attempt is counted when it begins; a lease that runs out makes the notice due again.
UPDATE notice n SET lease = %(lease)s, due_at = %(until)s, tries = n.tries + 1
  FROM subscription s
 WHERE n.project_id = %(project_id)s AND n.notice_id = ANY (ARRAY(
       SELECT w.notice_id FROM notice w
        WHERE w.project_id = %(project_id)s AND w.state = 'waiting' AND w.due_at <= %(now)s
        ORDER BY w.due_at, w.notice_id LIMIT %(limit)s FOR UPDATE SKIP LOCKED))
   AND s.project_id = n.project_id AND s.subscription_id = n.subscription_id
RETURNING n.notice_id, n.content, n.tries, n.created_at, s.kind, s.target, s.channel_id, s.secret,
          CASE WHEN s.old_secret_until > %(now)s THEN s.old_secret END AS old_secret;

-- name: settle_notice
-- Guarded by the lease.
UPDATE notice SET state = %(state)s, due_at = %(due_at)s, answer = %(answer)s, lease = NULL
 WHERE project_id = %(project_id)s AND notice_id = %(notice_id)s AND lease = %(lease)s;

-- name: list_notices
-- The newest first.
SELECT notice_id, content, state, tries, answer, created_at FROM notice
 WHERE project_id = %(project_id)s AND subscription_id = %(subscription_id)s
   AND (%(before)s::bigint IS NULL OR notice_id < %(before)s)
 ORDER BY notice_id DESC LIMIT %(limit)s;

-- name: rotate
-- The secret before counts for a while, so that no call is lost while the receiver changes over.
UPDATE subscription SET old_secret = secret, old_secret_until = %(until)s, secret = %(secret)s
 WHERE project_id = %(project_id)s AND subscription_id = %(subscription_id)s AND kind = 'webhook';
