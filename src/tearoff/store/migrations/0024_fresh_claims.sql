-- Claims of keys that were not seen before, which nearly all are: four statements, and one row as the answer.
-- Each statement writes one table with project_id = parameter, and reads none of another project, as those of 0003_lines.sql.

-- Gives fresh keys the next codes of the pool that fit, soonest expiry first, then upload order: the n-th code is that of the
-- n-th key, and keys past the stock have none. Where all codes come from one lot, its dates and its discount stand there
-- once, for all. No row: some key is known already, nothing was taken, and claim_codes is to be asked, which has the
-- same parameters. The primary key of claim finds known keys while rows are written, so they are looked for
-- only where the stock falls short; and a code that has an owner raises unique_violation. A lot is moved on by the address of
-- the version that the walk found, not by its id, which would pass all versions that a snapshot keeps.
CREATE FUNCTION claim_fresh(
    p_project bigint, p_pool bigint, p_discount integer, p_until timestamptz, p_now timestamptz,
    p_scope text, p_keys text[], p_requests text[], p_parts smallint[], p_contacts bigint[], p_runs bigint[],
    p_field bigint, p_hold_until timestamptz, p_is_issued boolean, p_is_exposed boolean,
    p_use_from timestamptz, p_use_until timestamptz, p_workflow bigint)
RETURNS TABLE (ids bigint[], vals text[], ends timestamptz[], discounts integer[], starts timestamptz[])
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    need integer := cardinality(p_keys); got integer; take integer; done integer := 0;
    places bigint[]; lots bigint[]; heads bigint[]; versions tid[]; rooms bigint[]; broken text;
