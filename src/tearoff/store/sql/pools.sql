-- name: find_by_types
-- The pools of some types.
SELECT type, pool_id FROM pool WHERE project_id = %(project_id)s AND type = ANY (%(types)s::text[]);

-- name: add_missing
-- A type or key that somebody else is just adding is waited for and then left alone; the caller looks again.
INSERT INTO pool (project_id, key, type, name, description, state, created_at, launched_at)
SELECT %(project_id)s, u.key, u.type, u.type, %(description)s, 'launched', %(now)s, %(now)s
  FROM unnest(%(keys)s::text[], %(types)s::text[]) WITH ORDINALITY u(key, type, n)
 ORDER BY u.n
    ON CONFLICT DO NOTHING
RETURNING pool_id;

-- name: add_gates
-- Every pool has its gate from the transaction that made it.
INSERT INTO pool_gate (project_id, pool_id)
SELECT %(project_id)s, u.pool_id FROM unnest(%(pool_ids)s::bigint[]) u(pool_id);

-- name: put
-- One row for each pool that was made or really changed. Records come as JSON, so that a new setting is one column here.
INSERT INTO pool (project_id, key, type, name, description, parameter, state, created_at, launched_at, code_type, fill_method,
                  is_issue_checked, valid_for, processing, issue_from, issue_until, days_left_min, reissue, reissue_days, cap,
                  alert_below, lookup)
SELECT %(project_id)s, u.key, u.type, u.name, u.description, u.parameter, u.state, %(now)s,
       CASE WHEN u.state <> 'draft' THEN %(now)s::timestamptz END, u.code_type, u.fill_method, u.is_issue_checked,
       nullif(u.valid_for, 'null'), u.processing, u.issue_from, u.issue_until, u.days_left_min, u.reissue, u.reissue_days,
       nullif(u.cap, 'null'), u.alert_below, u.lookup
  FROM jsonb_to_recordset(%(pools)s::jsonb) u(
       key text, type text, name text, description text, parameter text, state text, code_type text, fill_method text,
       is_issue_checked boolean, valid_for jsonb, processing text, issue_from timestamptz, issue_until timestamptz,
       days_left_min integer, reissue text, reissue_days integer, cap jsonb, alert_below integer,
       lookup text)
 ORDER BY u.key
    ON CONFLICT ON CONSTRAINT pool_key_key DO UPDATE
   SET type = excluded.type, name = excluded.name, description = excluded.description, parameter = excluded.parameter,
       state = excluded.state, launched_at = coalesce(pool.launched_at, excluded.launched_at),
       code_type = excluded.code_type, fill_method = excluded.fill_method, is_issue_checked = excluded.is_issue_checked,
       valid_for = excluded.valid_for, processing = excluded.processing, issue_from = excluded.issue_from,
       issue_until = excluded.issue_until, days_left_min = excluded.days_left_min, reissue = excluded.reissue,
       reissue_days = excluded.reissue_days, cap = excluded.cap, alert_below = excluded.alert_below, lookup = excluded.lookup
 WHERE (pool.type, pool.name, pool.description, pool.parameter, pool.state, pool.code_type, pool.fill_method,
        pool.is_issue_checked, pool.valid_for, pool.processing, pool.issue_from, pool.issue_until, pool.days_left_min,
        pool.reissue, pool.reissue_days, pool.cap, pool.alert_below, pool.lookup)
       IS DISTINCT FROM
       (excluded.type, excluded.name, excluded.description, excluded.parameter, excluded.state, excluded.code_type,
        excluded.fill_method, excluded.is_issue_checked, excluded.valid_for, excluded.processing, excluded.issue_from,
        excluded.issue_until, excluded.days_left_min, excluded.reissue, excluded.reissue_days, excluded.cap,
        excluded.alert_below, excluded.lookup)
RETURNING pool_id, key, xmax = 0 AS is_new;

-- name: lock
-- Whoever changes a pool's settings sees what the one before left.
SELECT pool_id FROM pool WHERE project_id = %(project_id)s AND key = ANY (%(keys)s::text[]) ORDER BY pool_id FOR UPDATE;

-- name: rename
-- The key that others know the pool by.
UPDATE pool SET key = %(key)s WHERE project_id = %(project_id)s AND pool_id = %(pool_id)s AND key <> %(key)s;

-- name: find_keys_like
-- The keys and types that begin like one that is wanted, to find the next free one: a pool without a type has that of its key.
SELECT key FROM pool WHERE project_id = %(project_id)s AND starts_with(key, %(key)s)
 UNION
SELECT type FROM pool WHERE project_id = %(project_id)s AND starts_with(type, %(key)s);

-- name: list_loaded
-- The pools that hold or held codes.
SELECT pool_id FROM pool p
 WHERE project_id = %(project_id)s AND pool_id = ANY (%(pool_ids)s::bigint[])
   AND EXISTS (SELECT 1 FROM lot l WHERE l.project_id = %(project_id)s AND l.pool_id = p.pool_id);

-- name: fix_fill_method
-- The first load decides; the row stays locked until that load commits, so a second one waits and is told. Rows are
-- locked in the order of their ids, so that two loads of the same pools never wait for each other in a ring.
UPDATE pool p SET fill_method = %(fill_method)s
 WHERE p.project_id = %(project_id)s AND p.pool_id = ANY (ARRAY(
       SELECT pool_id FROM pool
        WHERE project_id = %(project_id)s AND pool_id = ANY (%(pool_ids)s::bigint[]) AND fill_method IS NULL
        ORDER BY pool_id FOR NO KEY UPDATE));

