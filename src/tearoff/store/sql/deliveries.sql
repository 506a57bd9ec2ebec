-- name: add_all
-- Written in the transaction that moves the runs: a message is on its way exactly when its run went on.
INSERT INTO delivery (project_id, run_id, block, attempt, contact_id, channel_id, medium, message_id, version, recipient,
                      language, content, reference, expires_at, state, due_at, created_at)
SELECT %(project_id)s, u.run_id, u.block, u.attempt, u.contact_id, u.channel_id, u.medium, u.message_id, u.version,
       u.recipient, u.language, u.content, u.reference, u.expires_at, 'waiting', %(now)s, %(now)s
  FROM unnest(%(run_ids)s::bigint[], %(blocks)s::text[], %(attempts)s::smallint[], %(contact_ids)s::bigint[],
              %(channel_ids)s::bigint[], %(mediums)s::text[], %(message_ids)s::bigint[], %(versions)s::integer[],
              %(recipients)s::text[], %(languages)s::text[], %(contents)s::jsonb[], %(references)s::text[],
              %(expires_ats)s::timestamptz[])
       WITH ORDINALITY u(run_id, block, attempt, contact_id, channel_id, medium, message_id, version, recipient,
                         language, content, reference, expires_at, o)
 ORDER BY u.o
RETURNING delivery_id;

-- name: add_codes
-- Which claims each delivery carries.
INSERT INTO delivery_code (project_id, delivery_id, code_id, scope, key)
SELECT %(project_id)s, u.delivery_id, u.code_id, 'run', u.key
  FROM unnest(%(delivery_ids)s::bigint[], %(code_ids)s::bigint[], %(keys)s::text[]) u(delivery_id, code_id, key);

-- name: lease
-- The attempt is counted when it begins, so that one that never ends is counted too.
UPDATE delivery d SET state = 'leased', lease = %(lease)s, lease_until = %(until)s, tries = d.tries + 1
 WHERE d.project_id = %(project_id)s AND d.delivery_id = ANY (ARRAY(
       SELECT w.delivery_id FROM delivery w
        WHERE w.project_id = %(project_id)s AND w.state = 'waiting' AND w.due_at <= %(now)s
        ORDER BY w.due_at, w.delivery_id LIMIT %(limit)s FOR UPDATE SKIP LOCKED))
RETURNING d.delivery_id, d.run_id, d.block, d.attempt, d.channel_id, d.medium, d.recipient, d.content, d.reference,
          d.expires_at, d.tries, d.is_doubtful, d.created_at;

-- name: renew
-- The other side may be slower than a lease is long. What somebody takes over just now is skipped, and lost.
UPDATE delivery d SET lease_until = %(until)s
 WHERE d.project_id = %(project_id)s AND d.delivery_id = ANY (ARRAY(
       SELECT l.delivery_id FROM delivery l
        WHERE l.project_id = %(project_id)s AND l.delivery_id = ANY (%(delivery_ids)s::bigint[])
          AND l.lease = %(lease)s AND l.state = 'leased'
        ORDER BY l.delivery_id FOR UPDATE SKIP LOCKED));

-- name: take_over
-- A lease that ran out in mid-send: the message may have left, and from here on that doubt stays with it.
UPDATE delivery SET state = 'waiting', lease = NULL, lease_until = NULL, is_doubtful = true, due_at = %(now)s
 WHERE project_id = %(project_id)s AND state = 'leased' AND lease_until <= %(now)s
   AND run_id = ANY (%(run_ids)s::bigint[])
RETURNING delivery_id;

-- name: list_adrift
-- The runs whose deliveries somebody left in mid-send; they are locked before anything is done about it.
SELECT DISTINCT run_id FROM delivery
 WHERE project_id = %(project_id)s AND state = 'leased' AND lease_until <= %(now)s ORDER BY run_id;

-- name: mark_sent
-- Guarded by the lease: a sender that was taken over writes nothing.
UPDATE delivery d SET state = 'sent', sent_at = %(now)s, answer = u.answer, error = NULL, lease = NULL, lease_until = NULL
  FROM unnest(%(delivery_ids)s::bigint[], %(answers)s::text[]) u(delivery_id, answer)
 WHERE d.project_id = %(project_id)s AND d.delivery_id = u.delivery_id AND d.lease = %(lease)s AND d.state = 'leased'
RETURNING d.delivery_id;

-- name: mark_retry
-- It waits for its next attempt; doubt, once there, stays.
UPDATE delivery d SET state = 'waiting', due_at = u.due_at, error = u.error, is_doubtful = u.is_doubtful,
       lease = NULL, lease_until = NULL
  FROM unnest(%(delivery_ids)s::bigint[], %(due_ats)s::timestamptz[], %(errors)s::text[], %(doubts)s::boolean[])
       u(delivery_id, due_at, error, is_doubtful)
 WHERE d.project_id = %(project_id)s AND d.delivery_id = u.delivery_id AND d.lease = %(lease)s AND d.state = 'leased'
RETURNING d.delivery_id;

