-- The plain case in one call: single-use codes that are issued, to the contact who is named, inside their windows and unused,
-- are used. Gives those uses by `n`; whatever is absent is judged by find_uses, which knows every reason. What counts as
-- plain is narrower than what is allowed, never wider: tests/actions/test_redemptions.py holds both against each other.
-- Values must differ. Raises unique_violation, and has used nothing, when another use came between.
-- Lock order: redemption by code, as everywhere.
CREATE FUNCTION use_issued(p_project bigint, p_asked json, p_now timestamptz)
RETURNS TABLE (n integer, redemption_id bigint, pool_id bigint, pool_key text, discount integer)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    ns integer[]; ids bigint[]; codes bigint[]; pools bigint[]; keys text[]; discounts integer[]; contacts bigint[];
    orders text[]; amounts numeric[]; points text[]; ats timestamptz[];
BEGIN
    SELECT array_agg(q.n), array_agg(nextval('redemption_redemption_id_seq')), array_agg(q.code_id), array_agg(q.pool_id),
           array_agg(q.key), array_agg(q.discount), array_agg(q.contact_id), array_agg(q.order_id), array_agg(q.amount),
           array_agg(q.point), array_agg(q.at)
      INTO ns, ids, codes, pools, keys, discounts, contacts, orders, amounts, points, ats
      FROM (SELECT u.n, k.code_id, l.pool_id, p.key, l.discount, u.contact_id, u.order_id, u.amount, u.point, w.at
              FROM json_to_recordset(p_asked)
                   u(n integer, value text, order_id text, contact_id bigint, amount numeric, point text, at timestamptz)
              JOIN LATERAL (SELECT coalesce(u.at, p_now) AS at) w ON true
              JOIN LATERAL (SELECT x.code_id, x.lot_id, x.expires_at FROM code x
                             WHERE x.project_id = p_project AND x.value = u.value AND x.withdrawn_at IS NULL OFFSET 0) k ON true
              JOIN LATERAL (SELECT x.contact_id, x.use_from, x.use_until FROM claim x
                             WHERE x.project_id = p_project AND x.code_id = k.code_id AND x.returned_at IS NULL
                               AND x.issued_at IS NOT NULL AND x.revoked_at IS NULL OFFSET 0) c ON true
              JOIN LATERAL (SELECT x.pool_id, x.discount, x.use_from, x.expires_at FROM lot x
                             WHERE x.project_id = p_project AND x.lot_id = k.lot_id OFFSET 0) l ON true
              JOIN LATERAL (SELECT x.key FROM pool x
                             WHERE x.project_id = p_project AND x.pool_id = l.pool_id AND x.code_type = 'single'
                               AND x.state <> 'draft' AND x.processing <> 'outside' OFFSET 0) p ON true
             WHERE l.use_from <= w.at AND coalesce(k.expires_at, l.expires_at) > w.at
               AND coalesce(c.use_from <= w.at, true) AND coalesce(c.use_until > w.at, true)
               AND CASE WHEN u.contact_id IS NULL
                        THEN NOT EXISTS (SELECT FROM redemption_rule x WHERE x.project_id = p_project
                                            AND x.pool_id = l.pool_id AND x.is_contact_needed)
                        WHEN c.contact_id IS NULL
                        THEN EXISTS (SELECT FROM contact x WHERE x.project_id = p_project AND x.contact_id = u.contact_id)
                        ELSE c.contact_id = u.contact_id END
               AND NOT EXISTS (SELECT FROM redemption x WHERE x.project_id = p_project AND x.code_id = k.code_id
                                  AND x.is_single AND x.rolled_back_at IS NULL OFFSET 0)
             ORDER BY k.code_id) q;
    IF ns IS NULL THEN RETURN; END IF;
    -- without ON CONFLICT: who loses a race is rare and reads again, and the looks before each row would be for all
    INSERT INTO redemption (project_id, redemption_id, code_id, pool_id, contact_id, order_id, amount, point, is_single,
                            origin, redeemed_at)
    SELECT p_project, u.i, u.c, u.p, u.o, u.r, u.a, u.t, true, 'here', u.at
      FROM unnest(ids, codes, pools, contacts, orders, amounts, points, ats) u(i, c, p, o, r, a, t, at);
    INSERT INTO stock_count (project_id, pool_id, redeemed)
    SELECT p_project, u.p, count(*) FROM unnest(pools) u(p) GROUP BY u.p;
    RETURN QUERY SELECT * FROM unnest(ns, ids, pools, keys, discounts);
END $$;
ALTER FUNCTION use_issued SET enable_seqscan = off;
ALTER FUNCTION use_issued SET enable_hashjoin = off;
ALTER FUNCTION use_issued SET enable_mergejoin = off;
ALTER FUNCTION use_issued SET enable_bitmapscan = off;
ALTER FUNCTION use_issued SET join_collapse_limit = 1;
ALTER FUNCTION use_issued SET jit = off;
ALTER FUNCTION use_issued SET plan_cache_mode = force_generic_plan;