-- name: list_filled_otherwise
-- The pools that take no codes in this way.
SELECT key FROM pool
 WHERE project_id = %(project_id)s AND pool_id = ANY (%(pool_ids)s::bigint[]) AND fill_method <> ALL (%(allowed)s::text[])
 ORDER BY key;

-- name: add_changes
-- The change log: one row a change.
INSERT INTO pool_change (project_id, pool_id, changed_at, changed_by, fields)
SELECT %(project_id)s, u.pool_id, %(now)s, %(by)s, u.fields
  FROM unnest(%(pool_ids)s::bigint[], %(fields)s::jsonb[]) u(pool_id, fields);

-- name: list_changes
-- The newest first.
SELECT change_id, changed_at, changed_by, fields FROM pool_change
 WHERE project_id = %(project_id)s AND pool_id = %(pool_id)s AND (%(before)s::bigint IS NULL OR change_id < %(before)s)
 ORDER BY change_id DESC LIMIT %(limit)s;

-- name: find_by_keys
-- The pools under some keys.
SELECT pool_id, key, type, name, description, parameter, state, created_at, launched_at, code_type, fill_method,
       is_issue_checked, valid_for, processing, issue_from, issue_until, days_left_min, reissue, reissue_days, cap, alert_below,
       lookup
  FROM pool WHERE project_id = %(project_id)s AND key = ANY (%(keys)s::text[]);

-- name: find_named
-- The pools that have one of these names as their key or their type.
SELECT pool_id, key, type, name, description, parameter, state, created_at, launched_at, code_type, fill_method,
       is_issue_checked, valid_for, processing, issue_from, issue_until, days_left_min, reissue, reissue_days, cap, alert_below,
       lookup
  FROM pool WHERE project_id = %(project_id)s AND (key = ANY (%(names)s::text[]) OR type = ANY (%(names)s::text[]));

-- name: find_by_key
-- The pool under a key.
SELECT pool_id, key, type, name, description, parameter, state, created_at, launched_at, code_type, fill_method,
       is_issue_checked, valid_for, processing, issue_from, issue_until, days_left_min, reissue, reissue_days, cap, alert_below,
       lookup
  FROM pool WHERE project_id = %(project_id)s AND key = %(key)s;

-- name: find_by_type
-- The pool of a type.
SELECT pool_id, key, type, name, description, parameter, state, created_at, launched_at, code_type, fill_method,
       is_issue_checked, valid_for, processing, issue_from, issue_until, days_left_min, reissue, reissue_days, cap, alert_below,
       lookup
  FROM pool WHERE project_id = %(project_id)s AND type = %(type)s;

-- name: find
-- The pool under an id or key.
SELECT pool_id, key, type, name, description, parameter, state, created_at, launched_at, code_type, fill_method,
       is_issue_checked, valid_for, processing, issue_from, issue_until, days_left_min, reissue, reissue_days, cap, alert_below,
       lookup
  FROM pool WHERE project_id = %(project_id)s AND (pool_id = %(id)s OR key = %(key)s);

-- name: list_page
-- A page of pools, in the order in which they were made.
SELECT pool_id, key, type, name, description, parameter, state, created_at, launched_at, code_type, fill_method,
       is_issue_checked, valid_for, processing, issue_from, issue_until, days_left_min, reissue, reissue_days, cap, alert_below,
       lookup
  FROM pool WHERE project_id = %(project_id)s AND pool_id > %(after)s
   AND (%(state)s::text IS NULL OR state = %(state)s)
   AND (%(words)s::text IS NULL OR strpos(lower(concat_ws(' ', name, key, type)), lower(%(words)s)) > 0)
 ORDER BY pool_id LIMIT %(limit)s;

-- name: mark_state
-- No row: the pool is in that state already, or it has no description to be launched with.
UPDATE pool SET state = %(state)s,
       launched_at = coalesce(launched_at, CASE WHEN %(state)s = 'launched' THEN %(now)s::timestamptz END)
 WHERE project_id = %(project_id)s AND pool_id = %(pool_id)s AND state <> %(state)s
   AND (%(state)s <> 'launched' OR description <> '')
RETURNING pool_id;

-- name: remove_gate
-- The gate of a pool that never held codes.
DELETE FROM pool_gate g
 WHERE g.project_id = %(project_id)s AND g.pool_id = %(pool_id)s
   AND NOT EXISTS (SELECT 1 FROM lot l WHERE l.project_id = %(project_id)s AND l.pool_id = %(pool_id)s);

-- name: remove
-- Follows remove_gate in the same transaction.
DELETE FROM pool WHERE project_id = %(project_id)s AND pool_id = %(pool_id)s;

-- name: list_launched
-- The pools of some types that may hand out codes.
SELECT pool_id, key, type, name, description, parameter, state, created_at, launched_at, code_type, fill_method,
       is_issue_checked, valid_for, processing, issue_from, issue_until, days_left_min, reissue, reissue_days, cap, alert_below,
       lookup
  FROM pool
 WHERE project_id = %(project_id)s AND type = ANY (%(types)s::text[]) AND state = 'launched';

-- name: list_parameters
-- The names under which templates read codes.
SELECT DISTINCT parameter FROM pool WHERE project_id = %(project_id)s;