-- name: mark_failed
-- The last word on a delivery; is_doubtful keeps its codes from returning.
UPDATE delivery d SET state = 'failed', error = u.error, is_doubtful = u.is_doubtful, lease = NULL, lease_until = NULL
  FROM unnest(%(delivery_ids)s::bigint[], %(errors)s::text[], %(doubts)s::boolean[]) u(delivery_id, error, is_doubtful)
 WHERE d.project_id = %(project_id)s AND d.delivery_id = u.delivery_id AND d.lease = %(lease)s AND d.state = 'leased'
RETURNING d.delivery_id;

-- name: cancel
-- The cancel takes a delivery only while no sender has it.
UPDATE delivery SET state = 'cancelled'
 WHERE project_id = %(project_id)s AND run_id = ANY (%(run_ids)s::bigint[]) AND state = 'waiting' AND tries = 0
RETURNING delivery_id;

-- name: list_keys
-- The claims that these deliveries carry.
SELECT DISTINCT key FROM delivery_code
 WHERE project_id = %(project_id)s AND delivery_id = ANY (%(delivery_ids)s::bigint[]) AND scope = 'run' ORDER BY key;

-- name: list_failed
-- What failed of these runs while they were still on their way, in the order in which it was written.
SELECT d.run_id, d.block, coalesce(d.error, '') AS detail FROM delivery d
  JOIN run r ON r.project_id = d.project_id AND r.run_id = d.run_id AND r.attempt = d.attempt
 WHERE d.project_id = %(project_id)s AND d.run_id = ANY (%(run_ids)s::bigint[]) AND d.state = 'failed'
 ORDER BY d.delivery_id;

-- name: list_left
-- What earlier attempts of these runs sent, or are still sending: nothing of it is sent again.
SELECT d.run_id, d.block, coalesce((SELECT array_agg(c.key) FROM delivery_code c
         WHERE c.project_id = d.project_id AND c.delivery_id = d.delivery_id), '{}') AS keys
  FROM delivery d
 WHERE d.project_id = %(project_id)s AND d.run_id = ANY (%(run_ids)s::bigint[]) AND d.state IN ('waiting', 'leased', 'sent');

-- name: get_sent_before
-- A delivery as a resend needs it. A code counts as live while it belongs to the claim that it was sent under, or to the
-- same contact: one that was given again has the claim of the first time.
SELECT d.delivery_id, d.run_id, d.block, d.contact_id, d.channel_id, d.medium, d.message_id, d.version, d.recipient,
       d.language, d.content, d.expires_at, d.state,
       (SELECT least(0, min(x.attempt)) - 1 FROM delivery x
         WHERE x.project_id = %(project_id)s AND x.run_id = d.run_id AND x.block = d.block) AS attempt,
       (SELECT count(*) FROM delivery_code o
         WHERE o.project_id = %(project_id)s AND o.delivery_id = d.delivery_id) AS codes,
       (SELECT count(*) FROM delivery_code o
          JOIN claim c ON c.project_id = %(project_id)s AND c.code_id = o.code_id AND c.returned_at IS NULL
         WHERE o.project_id = %(project_id)s AND o.delivery_id = d.delivery_id AND c.revoked_at IS NULL
           AND (c.key = o.key OR c.contact_id = d.contact_id)) AS live
  FROM delivery d WHERE d.project_id = %(project_id)s AND d.delivery_id = %(delivery_id)s;

-- name: copy_codes
-- A message that is sent again carries what it carried.
INSERT INTO delivery_code (project_id, delivery_id, code_id, scope, key)
SELECT project_id, %(to_id)s, code_id, scope, key FROM delivery_code
 WHERE project_id = %(project_id)s AND delivery_id = %(from_id)s;

-- name: list_page
-- The newest first; bodies are read one at a time. An attempt below zero is a resend. Planned for its filters each time.
SELECT delivery_id, run_id, contact_id, medium, message_id, version, recipient, state, tries, is_doubtful, answer, error,
       created_at, sent_at, attempt < 0 AS is_resent
  FROM delivery
 WHERE project_id = %(project_id)s AND (%(before)s::bigint IS NULL OR delivery_id < %(before)s)
   AND (%(state)s::text IS NULL OR state = %(state)s) AND (%(run_id)s::bigint IS NULL OR run_id = %(run_id)s)
   AND (%(delivery_id)s::bigint IS NULL OR delivery_id = %(delivery_id)s)
 ORDER BY delivery_id DESC LIMIT %(limit)s;

-- name: list_mailbox
-- The development mailbox is what its channels accepted, for as long as bodies are kept.
SELECT d.delivery_id, d.run_id, d.contact_id, d.medium, d.recipient, d.language, d.content, d.reference, d.sent_at
  FROM delivery d JOIN channel c ON c.project_id = d.project_id AND c.channel_id = d.channel_id
 WHERE d.project_id = %(project_id)s AND c.kind = 'mailbox' AND d.state = 'sent' AND d.content IS NOT NULL
   AND (%(recipient)s::text IS NULL OR d.recipient = %(recipient)s)
   AND (%(before)s::bigint IS NULL OR d.delivery_id < %(before)s)
 ORDER BY d.delivery_id DESC LIMIT %(limit)s;
