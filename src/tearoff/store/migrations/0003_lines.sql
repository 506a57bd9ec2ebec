-- The line of a lot: taking codes moves its head and touches no code; the rare acts touch one code row each.
-- Each statement reads or writes one table with project_id = parameter, so the same functions run on Citus by project_id.

-- Gives the codes of the claims under p_keys (with p_requests, p_parts, p_contacts, p_runs beside them; one request may
-- stand for all, null for parts of 0, no contacts, no runs): known keys get what they have, also when returned or revoked; fresh keys
-- take the next codes of the pool that fit, soonest expiry first, then upload order. Fresh keys past the stock get no row,
-- nor do those of a pool that hands out nothing now. p_use_from and p_use_until narrow the windows of the codes for their
-- new owners. The caller compares `request` to tell a repeat from another request.
CREATE FUNCTION claim_codes(
    p_project bigint, p_pool bigint, p_discount integer, p_until timestamptz, p_now timestamptz,
    p_scope text, p_keys text[], p_requests text[], p_parts smallint[], p_contacts bigint[], p_runs bigint[],
    p_field bigint, p_hold_until timestamptz, p_is_issued boolean, p_is_exposed boolean,
    p_use_from timestamptz DEFAULT NULL, p_use_until timestamptz DEFAULT NULL, p_workflow bigint DEFAULT NULL)
RETURNS TABLE (key text, part smallint, code_id bigint, value text, expires_at timestamptz, discount integer,
               request text, returned_at timestamptz, is_fresh boolean, use_from timestamptz)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    known text[]; fresh text[]; requests text[]; parts smallint[]; contacts bigint[]; runs bigint[];
    need integer; got integer; i integer; at integer; want integer;
    lots bigint[]; heads bigint[]; rooms bigint[]; ends timestamptz[]; discounts integer[]; starts timestamptz[];
    takes integer[]; lasts bigint[];
    ids bigint[]; vals text[]; places bigint[]; line_ends timestamptz[]; line_discounts integer[]; line_starts timestamptz[];
    all_ids bigint[] := '{}'; all_vals text[] := '{}'; all_ends timestamptz[] := '{}'; all_discounts integer[] := '{}';
    all_starts timestamptz[] := '{}';
