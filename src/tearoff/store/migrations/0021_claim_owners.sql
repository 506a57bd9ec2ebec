-- Says whose the codes of runs are that claimed before their contact was known, as when only the message names an address.
-- Key by key and in the order of the keys, for the reasons given in 0003_lines.sql.
CREATE FUNCTION own_claims(p_project bigint, p_keys text[], p_contacts bigint[]) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    one record; changed integer; owned integer := 0;
BEGIN
    FOR one IN SELECT u.k, u.c FROM unnest(p_keys, p_contacts) u(k, c) ORDER BY u.k LOOP
        UPDATE claim c SET contact_id = one.c
         WHERE c.project_id = p_project AND c.scope = 'run' AND c.key = one.k AND c.contact_id IS NULL
           AND coalesce(c.returned_at, c.revoked_at) IS NULL;
        GET DIAGNOSTICS changed = ROW_COUNT;
        owned := owned + changed;
    END LOOP;
    RETURN owned;
END $$;
ALTER FUNCTION own_claims SET enable_seqscan = off;
ALTER FUNCTION own_claims SET enable_bitmapscan = off;
ALTER FUNCTION own_claims SET jit = off;
ALTER FUNCTION own_claims SET plan_cache_mode = force_generic_plan;