BEGIN
    PERFORM FROM pool_gate WHERE project_id = p_project AND pool_id = p_pool FOR UPDATE;
    IF NOT FOUND THEN RAISE EXCEPTION 'no pool %', p_pool USING ERRCODE = 'P0002'; END IF;
    -- nested loops walk from lot to lot in the order of lot_pick, and stop where the last key has its code
    IF p_discount IS NULL THEN
        SELECT array_agg(q.code_id), array_agg(q.value), array_agg(q.place), array_agg(q.lot_id), array_agg(q.head),
               array_agg(q.version), array_agg(q.waiting), array_agg(q.e), array_agg(q.discount), array_agg(q.s)
          INTO ids, vals, places, lots, heads, versions, rooms, ends, discounts, starts
          FROM (SELECT k.code_id, k.value, k.place, l.lot_id, l.head, l.version, l.waiting, l.discount,
                       nullif(least(l.expires_at, p_use_until), 'infinity') AS e,
                       nullif(greatest(l.use_from, p_use_from), '-infinity') AS s
                  FROM (SELECT 1 FROM pool x
                         WHERE x.project_id = p_project AND x.pool_id = p_pool AND x.state = 'launched'
                           AND x.code_type <> 'multi' AND (x.issue_from IS NULL OR x.issue_from <= p_now)
                           AND (x.issue_until IS NULL OR x.issue_until > p_now) LIMIT 1) p,
                       LATERAL (SELECT x.lot_id, x.head, x.ctid AS version, x.waiting, x.expires_at, x.discount, x.use_from
                                  FROM lot x
                                 WHERE x.project_id = p_project AND x.pool_id = p_pool AND x.is_open
                                   AND x.expires_at >= p_until AND x.expires_at > p_now AND x.issue_from <= p_now
                                   AND x.issue_until > p_now AND (p_use_until IS NULL OR x.use_from < p_use_until)
                                 ORDER BY x.expires_at, x.lot_id LIMIT need) l,
                       LATERAL (SELECT x.code_id, x.value, x.place FROM code x
                                 WHERE x.project_id = p_project AND x.lot_id = l.lot_id AND x.place >= l.head
                                 ORDER BY x.place LIMIT l.waiting) k
                 LIMIT need) q;
    ELSE
        SELECT array_agg(q.code_id), array_agg(q.value), array_agg(q.place), array_agg(q.lot_id), array_agg(q.head),
               array_agg(q.version), array_agg(q.waiting), array_agg(q.e), array_agg(q.discount), array_agg(q.s)
          INTO ids, vals, places, lots, heads, versions, rooms, ends, discounts, starts
          FROM (SELECT k.code_id, k.value, k.place, l.lot_id, l.head, l.version, l.waiting, l.discount,
                       nullif(least(l.expires_at, p_use_until), 'infinity') AS e,
                       nullif(greatest(l.use_from, p_use_from), '-infinity') AS s
                  FROM (SELECT 1 FROM pool x
                         WHERE x.project_id = p_project AND x.pool_id = p_pool AND x.state = 'launched'
                           AND x.code_type <> 'multi' AND (x.issue_from IS NULL OR x.issue_from <= p_now)
                           AND (x.issue_until IS NULL OR x.issue_until > p_now) LIMIT 1) p,
                       LATERAL (SELECT x.lot_id, x.head, x.ctid AS version, x.waiting, x.expires_at, x.discount, x.use_from
                                  FROM lot x
                                 WHERE x.project_id = p_project AND x.pool_id = p_pool AND x.discount = p_discount AND x.is_open
                                   AND x.expires_at >= p_until AND x.expires_at > p_now AND x.issue_from <= p_now
                                   AND x.issue_until > p_now AND (p_use_until IS NULL OR x.use_from < p_use_until)
                                 ORDER BY x.expires_at, x.lot_id LIMIT need) l,
                       LATERAL (SELECT x.code_id, x.value, x.place FROM code x
                                 WHERE x.project_id = p_project AND x.lot_id = l.lot_id AND x.place >= l.head
                                 ORDER BY x.place LIMIT l.waiting) k
                 LIMIT need) q;
    END IF;
    got := coalesce(cardinality(ids), 0);
    IF got < need THEN
        -- a scalar subquery a key: `= ANY` turns into a filter over the whole project while claim has no statistics
        PERFORM FROM unnest(p_keys) u(k)
          WHERE (SELECT true FROM claim c WHERE c.project_id = p_project AND c.scope = p_scope AND c.key = u.k LIMIT 1);
        IF FOUND THEN RETURN; END IF;
    END IF;
    IF got = 0 THEN
        ids := '{}'; vals := '{}'; ends := '{}'; discounts := '{}'; starts := '{}';
        RETURN NEXT;
        RETURN;
    END IF;

    IF lots[1] = lots[got] THEN ends := ends[1:1]; discounts := discounts[1:1]; starts := starts[1:1]; END IF;

    BEGIN
        FOR i IN CASE WHEN lots[1] = lots[got] THEN got ELSE 1 END .. got LOOP
            CONTINUE WHEN i < got AND lots[i + 1] = lots[i];
            take := i - done;
            IF take < rooms[i] AND (i < got OR got < need) THEN
                RAISE EXCEPTION 'lot %: % codes wait in the line, % were found', lots[i], rooms[i], take USING ERRCODE = 'XX001';
            END IF;
            UPDATE lot l SET head = places[i] + 1, waiting = l.waiting - take, is_open = l.waiting > take,
                   claimed = l.claimed + take, issued = l.issued + CASE WHEN p_is_issued THEN take ELSE 0 END
             WHERE l.ctid = versions[i] AND l.project_id = p_project AND l.lot_id = lots[i] AND l.head = heads[i];
            IF NOT FOUND THEN RAISE EXCEPTION 'the line moved on' USING ERRCODE = '40001'; END IF;
            done := i;
        END LOOP;
        INSERT INTO claim (project_id, scope, key, part, pool_id, code_id, contact_id, run_id, request, field_id,
                           reserved_at, hold_until, issued_at, exposed_at, use_from, use_until, workflow_id)
        SELECT p_project, p_scope, u.k, coalesce(u.p, 0), p_pool, u.i, u.c, u.r, coalesce(u.q, p_requests[1]), p_field, p_now,
               p_hold_until,
               CASE WHEN p_is_issued THEN p_now END, CASE WHEN p_is_exposed THEN p_now END, p_use_from, p_use_until, p_workflow
          FROM unnest(p_keys, p_parts, ids, p_contacts, p_runs, p_requests) u(k, p, i, c, r, q)
         WHERE u.i IS NOT NULL;
    EXCEPTION WHEN unique_violation THEN
        GET STACKED DIAGNOSTICS broken = CONSTRAINT_NAME;
        IF left(broken, 10) <> 'claim_pkey' THEN RAISE; END IF;
        RETURN;
    END;
    RETURN NEXT;
END $$;
-- for the reasons given in 0003_lines.sql; and the walk must neither sort nor read ahead
ALTER FUNCTION claim_fresh SET enable_seqscan = off;
ALTER FUNCTION claim_fresh SET enable_hashjoin = off;
ALTER FUNCTION claim_fresh SET enable_mergejoin = off;
ALTER FUNCTION claim_fresh SET jit = off;
ALTER FUNCTION claim_fresh SET enable_sort = off;
ALTER FUNCTION claim_fresh SET plan_cache_mode = force_generic_plan;