BEGIN
    PERFORM FROM pool_gate WHERE project_id = p_project AND pool_id = p_pool FOR UPDATE;
    IF NOT FOUND THEN RAISE EXCEPTION 'no pool %', p_pool USING ERRCODE = 'P0002'; END IF;
    -- a scalar subquery a key: `= ANY` turns into a filter over the whole project while claim has no statistics
    SELECT array_agg(DISTINCT u.k) INTO known FROM unnest(p_keys) u(k)
     WHERE (SELECT true FROM claim c WHERE c.project_id = p_project AND c.scope = p_scope AND c.key = u.k LIMIT 1);
    IF known IS NULL THEN
        fresh := p_keys; parts := p_parts; contacts := p_contacts; runs := p_runs; requests := p_requests;
    ELSE
        SELECT array_agg(u.k ORDER BY u.o), array_agg(u.p ORDER BY u.o), array_agg(u.c ORDER BY u.o),
               array_agg(u.r ORDER BY u.o), array_agg(u.q ORDER BY u.o)
          INTO fresh, parts, contacts, runs, requests
          FROM unnest(p_keys, p_parts, p_contacts, p_runs, p_requests) WITH ORDINALITY u(k, p, c, r, q, o)
         WHERE NOT u.k = ANY (known);
    END IF;
    need := coalesce(cardinality(fresh), 0);
    PERFORM FROM pool WHERE project_id = p_project AND pool_id = p_pool AND state = 'launched' AND code_type <> 'multi'
        AND (issue_from IS NULL OR issue_from <= p_now) AND (issue_until IS NULL OR issue_until > p_now);
    IF NOT FOUND THEN need := 0; END IF;

    WHILE need > 0 LOOP
        IF p_discount IS NULL THEN
            SELECT array_agg(q.lot_id), array_agg(q.head), array_agg(q.waiting), array_agg(q.expires_at), array_agg(q.discount),
                   array_agg(q.use_from)
              INTO lots, heads, rooms, ends, discounts, starts
              FROM (SELECT l.lot_id, l.head, l.waiting, l.expires_at, l.discount, l.use_from FROM lot l
                     WHERE l.project_id = p_project AND l.pool_id = p_pool AND l.is_open
                       AND l.expires_at >= p_until AND l.expires_at > p_now AND l.issue_from <= p_now AND l.issue_until > p_now
                       AND (p_use_until IS NULL OR l.use_from < p_use_until)
                     ORDER BY l.expires_at, l.lot_id LIMIT least(need, 64)) q;
        ELSE
            SELECT array_agg(q.lot_id), array_agg(q.head), array_agg(q.waiting), array_agg(q.expires_at), array_agg(q.discount),
                   array_agg(q.use_from)
              INTO lots, heads, rooms, ends, discounts, starts
              FROM (SELECT l.lot_id, l.head, l.waiting, l.expires_at, l.discount, l.use_from FROM lot l
                     WHERE l.project_id = p_project AND l.pool_id = p_pool AND l.discount = p_discount AND l.is_open
                       AND l.expires_at >= p_until AND l.expires_at > p_now AND l.issue_from <= p_now AND l.issue_until > p_now
                       AND (p_use_until IS NULL OR l.use_from < p_use_until)
                     ORDER BY l.expires_at, l.lot_id LIMIT least(need, 64)) q;
        END IF;
        EXIT WHEN lots IS NULL;
        takes := '{}'; got := 0;
        FOR i IN 1 .. cardinality(lots) LOOP
            want := least(need - got, rooms[i]);
            EXIT WHEN want = 0;
            takes := takes || want;
            got := got + want;
        END LOOP;
        lots := lots[1 : cardinality(takes)];
        SELECT array_agg(q.code_id), array_agg(q.value), array_agg(q.place), array_agg(q.e), array_agg(q.d),
               array_agg(q.s)
          INTO ids, vals, places, line_ends, line_discounts, line_starts
          FROM (SELECT c.code_id, c.value, c.place, u.e, u.d, u.s
                  FROM unnest(lots, heads[1 : cardinality(takes)], takes, ends[1 : cardinality(takes)],
                              discounts[1 : cardinality(takes)], starts[1 : cardinality(takes)])
                       WITH ORDINALITY u(lot_id, head, take, e, d, s, o),
                       LATERAL (SELECT k.code_id, k.value, k.place FROM code k
                                 WHERE k.project_id = p_project AND k.lot_id = u.lot_id AND k.place >= u.head
                                 ORDER BY k.place LIMIT u.take) c
                 ORDER BY u.o, c.place) q;
        IF coalesce(cardinality(ids), 0) <> got THEN
            RAISE EXCEPTION 'pool %: % codes wait in the lines, % were found', p_pool, got, coalesce(cardinality(ids), 0)
                USING ERRCODE = 'XX001';
        END IF;
        lasts := '{}'; at := 0;
        FOR i IN 1 .. cardinality(takes) LOOP
            at := at + takes[i];
            lasts := lasts || places[at];
        END LOOP;
        UPDATE lot l SET head = u.last + 1, waiting = l.waiting - u.take, is_open = l.waiting > u.take,
               claimed = l.claimed + u.take, issued = l.issued + CASE WHEN p_is_issued THEN u.take ELSE 0 END
          FROM unnest(lots, heads[1 : cardinality(takes)], takes, lasts) u(lot_id, head, take, last)
         WHERE l.project_id = p_project AND l.lot_id = u.lot_id AND l.head = u.head;
        GET DIAGNOSTICS i = ROW_COUNT;
        IF i <> cardinality(takes) THEN RAISE EXCEPTION 'the line moved on' USING ERRCODE = '40001'; END IF;
        all_ids := all_ids || ids;
        all_vals := all_vals || vals;
        all_ends := all_ends || line_ends;
        all_discounts := all_discounts || line_discounts;
        all_starts := all_starts || line_starts;
        need := need - got;
    END LOOP;

    got := cardinality(all_ids);
    IF got > 0 THEN
        INSERT INTO claim (project_id, scope, key, part, pool_id, code_id, contact_id, run_id, request, field_id,
                           reserved_at, hold_until, issued_at, exposed_at, use_from, use_until, workflow_id)
        SELECT p_project, p_scope, u.k, coalesce(u.p, 0), p_pool, u.i, u.c, u.r, coalesce(u.q, p_requests[1]), p_field, p_now,
               p_hold_until,
               CASE WHEN p_is_issued THEN p_now END, CASE WHEN p_is_exposed THEN p_now END, p_use_from, p_use_until, p_workflow
          FROM unnest(fresh[1 : got], parts[1 : got], all_ids, contacts[1 : got], runs[1 : got], requests[1 : got])
               u(k, p, i, c, r, q);
        RETURN QUERY SELECT u.k, coalesce(u.p, 0::smallint), u.i, u.v, least(u.e, p_use_until), u.d,
                            coalesce(u.q, p_requests[1]), NULL::timestamptz, true, greatest(u.s, p_use_from)
          FROM unnest(fresh[1 : got], parts[1 : got], all_ids, all_vals, all_ends, all_discounts, requests[1 : got], all_starts)
               u(k, p, i, v, e, d, q, s);
    END IF;
    IF known IS NOT NULL THEN
        RETURN QUERY
        SELECT c.key, c.part, c.code_id, k.value, least(coalesce(k.expires_at, l.expires_at), c.use_until), l.discount,
               c.request, coalesce(c.returned_at, c.revoked_at), false, greatest(l.use_from, c.use_from)
          FROM unnest(known) u(k),
               LATERAL (SELECT m.key, m.part, m.code_id, m.request, m.returned_at, m.revoked_at, m.use_from, m.use_until
                          FROM claim m
                         WHERE m.project_id = p_project AND m.scope = p_scope AND m.key = u.k OFFSET 0) c
          JOIN code k ON k.project_id = p_project AND k.code_id = c.code_id
          JOIN lot l ON l.project_id = k.project_id AND l.lot_id = k.lot_id;
    END IF;
END $$;
-- plpgsql keeps the plan it made while the tables were empty; these make that plan the right one for ever, and the last
-- one keeps it from planning statements anew in every call, which took a third of a small call's time
ALTER FUNCTION claim_codes SET enable_seqscan = off;
ALTER FUNCTION claim_codes SET enable_hashjoin = off;
ALTER FUNCTION claim_codes SET enable_mergejoin = off;
ALTER FUNCTION claim_codes SET jit = off;
-- lots come in the order of lot_pick: read by any other index, all lots of the pool would be sorted for each claim
ALTER FUNCTION claim_codes SET enable_sort = off;
ALTER FUNCTION claim_codes SET plan_cache_mode = force_generic_plan;

-- Puts codes at the end of their lots' lines, in the order given. The caller holds the gate and knows that they are in no line.
CREATE FUNCTION join_line(p_project bigint, p_codes bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE code k SET place = q.tail + q.n - 1
      FROM (SELECT c.code_id, l.tail, row_number() OVER (PARTITION BY c.lot_id ORDER BY u.o) AS n
              FROM unnest(p_codes) WITH ORDINALITY u(code_id, o)
              JOIN code c ON c.project_id = p_project AND c.code_id = u.code_id
              JOIN lot l ON l.project_id = p_project AND l.lot_id = c.lot_id) q
     WHERE k.project_id = p_project AND k.code_id = q.code_id;
    UPDATE lot l SET tail = l.tail + q.n, waiting = l.waiting + q.n, is_open = true
      FROM (SELECT lot_id, count(*) AS n FROM code WHERE project_id = p_project AND code_id = ANY (p_codes) GROUP BY lot_id) q
     WHERE l.project_id = p_project AND l.lot_id = q.lot_id;
END $$;

-- Takes free codes out of their lines and gives those that really stood there. The caller holds the gate.
CREATE FUNCTION leave_line(p_project bigint, p_codes bigint[]) RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE
    gone bigint[];
BEGIN
    SELECT array_agg(k.code_id) INTO gone
      FROM code k JOIN lot l ON l.project_id = k.project_id AND l.lot_id = k.lot_id
     WHERE k.project_id = p_project AND k.code_id = ANY (p_codes) AND k.place >= l.head;
    UPDATE lot l SET waiting = l.waiting - q.n, is_open = l.waiting > q.n
      FROM (SELECT lot_id, count(*) AS n FROM code WHERE project_id = p_project AND code_id = ANY (gone) GROUP BY lot_id) q
     WHERE l.project_id = p_project AND l.lot_id = q.lot_id;
    UPDATE code SET place = NULL WHERE project_id = p_project AND code_id = ANY (gone);
    RETURN coalesce(gone, '{}');
END $$;

-- Returns reserved claims whose code was never exposed (p_is_forced: exposed ones too, as when a hold ends) and puts the
-- codes back in line. A code whose dates were overridden meanwhile joins a lot of its own with those dates.
CREATE FUNCTION return_claims(
    p_project bigint, p_pool bigint, p_scope text, p_keys text[], p_now timestamptz, p_reason text, p_is_forced boolean)
RETURNS TABLE (key text, part smallint, code_id bigint) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    one text; gone record; codes bigint[]; keys text[]; parts smallint[]; moved record; fresh bigint;
BEGIN
    PERFORM FROM pool_gate WHERE project_id = p_project AND pool_id = p_pool FOR UPDATE;
    FOR one IN SELECT DISTINCT u.k FROM unnest(p_keys) u(k) ORDER BY u.k LOOP
        FOR gone IN UPDATE claim c SET returned_at = p_now, reason = p_reason
                     WHERE c.project_id = p_project AND c.scope = p_scope AND c.key = one AND c.pool_id = p_pool
                       AND coalesce(c.returned_at, c.issued_at) IS NULL AND (p_is_forced OR c.exposed_at IS NULL)
                    RETURNING c.code_id, c.key, c.part LOOP
            codes := codes || gone.code_id;
            keys := keys || gone.key;
            parts := parts || gone.part;
        END LOOP;
    END LOOP;
    IF codes IS NULL THEN RETURN; END IF;
    INSERT INTO stock_count (project_id, pool_id, claimed) VALUES (p_project, p_pool, -cardinality(codes));
    FOR moved IN SELECT k.code_id, k.lot_id, k.expires_at FROM code k
                  WHERE k.project_id = p_project AND k.code_id = ANY (codes) AND k.expires_at IS NOT NULL LOOP
        INSERT INTO lot (project_id, pool_id, task_id, discount, issue_from, issue_until, use_from, expires_at)
        SELECT project_id, pool_id, task_id, discount, issue_from, issue_until, use_from, moved.expires_at
          FROM lot WHERE project_id = p_project AND lot_id = moved.lot_id RETURNING lot_id INTO fresh;
        UPDATE code SET lot_id = fresh, place = NULL, expires_at = NULL WHERE project_id = p_project AND code_id = moved.code_id;
    END LOOP;
    PERFORM join_line(p_project, codes);
    RETURN QUERY SELECT u.k, u.p, u.c FROM unnest(keys, parts, codes) u(k, p, c);
END $$;
ALTER FUNCTION return_claims SET enable_seqscan = off;
ALTER FUNCTION return_claims SET enable_hashjoin = off;
ALTER FUNCTION return_claims SET enable_mergejoin = off;
ALTER FUNCTION return_claims SET jit = off;

-- Who changes a set of claims first locks them key by key and in the order of the keys: so no two wait for each other, and
-- each look-up is one descent of the primary key. `key = ANY` and joins read the whole project while claim has no statistics,
-- and `returned_at IS NULL` by itself lets a plan made while claim was small read the whole index claim_owner. Then it
-- changes them by their addresses, which nobody else can move meanwhile.
CREATE FUNCTION mark_issued(p_project bigint, p_scope text, p_keys text[], p_now timestamptz, p_reason text)
RETURNS TABLE (key text, part smallint, contact_id bigint, field_id bigint, code_id bigint) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    locked tid[]; pools bigint[];
BEGIN
    SELECT array_agg(l.at), array_agg(l.pool_id) INTO locked, pools
      FROM (SELECT DISTINCT k FROM unnest(p_keys) k ORDER BY k) u,
           LATERAL (SELECT c.ctid AS at, c.pool_id FROM claim c
                     WHERE c.project_id = p_project AND c.scope = p_scope AND c.key = u.k
                       AND coalesce(c.issued_at, c.returned_at) IS NULL FOR UPDATE) l;
    IF locked IS NULL THEN RETURN; END IF;
    RETURN QUERY UPDATE claim c SET issued_at = p_now, hold_until = NULL, reason = coalesce(p_reason, c.reason)
                  WHERE c.ctid = ANY (locked) AND c.project_id = p_project
                 RETURNING c.key, c.part, c.contact_id, c.field_id, c.code_id;
    INSERT INTO stock_count (project_id, pool_id, issued)
    SELECT p_project, u.p, count(*) FROM unnest(pools) u(p) GROUP BY u.p;
END $$;
ALTER FUNCTION mark_issued SET enable_seqscan = off;
ALTER FUNCTION mark_issued SET enable_bitmapscan = off;
ALTER FUNCTION mark_issued SET enable_hashjoin = off;
ALTER FUNCTION mark_issued SET enable_mergejoin = off;
ALTER FUNCTION mark_issued SET jit = off;
ALTER FUNCTION mark_issued SET plan_cache_mode = force_generic_plan;

CREATE FUNCTION mark_exposed(p_project bigint, p_scope text, p_keys text[], p_now timestamptz)
RETURNS SETOF bigint LANGUAGE plpgsql AS $$
DECLARE
    locked tid[];
BEGIN
    SELECT array_agg(l.at) INTO locked
      FROM (SELECT DISTINCT k FROM unnest(p_keys) k ORDER BY k) u,
           LATERAL (SELECT c.ctid AS at FROM claim c
                     WHERE c.project_id = p_project AND c.scope = p_scope AND c.key = u.k
                       AND coalesce(c.exposed_at, c.returned_at) IS NULL FOR UPDATE) l;
    RETURN QUERY UPDATE claim c SET exposed_at = p_now
                  WHERE c.ctid = ANY (locked) AND c.project_id = p_project
                 RETURNING c.code_id;
END $$;
ALTER FUNCTION mark_exposed SET enable_seqscan = off;
ALTER FUNCTION mark_exposed SET enable_bitmapscan = off;
ALTER FUNCTION mark_exposed SET enable_hashjoin = off;
ALTER FUNCTION mark_exposed SET enable_mergejoin = off;
ALTER FUNCTION mark_exposed SET jit = off;
ALTER FUNCTION mark_exposed SET plan_cache_mode = force_generic_plan;
